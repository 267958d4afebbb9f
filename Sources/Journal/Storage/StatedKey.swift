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
