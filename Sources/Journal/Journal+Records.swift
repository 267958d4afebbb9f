extension Journal {
    /// The position of the newest record this process knows of; 0 when there is none.
    public var lastPosition: Int64 { gate.lastPosition }

    /// Waits until there are records beyond `position`.
    ///
    /// Any number of tasks may wait. Only commits of this very `Journal` wake them.
    ///
    /// - Returns: The position of the newest record, greater than `position`.
    /// - Throws: When the task is cancelled or the journal closed, without delay.
    @discardableResult
    public func waitForRecords(after position: Int64) async throws(CancellationError) -> Int64 {
        try await gate.wait(after: position)
    }

    /// Reads records in the order of their positions.
    ///
    /// The first chunk can begin at or before `position`: skip what is not beyond it. Chunks follow each other without gaps
    /// unless records were pruned; then the next chunk that is left comes first.
    ///
    /// - Parameters:
    ///   - position: The last position that is not wanted; 0 for all.
    ///   - limitBytes: Stops before the chunk that would exceed this, but gives at least one if there is one.
    /// - Throws: ``JournalError``; `damaged` when the bytes are not those that were committed.
    public func chunks(after position: Int64, limitBytes: Int) async throws(JournalError) -> [JournalChunk] {
        var attempts = 1
        while true {
            do {
                return try await read { [path, segments] database in
                    try ChunkStore(database: database, place: path, segments: segments).chunks(
                        after: position, limitBytes: limitBytes)
                }
            } catch  where error.code == .damaged && attempts < Self.chunkAttempts {
                // The file can be one whose records were pruned while this was reading; another look tells.
                attempts += 1
            }
        }
    }

    private static let chunkAttempts = 3

    /// The records that ``chunks(after:limitBytes:)`` would give, when they were committed so recently that they need not be
    /// read; else `nil`. Does not wait for anything.
    public func recentChunks(after position: Int64, limitBytes: Int) -> [JournalChunk]? {
        recent.after(position, limitBytes: limitBytes)
    }
}
