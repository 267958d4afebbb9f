public import FoundationEssentials

/// What ``Journal/prune(olderThan:deliveredTo:at:)`` did.
public struct PruneReport: Sendable, Hashable {
    /// Filings whose records were removed.
    public var filings = 0
    /// Bytes of records that were removed.
    public var bytes: Int64 = 0
    /// Settled dead letters that were removed.
    public var deadLetters = 0
    /// Who needs the next records that are old enough; `nil` when there are none.
    public var hold: PruneHold?

    /// Whether anything was removed.
    public var isEmpty: Bool { filings == 0 && bytes == 0 && deadLetters == 0 }
}

/// What keeps records in the journal that are old enough to be removed.
public enum PruneHold: Sendable, Hashable {
    /// A route that has not passed them, or was never opened.
    case route(String)
    /// An open dead letter: before it is sent again, everything behind it is looked through.
    case deadLetter(Int64, route: String)
}

/// Records that are old enough to be removed and stay because somebody needs them.
public struct HeldRecords: Sendable, Hashable {
    /// Who needs the first of them, and so holds all.
    public var hold: PruneHold
    /// When the first of them were journaled.
    public var since: Date

    /// Names them.
    public init(hold: PruneHold, since: Date) {
        self.hold = hold
        self.since = since
    }
}

/// An original that is kept in the archive or in quarantine, by what its place tells.
public struct KeptOriginal: Sendable, Hashable {
    /// The source that filed it.
    public var source: String
    /// The first digits of its digest, hexadecimal.
    public var prefix: String
    /// Whether it lies in quarantine.
    public var isQuarantined: Bool

    /// Names an original.
    public init(source: String, prefix: String, isQuarantined: Bool) {
        self.source = source
        self.prefix = prefix
        self.isQuarantined = isQuarantined
    }
}
