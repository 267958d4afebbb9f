import CanonicalRecords

/// How a join begins: the text of its first parts, which rows with blank cells have of the row above.
///
/// What two rows have from the same place in a block is the same, so that no text has to be compared.
struct JoinPrefix: BitwiseCopyable {
    /// Parts that can be remembered.
    static let mostParts = 3
    /// Bytes that can be remembered.
    static let mostBytes = 64

    /// Where the values of the parts are in the block; zero for those that the document does not have.
    struct Key: BitwiseCopyable {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0

        @inline(__always)
        static func == (left: Key, right: Key) -> Bool {
            (left.first ^ right.first) | (left.second ^ right.second) | (left.third ^ right.third) == 0
        }
    }

    /// The number of the block that the places are in; 0 before the first.
    var block = 0
    var key = Key()
    var text: RecordBuffer.Words = (0, 0, 0, 0)
    var rest: RecordBuffer.Words = (0, 0, 0, 0)
    var size: UInt8 = 0
    /// Where the parts begin that another step joins, too, if they begin in it.
    var tail: UInt8 = 0
    var isClean = false
    /// Whether its hash is kept, too.
    var isHashed = false
}

extension RawValue {
    /// Where its bytes are in the block, in one word; never zero.
    @inline(__always)
    var place: UInt64 {
        UInt64(UInt32(bitPattern: start)) &<< 32 | (UInt64(UInt32(bitPattern: end)) &+ 1)
    }
}
