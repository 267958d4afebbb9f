public import FoundationEssentials

/// A record that an exporter refused for good.
public struct RefusedRecord: Sendable, Hashable {
    /// Its position in the journal.
    public var position: Int64
    /// The record as it was offered (one message, no length prefix).
    public var record: [UInt8]
    /// What the exporter said.
    public var reason: String

    /// Describes a refusal.
    public init(position: Int64, record: [UInt8], reason: String) {
        self.position = position
        self.record = record
        self.reason = reason
    }
}

/// A refused record that is kept until someone has dealt with it, and then stays for the record.
public struct DeadLetter: Sendable, Hashable {
    /// What has been done about it.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Nothing yet.
        case open
        /// It was given another position, under which its route gets it again. Should it be refused again, that is another
        /// dead letter.
        case replayed
        /// Someone wanted it sent again, and a newer record of the same id stands in its place.
        case superseded
        /// Someone decided to let it go.
        case removed
    }

    /// Names it; see ``Journal/deadLetterRecord(_:)``.
    public var number: Int64
    /// The route whose exporter refused it.
    public var route: String
    /// Its position in the journal.
    public var position: Int64
    /// How many bytes the record has.
    public var size: Int
    /// What the exporter said.
    public var reason: String
    /// When it was refused.
    public var at: Date
    /// What has been done about it.
    public var state: State
    /// When that was done; `nil` while it is open.
    public var settledAt: Date?
    /// The position under which it was sent again, or that of the record that supersedes it.
    public var settledAs: Int64?
}

/// What is to be done about an open dead letter.
public struct DeadLetterSettlement: Sendable, Hashable {
    /// The deeds that there are.
    public enum Deed: Sendable, Hashable {
        /// Give the route this record again (one message, no length prefix), behind everything else.
        case replay([UInt8], isAsOffered: Bool)
        /// Note that the record at this position stands in its place.
        case supersede(by: Int64)
        /// Let it go.
        case remove
    }

    /// The dead letter.
    public var number: Int64
    /// What is to be done.
    public var deed: Deed

    /// Describes a settlement.
    public init(_ number: Int64, _ deed: Deed) {
        self.number = number
        self.deed = deed
    }
}
