/// A buffer for the UTF-8 of one block of input, and the fast loops that fill it.
///
/// The loops store whole words and advance by what was meant, so the buffer has room to spare behind the longest output.
struct DecodedBlock: Sendable {
    /// Input bytes of one block.
    static let inputSize = 8 << 10

    // Two input bytes never give more than three bytes of output; invalid bytes are written one at a time.
    var bytes = [UInt8](repeating: 0, count: 2 * inputSize + 64)
    /// How many of `bytes` are output.
    var count = 0

    /// Decodes from `index` on, which moves behind what was decoded. UTF-8 is not decoded but scanned: ``UTF8Scan``.
    mutating func decode(_ input: Span<UInt8>, from index: inout Int, encoding: TextEncoding) -> DecodingStop {
        var end = count
        defer { count = end }
        var room = bytes.mutableSpan
        switch encoding {
        case .gb18030: return Self.decodeGB18030(input, from: &index, into: &room, &end)
        case .utf16BigEndian: return Self.decodeUTF16(input, from: &index, into: &room, &end, isBigEndian: true)
        default: return Self.decodeUTF16(input, from: &index, into: &room, &end, isBigEndian: false)
        }
    }

    /// Writes one scalar.
    mutating func append(_ scalar: UInt32) {
        let start = count
        var room = bytes.mutableSpan
        count = Self.write(scalar, to: &room, at: start)
    }

    private static func decodeGB18030(
        _ input: Span<UInt8>, from index: inout Int, into room: inout MutableSpan<UInt8>, _ end: inout Int
    ) -> DecodingStop {
        let raw = input.bytes
        let characters = GB18030Table.twoByteCommon
        let table = characters.span
        var output = end
        var position = index
        defer { (index, end) = (position, output) }
        while position < input.count {
            if position &+ 8 <= input.count {
                let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
                store(word, to: &room, at: output)
                let high = word & UTF8Scan.highBits
                let ascii = high == 0 ? 8 : high.trailingZeroBitCount &>> 3
                position &+= ascii
                output &+= ascii
                if ascii == 8 { continue }
                decodeHan(input, from: &position, into: &room, &output, table)
                guard position < input.count, input[position] >= 0x80 else { continue }
            }
            switch GB18030Character.step(input, at: position) {
            case .scalar(let scalar, let length):
                if GB18030Table.isPrivateUse(scalar) { return .privateUse(scalar: scalar, length: length) }
                output = write(scalar, to: &room, at: output)
                position &+= length
            case .invalid(let length): return .invalid(length: length)
            case .incomplete: return .incomplete
            }
        }
        return .end
    }

    // Two-byte codes of characters that take three bytes in UTF-8, as long as they follow one another.
    @inline(__always)
    private static func decodeHan(
        _ input: Span<UInt8>, from position: inout Int, into room: inout MutableSpan<UInt8>, _ output: inout Int,
        _ table: Span<UInt16>
    ) {
        while position &+ 2 <= input.count {
            let lead = input[position]
            let trail = input[position &+ 1]
            guard lead >= 0x81, lead != 0xFF, trail >= 0x40 else { return }
            let scalar = table[GB18030Table.index(lead: lead, trail: trail)]
            guard scalar >= 0x800 else { return }
            storeThree(UInt32(scalar), to: &room, at: output)
            position &+= 2
            output &+= 3
        }
    }

    private static func decodeUTF16(
        _ input: Span<UInt8>, from index: inout Int, into room: inout MutableSpan<UInt8>, _ end: inout Int,
        isBigEndian: Bool
    ) -> DecodingStop {
        while index < input.count {
            switch UTF16Character.step(input, at: index, isBigEndian: isBigEndian) {
            case .scalar(let scalar, let length):
                if GB18030Table.isPrivateUse(scalar) { return .privateUse(scalar: scalar, length: length) }
                end = write(scalar, to: &room, at: end)
                index += length
            case .invalid(let length): return .invalid(length: length)
            case .incomplete: return .incomplete
            }
        }
        return .end
    }

    @inline(__always)
    private static func store(_ word: UInt64, to room: inout MutableSpan<UInt8>, at offset: Int) {
        var raw = room.mutableBytes
        raw.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
    }

    // Stores four bytes, of which the last is overwritten by what follows.
    @inline(__always)
    private static func storeThree(_ scalar: UInt32, to room: inout MutableSpan<UInt8>, at offset: Int) {
        let word = 0x8080E0 | scalar &>> 12 | (scalar &>> 6 & 0x3F) &<< 8 | (scalar & 0x3F) &<< 16
        var raw = room.mutableBytes
        raw.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt32.self)
    }

    // The offset behind what was written.
    @inline(__always)
    private static func write(_ scalar: UInt32, to room: inout MutableSpan<UInt8>, at offset: Int) -> Int {
        switch scalar {
        case 0..<0x80:
            room[offset] = UInt8(scalar)
            return offset + 1
        case 0x80..<0x800:
            room[offset] = UInt8(0xC0 | scalar >> 6)
            room[offset + 1] = UInt8(0x80 | scalar & 0x3F)
            return offset + 2
        case 0x800..<0x10000:
            storeThree(scalar, to: &room, at: offset)
            return offset + 3
        default:
            room[offset] = UInt8(0xF0 | scalar >> 18)
            room[offset + 1] = UInt8(0x80 | scalar >> 12 & 0x3F)
            room[offset + 2] = UInt8(0x80 | scalar >> 6 & 0x3F)
            room[offset + 3] = UInt8(0x80 | scalar & 0x3F)
            return offset + 4
        }
    }
}
