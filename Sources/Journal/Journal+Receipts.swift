public import FoundationEssentials

extension Journal {
    /// Receipts that have to be written, oldest arrival first.
    ///
    /// Every journaled, rejected or duplicate arrival needs one. Usually the gateway writes it straight from the outcome of the
    /// commit; after a crash, this list says which are missing.
    public func receiptsDue(limit: Int) async throws(JournalError) -> [ReceiptDue] {
        try await read { try ReceiptStore(database: $0).due(limit: limit) }
    }

    /// Notes that receipts are in place. Marking one twice keeps the first time.
    ///
    /// Many at once cost little. After the death of the machine (not of the process) the newest marks can be missing; write
    /// those receipts again, under the same names and with the same bytes.
    public func markReceiptsWritten(_ receipts: [ReceiptNumber], at time: Date) async throws(JournalError) {
        try await write(.rebuildable) { try ReceiptStore(database: $0).mark(receipts, at: time) }
    }
}
