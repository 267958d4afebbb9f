/// Finds, 64 bytes at a time, the bytes that can mean something: delimiter, quote, line ends, NUL.
///
/// Line ends and NUL are among the bytes up to 0D, so that one comparison finds them, and with them a few control
/// characters, which the scanner then passes over.
struct CSVMarks: Sendable {
    /// The last byte of the delimiter.
    let delimiterByte: UInt8
    let delimiterLength: Int
    private typealias Lanes = SIMD16<UInt8>

    init(delimiter: CSVDelimiter) {
        let bytes = delimiter.bytes
        delimiterLength = bytes.count
        delimiterByte = bytes[bytes.count - 1]
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
        let raw = bytes.extracting(index..<index &+ 64).bytes
        // Byte `row` of the table has a bit for every eighth byte of the text from `row` on.
        let columns =
            marks(raw, 0) & Self.columns(0) | marks(raw, 16) & Self.columns(2) | marks(raw, 32) & Self.columns(4)
            | marks(raw, 48) & Self.columns(6)
        let halves = unsafeBitCast(columns, to: SIMD2<UInt64>.self)
        return Found(mask: Self.transposed(halves.x | halves.y), width: 64)
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
            if byte <= 0x0D || byte == 0x22 || byte == delimiterByte { mask |= 1 &<< UInt64(offset) }
        }
        return Found(mask: mask, width: width)
    }

    // All bits of each of sixteen bytes that is a mark.
    @inline(__always)
    private func marks(_ raw: RawSpan, _ index: Int) -> Lanes {
        let bytes = raw.unsafeLoadUnaligned(fromByteOffset: index, as: Lanes.self)
        return Self.lanes(bytes .<= Lanes(repeating: 0x0D)) | Self.lanes(bytes .== Lanes(repeating: 0x22))
            | Self.lanes(bytes .== Lanes(repeating: delimiterByte))
    }

    @inline(__always)
    private static func lanes(_ mask: SIMDMask<SIMD16<Int8>>) -> Lanes { unsafeBitCast(mask, to: Lanes.self) }

    // One bit for the first eight bytes and the next one for the others.
    @inline(__always)
    private static func columns(_ bit: UInt8) -> Lanes {
        let (first, second) = (1 as UInt8 &<< bit, 2 as UInt8 &<< bit)
        return Lanes(
            first, first, first, first, first, first, first, first, second, second, second, second, second, second,
            second, second)
    }

    // Bit 8 * row + column becomes bit 8 * column + row: first within blocks of two by two, then of four, then of eight.
    @inline(__always)
    private static func transposed(_ table: UInt64) -> UInt64 {
        let pairs = exchanged(table, by: 7, 0x00AA_00AA_00AA_00AA)
        let fours = exchanged(pairs, by: 14, 0x0000_CCCC_0000_CCCC)
        return exchanged(fours, by: 28, 0x0000_0000_F0F0_F0F0)
    }

    // Exchanges the bits of a mask with those that stand `distance` above them.
    @inline(__always)
    private static func exchanged(_ word: UInt64, by distance: UInt64, _ mask: UInt64) -> UInt64 {
        let different = (word ^ word &>> distance) & mask
        return word ^ different ^ different &<< distance
    }
}
