import FoundationEssentials
import GRDB

/// Receipts that arrivals are answered with.
struct ReceiptStore {
    let database: Database

    func due(limit: Int) throws -> [ReceiptDue] {
        let filings = FilingStore(database: database)
        return try database.rows(
            """
            SELECT number, filing, name, received_at, claim, event FROM arrival
            WHERE receipt_at IS NULL ORDER BY number LIMIT ?
            """,
            [limit]
        ).map { row in
            guard let filing = try filings.find(number: row[1]) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            return ReceiptDue(
                number: ReceiptNumber(rawValue: row[0]), filing: filing, name: [UInt8](row[2] as Data),
                receivedAt: Date(microseconds: row[3]), claim: row[4],
                isDuplicate: row[5] as String == FilingEventKind.duplicate.rawValue)
        }
    }

    func mark(_ receipts: [ReceiptNumber], at time: Date) throws {
        for receipt in receipts {
            try database.run(
                "UPDATE arrival SET receipt_at = ? WHERE number = ? AND receipt_at IS NULL",
                [time.microseconds, receipt.rawValue])
        }
    }
}
