public import FoundationEssentials

/// Everything that a status line or page shows, read at one instant.
public struct JournalStatus: Sendable, Hashable {
    /// The version of the journal's layout.
    public var version: Int
    /// The position of the newest record; 0 when there is none.
    public var lastPosition: Int64
    /// Records up to this position may have been pruned.
    public var prunedThrough: Int64
    /// When the oldest filing was committed whose records are kept; `nil` when there is none.
    public var recordsSince: Date?
    /// Bytes inside of the journal's file that are free to be written again; the file itself does not shrink.
    public var reusableBytes: Int
    /// Receipts that have to be written.
    public var receiptsDue: Int
    /// Every source that ever filed, by name.
    public var sources: [SourceSummary]
    /// Every route, by name.
    public var routes: [RouteStatus]
}

/// What one source has filed.
public struct SourceSummary: Sendable, Hashable {
    /// The source's name.
    public var source: String
    /// Filings by how they ended; a filing that was rejected and then accepted counts as accepted.
    public var filings: [FilingOutcome: Int]
    /// How often bytes arrived again that had been accepted before.
    public var duplicates: Int
    /// Records with positions in the journal, deletions included.
    public var records: Int
    /// When anything last arrived (claimed).
    public var lastArrivalAt: Date?
    /// When a filing was last accepted (committed).
    public var lastSuccessAt: Date?

    /// Filings that are in quarantine now.
    public var quarantined: Int { filings[.rejected] ?? 0 }
}

/// Numbers over all filings, for reconciling and for a summary at the end.
public struct JournalTotals: Sendable, Hashable {
    /// Filings by how they ended.
    public var filings: [FilingOutcome: Int]
    /// Rows of all filings that were not rejected; control totals are left out.
    public var rows: FilingCounts
    /// What their records did to the journal.
    public var changes: RecordChanges
    /// Findings by code, of all filings.
    public var findingCodes: [String: Int]
    /// Filings whose own numbers do not agree; at most ``Journal/listLimit`` are named.
    public var unreconciled: [FilingIdentity]
    /// How many refused records were given another position, to be sent again.
    public var replayed: Int
    /// The position of the newest record: what ``RecordChanges/journaled`` and ``replayed`` come to.
    public var lastPosition: Int64

    /// Whether all numbers agree.
    public var reconciles: Bool { unreconciled.isEmpty && changes.journaled + replayed == Int(lastPosition) }
}

/// Which filings to list.
public struct FilingQuery: Sendable, Hashable {
    /// At most so many, newest first.
    public var limit: Int
    /// Only of this source.
    public var source: String?
    /// Only with this outcome.
    public var outcome: FilingOutcome?
    /// Only filings with lower numbers, to go on behind a list that was cut by its limit.
    public var before: Int64?

    /// Asks for filings.
    public init(limit: Int = 50, source: String? = nil, outcome: FilingOutcome? = nil, before: Int64? = nil) {
        self.limit = limit
        self.source = source
        self.outcome = outcome
        self.before = before
    }
}
