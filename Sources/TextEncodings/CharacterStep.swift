/// What the bytes at one index begin, in any encoding: the careful path beside the fast loops.
enum CharacterStep: Equatable {
    /// A character of `length` bytes.
    case scalar(UInt32, length: Int)
    /// So many bytes that begin nothing.
    case invalid(length: Int)
    /// A character may begin here, and the bytes end before it does.
    case incomplete
}

/// Why a loop over many characters stopped.
enum DecodingStop {
    case end
    /// The bytes from here on begin a valid character, and end before it does.
    case incomplete
    /// The next bytes, so many of them, are a maximal ill-formed sequence.
    case invalid(length: Int)
    /// The next character is valid and of private use.
    case privateUse(scalar: UInt32, length: Int)
}

/// One character of strict UTF-8.
enum UTF8Character {
    /// Looks at the character that begins at `index`, which lies inside `bytes`.
    static func step(_ bytes: Span<UInt8>, at index: Int) -> CharacterStep {
        let lead = bytes[index]
        let length: Int
        var lowest: UInt8 = 0x80
        var highest: UInt8 = 0xBF
        switch lead {
        case 0x00...0x7F: return .scalar(UInt32(lead), length: 1)
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, lowest) = (3, 0xA0)
        case 0xED: (length, highest) = (3, 0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, lowest) = (4, 0x90)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, highest) = (4, 0x8F)
        default: return .invalid(length: 1)
        }
        var scalar = UInt32(lead) & (0x7F &>> UInt32(length))
        for offset in 1..<length {
            guard index + offset < bytes.count else { return .incomplete }
            let byte = bytes[index + offset]
            guard byte >= lowest, byte <= highest else { return .invalid(length: offset) }
            scalar = scalar &<< 6 | UInt32(byte & 0x3F)
            (lowest, highest) = (0x80, 0xBF)
        }
        return .scalar(scalar, length: length)
    }
}

/// One character of UTF-16.
enum UTF16Character {
    /// Looks at the character that begins at `index`, which lies inside `bytes`.
    static func step(_ bytes: Span<UInt8>, at index: Int, isBigEndian: Bool) -> CharacterStep {
        guard index + 2 <= bytes.count else { return .incomplete }
        let first = unit(bytes, at: index, isBigEndian)
        guard first & 0xF800 == 0xD800 else { return .scalar(first, length: 2) }
        guard first < 0xDC00 else { return .invalid(length: 2) }
        guard index + 4 <= bytes.count else { return .incomplete }
        let second = unit(bytes, at: index + 2, isBigEndian)
        guard second & 0xFC00 == 0xDC00 else { return .invalid(length: 2) }
        return .scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF, length: 4)
    }

    private static func unit(_ bytes: Span<UInt8>, at index: Int, _ isBigEndian: Bool) -> UInt32 {
        let (first, second) = (UInt32(bytes[index]), UInt32(bytes[index + 1]))
        return isBigEndian ? first << 8 | second : second << 8 | first
    }
}
