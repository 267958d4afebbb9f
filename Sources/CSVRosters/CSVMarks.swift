/// Finds, 64 bytes at a time, the bytes that can mean something: delimiter, quote, line ends, NUL.
///
/// All of them but a few delimiters are below `-` (2D), so that one comparison finds them, and with them some blanks and
/// signs, which the scanner then passes over. Eight bytes are compared in one word of 64 bits.
struct CSVMarks: Sendable {
    /// The last byte of the delimiter.
    let delimiterByte: UInt8
    let delimiterLength: Int
    // The delimiter eight times over.
    private let delimiterWord: UInt64
    private let isDelimiterLow: Bool

    init(delimiter: CSVDelimiter) {
        let bytes = delimiter.bytes
        delimiterLength = bytes.count
        delimiterByte = bytes[bytes.count - 1]
        delimiterWord = UInt64(delimiterByte) &* 0x0101_0101_0101_0101
        isDelimiterLow = delimiterByte < 0x2D
    }

    struct Found {
        /// Bit i stands for byte i.
        var mask: UInt64
        /// How many bytes were looked at.
        var width: Int
    }

    /// The marks among the next 64 bytes, or among as many as there are.
    @inline(__always)
    func find(in bytes: Span<UInt8>, at index: Int) -> Found {
        guard index &+ 64 <= bytes.count else { return findSlowly(in: bytes, at: index) }
        let raw = bytes.bytes
        // Written out, because a loop would shift by variable amounts.
        let mask =
            if isDelimiterLow {
                low(raw, index) | low(raw, index &+ 8) &<< 8 | low(raw, index &+ 16) &<< 16
                    | low(raw, index &+ 24) &<< 24 | low(raw, index &+ 32) &<< 32 | low(raw, index &+ 40) &<< 40
                    | low(raw, index &+ 48) &<< 48 | low(raw, index &+ 56) &<< 56
            } else {
                either(raw, index) | either(raw, index &+ 8) &<< 8 | either(raw, index &+ 16) &<< 16
                    | either(raw, index &+ 24) &<< 24 | either(raw, index &+ 32) &<< 32
                    | either(raw, index &+ 40) &<< 40 | either(raw, index &+ 48) &<< 48
                    | either(raw, index &+ 56) &<< 56
            }
        return Found(mask: mask, width: 64)
    }

    /// Whether the byte at `index`, which is the last byte of the delimiter, ends one that begins at or behind `start`.
    @inline(__always)
    func isDelimiter(_ bytes: Span<UInt8>, endingAt index: Int, from start: Int) -> Bool {
        if delimiterLength == 1 { return bytes[index] == delimiterByte }
        return index &- 2 >= start && bytes[index] == delimiterByte && bytes[index &- 1] == 0xBC
            && bytes[index &- 2] == 0xEF
    }

    @inline(never)
    private func findSlowly(in bytes: Span<UInt8>, at index: Int) -> Found {
        let width = min(64, bytes.count - index)
        var mask: UInt64 = 0
        for offset in 0..<width {
            let byte = bytes[index + offset]
            if byte < 0x2D || byte == delimiterByte { mask |= 1 &<< UInt64(offset) }
        }
        return Found(mask: mask, width: width)
    }

    // A bit for each of eight bytes that is below 2D.
    @inline(__always)
    private func low(_ raw: RawSpan, _ index: Int) -> UInt64 {
        Self.bits(of: Self.low(Self.word(raw, index)))
    }

    // A bit for each of eight bytes that is below 2D or the delimiter.
    @inline(__always)
    private func either(_ raw: RawSpan, _ index: Int) -> UInt64 {
        let word = Self.word(raw, index)
        return Self.bits(of: Self.low(word) | Self.zero(word ^ delimiterWord))
    }

    @inline(__always)
    private static func word(_ raw: RawSpan, _ index: Int) -> UInt64 {
        UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    // The highest bit of each byte below 2D. No sum carries into the next byte: 7F + 53 is D2.
    @inline(__always)
    private static func low(_ word: UInt64) -> UInt64 {
        ~((word & 0x7F7F_7F7F_7F7F_7F7F &+ 0x5353_5353_5353_5353) | word) & 0x8080_8080_8080_8080
    }

    // The highest bit of each byte that is zero.
    @inline(__always)
    private static func zero(_ word: UInt64) -> UInt64 {
        ~((word & 0x7F7F_7F7F_7F7F_7F7F &+ 0x7F7F_7F7F_7F7F_7F7F) | word) & 0x8080_8080_8080_8080
    }

    // The highest bits of eight bytes, gathered in one: the product has each of them in its highest byte.
    @inline(__always)
    private static func bits(of highest: UInt64) -> UInt64 {
        ((highest &>> 7) &* 0x0102_0408_1020_4080) &>> 56
    }
}
