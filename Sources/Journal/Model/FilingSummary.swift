public import Findings
public import FoundationEssentials

/// A filing as the journal has it.
public struct FilingSummary: Sendable, Hashable {
    /// Numbers the filings in the order in which they were first committed; stays the same when a filing is tried again.
    public var number: Int64
    /// Source and hash.
    public var identity: FilingIdentity
    /// The name it was first dropped under, any bytes.
    public var name: [UInt8]
    /// Bytes.
    public var size: Int64
    /// The mapping that was used.
    public var mapping: MappingReference?
    /// The encoding that was found.
    public var encoding: String?
    /// When it was claimed (the last time, if it was rejected before).
    public var receivedAt: Date
    /// When it was committed.
    public var journaledAt: Date
    /// How it ended.
    public var outcome: FilingOutcome
    /// How often it was tried: 1, and one more for each time it was committed after a rejection.
    public var attempts: Int
    /// How often the same bytes arrived again after they had been accepted.
    public var duplicates: Int
    /// Rows and records as the mapping counted them.
    public var counts: FilingCounts
    /// Findings by code, those included that were not kept whole.
    public var findingCodes: [String: Int]
    /// Findings by severity, likewise.
    public var findingSeverities: [Severity: Int]
    /// What its records did to the journal.
    public var changes: RecordChanges
    /// The position of its first record; `nil` when it put none into the journal.
    public var firstPosition: Int64?
    /// Whether the records were pruned since.
    public var isPruned: Bool

    /// The positions of its records; `nil` when it put none into the journal.
    public var positions: ClosedRange<Int64>? {
        firstPosition.map { $0...($0 + Int64(changes.journaled) - 1) }
    }

    /// How many findings there were.
    public var findings: Int { findingCodes.values.reduce(0, +) }

    /// Whether all rows are accounted for, and all records that the mapping counted are journaled or unchanged.
    public var reconciles: Bool {
        guard outcome != .rejected else { return true }
        return counts.rowsReconcile && counts.records == changes.handedIn
    }
}

/// What the records of a filing did to the journal.
public struct RecordChanges: Sendable, Hashable {
    /// Records of keys that the scope did not have; all records, for events.
    public var new: Int
    /// Records whose content differs from what their key last had.
    public var changed: Int
    /// Records that were left out because their key has just this content.
    public var unchanged: Int
    /// Deletions of keys that a snapshot no longer states.
    public var deleted: Int
    /// Records whose key had occurred earlier in the same filing. Each is compared with that earlier one and is counted
    /// above as changed or unchanged too, so that replaying the journal ends with the last.
    public var repeatedKeys: Int

    /// Counts nothing, or as told.
    public init(new: Int = 0, changed: Int = 0, unchanged: Int = 0, deleted: Int = 0, repeatedKeys: Int = 0) {
        self.new = new
        self.changed = changed
        self.unchanged = unchanged
        self.deleted = deleted
        self.repeatedKeys = repeatedKeys
    }

    /// Records with positions of their own: new, changed and deleted.
    public var journaled: Int { new + changed + deleted }

    /// Records that were handed to the journal: new, changed and unchanged.
    public var handedIn: Int { new + changed + unchanged }
}
