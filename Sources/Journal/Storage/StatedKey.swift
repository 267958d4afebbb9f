/// What a filing states of one key, or the journal remembers of it.
struct StatedKey: Sendable, Hashable, BitwiseCopyable, Identified {
    var id: Fingerprint
    /// The first half of the content's hash: that two contents of one key have the same is not to be expected.
    var content: UInt64
    var bodyNumber: Int32
    /// Whether the scope must be changed for it. Of no meaning for what the journal remembers.
    var differs: Bool

    /// Stands for a content that is not known any more: what is stated next differs from it.
    static let unknownContent: UInt64 = 0
    /// Stands for one behind which another scope has sent something else of the key.
    static let overruledContent: UInt64 = .max

    /// Whether the content of a key that the journal remembers is what was sent last of it.
    static func isSentLast(_ content: UInt64) -> Bool { content != unknownContent && content != overruledContent }

    /// See ``isSentLast(_:)``.
    var isSentLast: Bool { Self.isSentLast(content) }

    var recordKey: RecordKey {
        RecordKey(bodyNumber: bodyNumber, id: id, content: Fingerprint(high: content, low: 0), range: 0..<0)
    }
}

extension Fingerprint {
    // Two compares and no branch, for sorting.
    static func precedes(_ left: Fingerprint, _ right: Fingerprint) -> Bool {
        left.high < right.high || (left.high == right.high && left.low < right.low)
    }
}
