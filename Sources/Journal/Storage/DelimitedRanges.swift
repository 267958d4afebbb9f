/// Walks over length-delimited records: varint length, message, repeated.
struct DelimitedRanges {
    private let bytes: [UInt8]
    private var offset = 0

    init(of bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the records fill the bytes exactly, once `next` has given `nil`.
    var isAtEnd: Bool { offset == bytes.count }

    /// Whether the bytes are so many records and nothing else.
    static func are(_ count: Int, in bytes: [UInt8]) -> Bool {
        var ranges = DelimitedRanges(of: bytes)
        for _ in 0..<count where ranges.next() == nil { return false }
        return ranges.isAtEnd
    }

    /// Whether a range of the bytes is one record with its length prefix.
    static func isRecord(_ range: Range<Int>, in bytes: [UInt8]) -> Bool {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return false }
        var ranges = DelimitedRanges(of: bytes)
        ranges.offset = range.lowerBound
        return ranges.next() == range
    }

    /// A message with the length before it.
    static func delimit(_ message: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = message.count
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)] + message
    }

    /// The range of the one record that fills the bytes.
    var only: Range<Int>? {
        var copy = self
        guard let range = copy.next(), copy.isAtEnd else { return nil }
        return range
    }

    /// The next record with its length prefix; `nil` at the end and at anything that is no whole record.
    mutating func next() -> Range<Int>? {
        var length = 0
        var shift = 0
        var index = offset
        while index < bytes.count, shift < 35 {
            let byte = bytes[index]
            index += 1
            length |= Int(byte & 0x7F) << shift
            shift += 7
            guard byte & 0x80 == 0 else { continue }
            guard length <= bytes.count - index else { return nil }
            defer { offset = index + length }
            return offset..<(index + length)
        }
        return nil
    }
}

extension RecordChunk {
    /// Whether the keys' ranges are records that follow on each other and fill the bytes. Every length is looked up where it
    /// must be, so that the processor need not wait for one to find the next.
    var keysAreRecords: Bool {
        var end = 0
        for key in keys {
            guard key.range.lowerBound == end, DelimitedRanges.isRecord(key.range, in: bytes) else { return false }
            end = key.range.upperBound
        }
        return end == bytes.count
    }
}
