public import FoundationEssentials

extension Journal {
    /// Begins to take in a big filing.
    ///
    /// - Parameters:
    ///   - identity: The filing, hashed beforehand.
    ///   - delivery: What the filing means. The commit must say the same.
    ///   - time: When this is.
    /// - Throws: ``JournalError``; `misuse` unless the journal was opened by its owner.
    public func beginStaging(
        _ identity: FilingIdentity, delivery: Delivery, at time: Date
    ) async throws(JournalError) -> Staging {
        guard access == .owner else { throw .misuse(path, "only the owner of the journal can stage filings") }
        return try await write(.rebuildable) {
            try StagingStore(database: $0).begin(identity, delivery: delivery, at: time)
        }
    }

    /// Stores records of a big filing, invisibly. A few MiB at a time make good use of a transaction.
    ///
    /// For upsert and snapshot, records whose content is unchanged are dropped here and now.
    ///
    /// - Throws: ``JournalError``; then nothing of these chunks was stored, and they can be appended again. `misuse` when the
    ///   bytes are not `count` delimited records, keys are missing, or the staging has ended.
    public func append(_ chunks: [RecordChunk], to staging: Staging) async throws(JournalError) {
        let (place, shelf) = (path, shelf)
        // What is staged is lost with the process anyway; the commit makes it durable together with itself.
        try await write(.rebuildable) {
            try StagingStore(database: $0, place: place).append(chunks, to: staging, shelf: shelf)
        }
    }

    /// Ends a staging without a commit and removes what it holds. Ending it twice is no error.
    public func discard(_ staging: Staging) async throws(JournalError) {
        try await write(.rebuildable) { try StagingStore(database: $0).abandon(staging.batch) }
        shelf[staging.batch] = nil
        try await removeAbandonedStagings()
    }

    /// Goes on removing abandoned stagings, in small steps that leave room for other writers.
    ///
    /// - Returns: How many stagings were removed.
    @discardableResult
    public func removeAbandonedStagings() async throws(JournalError) -> Int {
        var removed = 0
        while true {
            let step = try await write(.rebuildable) { try StagingStore(database: $0).removeSome() }
            removed += step.stagings
            if step.isDone { return removed }
        }
    }
}
