/// The characters of names, productions [4] and [4a] of XML 1.0, fifth edition. The colon counts as a name character
/// here; what it means is a matter of namespaces.
enum NameCharacters {
    /// The index of the first byte that may not stand where it does in a name; nil when `start..<end` is a name.
    static func firstFlaw(in bytes: borrowing Slab<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var index = start
        while index < end {
            let byte = bytes.peek(index)
            if byte < 0x80 {
                guard isASCIINameByte(byte), index > start || isASCIIStart(byte) else { return index }
                index += 1
                continue
            }
            guard let (scalar, length) = decode(bytes, index, end), index > start ? isName(scalar) : isStart(scalar)
            else { return index }
            index += length
        }
        return start < end ? nil : start
    }

    /// Whether a name may begin with the character at `index`, a colon not counted.
    static func isStart(in bytes: borrowing Slab<UInt8>, at index: Int, _ end: Int) -> Bool {
        let byte = bytes.peek(index)
        if byte < 0x80 { return isASCIIStart(byte) && byte != UInt8(ascii: ":") }
        return decode(bytes, index, end).map { isStart($0.scalar) } ?? false
    }

    /// The character at `index` and its length; nil where the bytes are not UTF-8.
    static func decode(_ bytes: borrowing Slab<UInt8>, _ index: Int, _ end: Int) -> (scalar: UInt32, length: Int)? {
        let lead = bytes.peek(index)
        let (length, smallest, payload): (Int, UInt32, UInt8)
        switch lead {
        case 0x00...0x7F: return (UInt32(lead), 1)
        case 0xC2...0xDF: (length, smallest, payload) = (2, 0x80, lead & 0x1F)
        case 0xE0...0xEF: (length, smallest, payload) = (3, 0x800, lead & 0x0F)
        case 0xF0...0xF4: (length, smallest, payload) = (4, 0x1_0000, lead & 0x07)
        default: return nil
        }
        guard index + length <= end else { return nil }
        var scalar = UInt32(payload)
        for offset in 1..<length {
            let byte = bytes.peek(index + offset)
            guard byte & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        return scalar >= smallest && Unicode.Scalar(scalar) != nil ? (scalar, length) : nil
    }

    /// Production [2] Char: what a document may contain at all, also by reference.
    static func isCharacter(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
        default: false
        }
    }

    private static func isASCIIStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }

    private static func isASCIINameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: isASCIIStart(byte)
        }
    }

    private static func isStart(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F,
            0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x1_0000...0xE_FFFF:
            true
        default: false
        }
    }

    private static func isName(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xB7, 0x300...0x36F, 0x203F...0x2040: true
        default: isStart(scalar)
        }
    }
}
