import CanonicalRecords

/// How a join begins: the text of its first parts, which rows with blank cells have of the row above.
///
/// What two rows have from the same place in a block is the same, so that no text has to be compared.
struct JoinPrefix: BitwiseCopyable {
    /// Parts that can be remembered.
    static let mostParts = 3
    /// Bytes that can be remembered.
    static let mostBytes = 64

    /// Where the values of the parts are in the block.
    struct Key: BitwiseCopyable {
        private var first: UInt64 = 0
        private var second: UInt64 = 0
        private var third: UInt64 = 0

        /// Takes the next value.
        @inline(__always)
        mutating func append(_ value: RawValue) {
            (first, second, third) = (second, third, value.place)
        }

        /// Takes the absence of one.
        @inline(__always)
        mutating func appendNothing() {
            (first, second, third) = (second, third, 0)
        }

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
    fileprivate var place: UInt64 {
        UInt64(UInt32(bitPattern: start)) &<< 32 | (UInt64(UInt32(bitPattern: end)) &+ 1)
    }
}
