public import FoundationEssentials

extension Journal {
    /// Commits filings, all together or not at all.
    ///
    /// Each filing is decided in order: the claim that was committed before is `repeated`; the same bytes from the same
    /// source, accepted before, are a `duplicate` (the arrival is noted, and a receipt is due); a filing that was rejected
    /// before is replaced, with one more attempt; a snapshot that deletes too much is `held`; a staging whose scope has changed
    /// is `overtaken`. Everything else is journaled, with positions that follow on the last ones without a gap.
    ///
    /// Filings of one scope must be committed in the order in which they arrived: the state that they are compared with is
    /// what the last commit left.
    ///
    /// - Parameters:
    ///   - filings: The group. Ten to a few hundred small filings make good use of one flush to the disk.
    ///   - time: When this is.
    /// - Returns: One outcome per filing, in order.
    /// - Throws: ``JournalError``; nothing of the group was written. `full` and `busy` say that a retry helps.
    @discardableResult
    public func commit(_ filings: [JournaledFiling], at time: Date) async throws(JournalError) -> [CommitOutcome] {
        var isBig = false
        for case .staged(let staging) in filings.filter({ $0.outcome != .rejected }).flatMap(\.parts).map(\.records) {
            isBig = true
            try await shelf[staging.batch]?.seal()
        }
        let (place, shelf, segments, epoch) = (path, shelf, segments, epoch)
        // Whoever waits for records need not wait for the committer to go on.
        let tell = { @Sendable [recent, gate] (done: (outcomes: [CommitOutcome], result: CommitTransaction.Result)) in
            recent.add(done.result.chunks)
            gate.advance(to: done.result.lastPosition)
        }
        let (outcomes, result) = try await write(isBig: isBig, tell: tell) { database in
            try EpochStore(database: database).begin(epoch)
            var transaction = try CommitTransaction(
                database: database, place: place, shelf: shelf, segments: segments, filings: filings, at: time)
            return (outcomes: try transaction.commit(), result: try transaction.finish())
        }
        // Whatever became of them, their stagings have ended.
        for case .staged(let staging) in filings.flatMap(\.parts).map(\.records) { shelf[staging.batch] = nil }
        // One that cannot be removed is removed at the next start.
        for name in result.unused { _ = try? segments.remove(name) }
        return outcomes
    }

    /// Decides arrivals of bytes that the journal knows already, so that they need not be converted: the claim that was
    /// committed before is `repeated`, bytes that were accepted before are a `duplicate`, exactly as a commit would say. The
    /// arrival of a duplicate is noted, and a receipt is due.
    ///
    /// - Returns: One outcome per arrival, in order; `nil` for bytes that must be converted and committed, because they
    ///   are new or were rejected.
    public func recognise(_ arrivals: [Arrival], at time: Date) async throws(JournalError) -> [CommitOutcome?] {
        // Most arrivals are new: they do not wait for the writer.
        let areNew = try await read { database in
            try arrivals.allSatisfy { try FilingStore(database: database).number(of: $0.identity) == nil }
        }
        guard !areNew else { return arrivals.map { _ in nil } }
        let (place, shelf, segments) = (path, shelf, segments)
        return try await write { database in
            var transaction = try CommitTransaction(
                database: database, place: place, shelf: shelf, segments: segments, at: time)
            let outcomes = try arrivals.map { try transaction.recognise($0) }
            _ = try transaction.finish()
            return outcomes
        }
    }

    /// Lets the snapshot of this filing through once, however much it deletes.
    ///
    /// The approval is used up by the commit it helps. The filing need not be in the journal (a held one is not, unless it
    /// was committed as rejected).
    public func approve(_ identity: FilingIdentity, at time: Date) async throws(JournalError) {
        try await write { try Approvals(database: $0).add(identity, at: time) }
    }
}
