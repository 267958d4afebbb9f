public import FoundationEssentials
import GRDB

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
        let (staging, scopeIsEmpty) = try await write(.rebuildable) {
            try StagingStore(database: $0).begin(identity, delivery: delivery, at: time)
        }
        shelf[staging.batch] = StagingWork(
            staging, place: path, segments: segments, find: scopeIsEmpty ? nil : staging.scope.map(knownKeys))
        return staging
    }

    /// Stores records of a big filing, invisibly. A few MiB at a time make good use of a transaction.
    ///
    /// For upsert and snapshot, records whose content is unchanged are dropped here and now.
    ///
    /// - Throws: ``JournalError``; then nothing of these chunks was stored, and they can be appended again. `misuse` when the
    ///   bytes are not `count` delimited records, keys are missing, or the staging has ended.
    public func append(_ chunks: [RecordChunk], to staging: Staging) async throws(JournalError) {
        try await beginAppending(to: staging) { chunks }.finished()
    }

    /// Begins to append, in the order of the calls. While one portion is stored, the next one is compared; who begins more
    /// than two at a time only fills memory.
    ///
    /// - Parameters:
    ///   - staging: Where to.
    ///   - make: Makes the chunks, on another thread.
    /// - Returns: What tells when it is done. When one fails, those behind it that have begun fail, too.
    public func beginAppending(
        to staging: Staging, _ make: @escaping @Sendable () -> [RecordChunk]
    ) throws(JournalError) -> Appending {
        // What is staged is lost with the process anyway; the commit makes it durable together with itself.
        guard let work = shelf[staging.batch] else { throw .misuse(path, "the staging has ended") }
        return work.append(make)
    }

    // What the state of a scope was when the staging began: a commit that changes it overtakes the staging.
    private func knownKeys(_ scope: Staging.StagedScope) -> KnownKeys {
        { [pool, segments] ids, isKnown in
            try pool.read {
                try KeyLeaves(database: $0, scope: scope.number, segments: segments).find(ids, unless: isKnown)
            }
        }
    }

    /// Ends a staging without a commit and removes what it holds. Ending it twice is no error.
    public func discard(_ staging: Staging) async throws(JournalError) {
        await shelf[staging.batch]?.end()
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
        let segments = segments
        while true {
            let step = try await write(.rebuildable) { try StagingStore(database: $0).removeSome(of: segments) }
            removed += step.stagings
            if step.isDone { return removed }
        }
    }
}
