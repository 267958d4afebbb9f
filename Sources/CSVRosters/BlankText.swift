/// What counts as blank in a cell: white space of any width, and characters of no width.
enum BlankText {
    static func isBlank(_ text: Span<UInt8>) -> Bool {
        skipBlanks(text, from: 0) == text.count
    }

    /// The index of the first byte from `start` on that is not blank.
    @inline(__always)
    static func skipBlanks(_ text: Span<UInt8>, from start: Int) -> Int {
        // Most texts begin with a digit, a letter or an ideograph.
        if start < text.count, text[start] &- 0x21 < 0x5E || (text[start] >= 0xE4 && text[start] <= 0xEE) {
            return start
        }
        return skipBlanksSlowly(text, from: start)
    }

    private static func skipBlanksSlowly(_ text: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < text.count {
            let length = blankLength(text, at: index)
            guard length > 0 else { break }
            index += length
        }
        return index
    }

    /// Bytes of the blank character at `index`; 0 when another stands there.
    static func blankLength(_ text: Span<UInt8>, at index: Int) -> Int {
        let byte = text[index]
        if byte <= 0x20 || byte == 0x7F { return 1 }
        if byte < 0x80 { return 0 }
        switch byte {
        case 0xC2:
            guard index + 1 < text.count else { return 0 }
            return text[index + 1] == 0xA0 || text[index + 1] == 0xAD ? 2 : 0
        case 0xE2, 0xE3, 0xEF, 0xE1:
            guard index + 2 < text.count else { return 0 }
            let scalar =
                UInt32(byte & 0x0F) << 12 | UInt32(text[index + 1] & 0x3F) << 6 | UInt32(text[index + 2] & 0x3F)
            return isBlank(scalar) ? 3 : 0
        default: return 0
        }
    }

    /// Blank characters above ASCII that a cell can hold.
    static func isBlank(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0...0x20, 0x7F, 0xA0, 0xAD, 0x180E, 0x1680, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x2064, 0x3000,
            0xFEFF:
            true
        default:
            false
        }
    }
}
