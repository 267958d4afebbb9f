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

/// A refused record that is kept until someone has dealt with it.
public struct DeadLetter: Sendable, Hashable {
    /// What has been done about it.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Nothing yet.
        case open
        /// It was sent again and acknowledged.
        case replayed
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
}
