public import Findings
public import FoundationEssentials

/// A filing that is ready to be committed.
public struct JournaledFiling: Sendable {
    /// Source and hash.
    public var identity: FilingIdentity
    /// A text that names this one drop of the bytes, e.g. the name in the work folder.
    ///
    /// Committing the same claim again (because the process died before it could act on the outcome) is recognised and
    /// gives ``CommitOutcome/repeated(_:receipt:)`` rather than a duplicate. `nil` is never recognised.
    public var claim: String?
    /// The name the bytes were dropped under, any bytes but `/`.
    public var name: [UInt8]
    /// The size in bytes.
    public var size: Int64
    /// The mapping that was used, if one matched.
    public var mapping: MappingReference?
    /// The encoding that was found, e.g. `GB18030`.
    public var encoding: String?
    /// When the filing was claimed.
    public var receivedAt: Date
    /// How it ended. The records of a rejected filing are not journaled, even when some are handed in.
    public var outcome: FilingOutcome
    /// Rows and records.
    public var counts: FilingCounts
    /// What was found in it.
    public var findings: FindingLog
    /// What happened to it so far, beside what the journal notes by itself (see ``FilingEventKind``).
    public var events: [FilingEvent]
    /// What it means for the records that are already there.
    public var delivery: Delivery
    /// Its records.
    public var records: FilingRecords
    /// Parts beyond the first, which ``delivery`` and ``records`` are; their scopes differ.
    public var furtherParts: [FilingPart] = []
    /// What was decided about its signatures.
    public var verdict: JournaledVerdict?

    /// Describes a filing.
    public init(
        identity: FilingIdentity,
        claim: String? = nil,
        name: [UInt8],
        size: Int64,
        mapping: MappingReference? = nil,
        encoding: String? = nil,
        receivedAt: Date,
        outcome: FilingOutcome,
        counts: FilingCounts = FilingCounts(),
        findings: FindingLog = FindingLog(),
        events: [FilingEvent] = [],
        delivery: Delivery = .event,
        records: FilingRecords = .chunks([])
    ) {
        self.identity = identity
        self.claim = claim
        self.name = name
        self.size = size
        self.mapping = mapping
        self.encoding = encoding
        self.receivedAt = receivedAt
        self.outcome = outcome
        self.counts = counts
        self.findings = findings
        self.events = events
        self.delivery = delivery
        self.records = records
    }
}

/// How the records of a filing are handed over.
public enum FilingRecords: Sendable {
    /// All at once; for small filings.
    case chunks([RecordChunk])
    /// Already in the journal, invisible until now; for big filings.
    case staged(Staging)
}

/// Where the records of a big filing gather until its commit makes them visible.
///
/// A staging ends with the commit that names it, whatever the outcome, or with ``Journal/discard(_:)``; an error thrown by
/// the commit leaves it as it was, so that the commit can be tried again. Stagings do not outlive the process.
public struct Staging: Sendable, Hashable {
    /// The filing that is being staged.
    public let identity: FilingIdentity
    // The batch that its chunks are stored under.
    let batch: Int64
    // What it was compared with: nil for events.
    let scope: StagedScope?

    struct StagedScope: Sendable, Hashable {
        var name: String
        var number: Int64
        var generation: Int64
    }
}
