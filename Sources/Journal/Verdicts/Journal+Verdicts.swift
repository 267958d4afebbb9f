extension Journal {
    /// The verdict that a filing was committed with; `nil` when it had none, or the journal does not have it.
    public func verdict(of identity: FilingIdentity) async throws(JournalError) -> [UInt8]? {
        try await read { try VerdictStore(database: $0).find(identity) }
    }

    /// Evidence by its digests; what the journal does not have is missing from the result.
    public func evidence(
        _ digests: some Collection<FilingDigest> & Sendable
    ) async throws(JournalError) -> [FilingDigest: [UInt8]] {
        try await read { database in
            let store = VerdictStore(database: database)
            var found: [FilingDigest: [UInt8]] = [:]
            for digest in digests { found[digest] = try store.evidence(digest) }
            return found
        }
    }
}
