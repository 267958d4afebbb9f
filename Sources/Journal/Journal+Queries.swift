extension Journal {
    /// The filing with this identity, accepted or rejected; `nil` when the journal does not have it.
    public func filing(_ identity: FilingIdentity) async throws(JournalError) -> FilingSummary? {
        try await read { try FilingStore(database: $0).find(identity) }
    }

    /// The filing of a source that was committed with this claim, whatever its bytes are by now; `nil` when there is none
    /// among the last hundred thousand arrivals.
    public func filing(claim: String, of source: String) async throws(JournalError) -> FilingSummary? {
        try await read { try FilingStore(database: $0).find(claim: claim, source: source) }
    }

    /// The filing whose digest begins with these hexadecimal digits; `nil` when there is none.
    ///
    /// - Parameters:
    ///   - prefix: 1 to 64 digits of either case.
    ///   - source: Only of this source; the same bytes can have come from several.
    /// - Throws: ``JournalError``; `ambiguous` when several filings begin so, naming up to ``listLimit`` of them.
    public func filing(
        startingWith prefix: String, source: String? = nil
    ) async throws(JournalError) -> FilingSummary? {
        let place = path
        return try await read { try FilingStore(database: $0, place: place).find(startingWith: prefix, source: source) }
    }

    /// Filings, newest first.
    public func filings(_ query: FilingQuery = FilingQuery()) async throws(JournalError) -> [FilingSummary] {
        try await read { try FilingStore(database: $0).list(query) }
    }

    /// What happened to a filing, in order of time; empty when the journal does not have it.
    public func events(of identity: FilingIdentity) async throws(JournalError) -> [FilingEvent] {
        try await read { try EventStore(database: $0).events(of: identity) }
    }

    /// Notes what happened to filings.
    ///
    /// - Throws: ``JournalError``; `unknown` when the journal does not have one of them, and then nothing is noted.
    public func note(_ events: [(FilingIdentity, FilingEvent)]) async throws(JournalError) {
        let place = path
        try await write(.rebuildable) { try EventStore(database: $0, place: place).add(events) }
    }

    /// What was found in a filing; empty when the journal does not have it.
    ///
    /// - Parameters:
    ///   - identity: The filing.
    ///   - limit: At most so many findings; all are counted.
    public func findings(
        of identity: FilingIdentity, limit: Int = .max
    ) async throws(JournalError) -> JournaledFindings {
        try await read { try FindingStore(database: $0).findings(of: identity, limit: limit) }
    }

    /// What a status line or page shows. Cheap however many filings there are.
    public func status() async throws(JournalError) -> JournalStatus {
        try await read { try StatusStore(database: $0).status() }
    }

    /// Numbers over all filings. Reads every filing's row.
    public func totals() async throws(JournalError) -> JournalTotals {
        try await read { try StatusStore(database: $0).totals() }
    }
}
