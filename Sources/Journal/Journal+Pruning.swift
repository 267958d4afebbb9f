public import FoundationEssentials

extension Journal {
    /// Removes the records of filings that were committed before `date` and that all of `routes` have passed, and the dead
    /// letters that were settled before.
    ///
    /// Filings, findings, events, receipts and the state of scopes stay, so that a filing is recognised and shown as before.
    /// Stops at the first filing, in order of positions, that must be kept, and between two steps when the task is
    /// cancelled. What is open or under way keeps all records from its position on: dead letters, and what is sent again to
    /// a route. The room of big filings is given back to the file system, that of others is used again. A filing that was
    /// committed later than `time`, by a clock that was ahead, counts as committed when the next one was that was not.
    ///
    /// - Parameters:
    ///   - date: Only filings committed before.
    ///   - routes: The routes that still need records. One that was never opened keeps everything.
    ///   - time: When this is.
    public func prune(
        olderThan date: Date, deliveredTo routes: [String], at time: Date
    ) async throws(JournalError) -> PruneReport {
        var report = PruneReport()
        while !Task.isCancelled {
            recent.clear()
            let step = try await write {
                try Pruning(database: $0).step(olderThan: date, deliveredTo: routes, at: time)
            }
            report.filings += step.report.filings
            report.bytes += step.report.bytes
            report.deadLetters += step.report.deadLetters
            report.hold = step.report.hold
            // Behind the commit: a file that outlives its rows is found at the next start, rows without their file are damage.
            for segment in step.segments { _ = try? segments.remove(.chunks(segment)) }
            if step.isDone { break }
        }
        return report
    }

    /// Records of filings that were committed before `date` and are needed by somebody; nil when all of them may leave.
    ///
    /// - Parameters:
    ///   - date: Only filings committed before.
    ///   - routes: The routes that still need records. One that was never opened keeps everything.
    ///   - time: When this is.
    public func heldRecords(
        olderThan date: Date, deliveredTo routes: [String], at time: Date
    ) async throws(JournalError) -> HeldRecords? {
        try await read { try Pruning(database: $0).held(olderThan: date, deliveredTo: routes, at: time) }
    }

    /// Whether originals are needed no more, one answer for each.
    ///
    /// So it is when all filings that an original can be were committed before `date` and have their receipts, when all of
    /// `routes` have passed their records, and when no dead letter is open before or among them. One that the journal does
    /// not know is needed, and so is one in the archive of a filing that is rejected now.
    ///
    /// - Parameters:
    ///   - originals: Ten to a few thousand; they are asked for in one go.
    ///   - date: Only filings committed before.
    ///   - routes: The routes that their records are for. One that was never opened keeps everything.
    public func areDispensable(
        _ originals: [KeptOriginal], committedBefore date: Date, deliveredTo routes: [String]
    ) async throws(JournalError) -> [Bool] {
        try await read {
            try Pruning(database: $0).areDispensable(originals, committedBefore: date, deliveredTo: routes)
        }
    }
}
