/// UTF-8 in and out, for bytes that a decoder has already made valid; nonsense is passed through, never trusted.
enum Scalars {
    /// Reads the scalar at `index` and moves behind it; a byte that begins no scalar counts as U+FFFD.
    ///
    /// - Precondition: `index < end` and `end <= bytes.count`.
    @inline(__always)
    static func next(in bytes: Span<UInt8>, at index: inout Int, end: Int) -> UInt32 {
        let first = bytes[index]
        index += 1
        if first < 0x80 { return UInt32(first) }
        return multibyte(first, in: bytes, at: &index, end: end)
    }

    private static func multibyte(_ first: UInt8, in bytes: Span<UInt8>, at index: inout Int, end: Int) -> UInt32 {
        let length: Int
        var scalar: UInt32
        switch first {
        case 0xC2...0xDF: (length, scalar) = (1, UInt32(first & 0x1F))
        case 0xE0...0xEF: (length, scalar) = (2, UInt32(first & 0x0F))
        case 0xF0...0xF4: (length, scalar) = (3, UInt32(first & 0x07))
        default: return 0xFFFD
        }
        guard index + length <= end else { return 0xFFFD }
        for offset in 0..<length {
            let byte = bytes[index + offset]
            guard byte & 0xC0 == 0x80 else { return 0xFFFD }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        index += length
        return scalar
    }

    /// Where the last scalar begins; nil for no bytes.
    static func startOfLast(in bytes: Span<UInt8>) -> Int? {
        guard bytes.count > 0 else { return nil }
        var start = bytes.count - 1
        while start > 0, bytes.count - start < 4, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }

    /// Hands out the UTF-8 bytes of a scalar.
    @inline(__always)
    static func encode(_ scalar: UInt32, _ emit: (UInt8) -> Void) {
        if scalar < 0x80 {
            emit(UInt8(truncatingIfNeeded: scalar))
        } else if scalar < 0x800 {
            emit(0xC0 | UInt8(truncatingIfNeeded: scalar >> 6))
            emit(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
        } else if scalar < 0x10000 {
            emit(0xE0 | UInt8(truncatingIfNeeded: scalar >> 12))
            emit(0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F))
            emit(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
        } else {
            emit(0xF0 | UInt8(truncatingIfNeeded: scalar >> 18))
            emit(0x80 | UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F))
            emit(0x80 | UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F))
            emit(0x80 | UInt8(truncatingIfNeeded: scalar & 0x3F))
        }
    }

    /// Spaces of every width, tabs and line breaks.
    @inline(__always)
    static func isBlank(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Characters that show nothing: zero-width spaces, direction marks, byte order marks, soft hyphens.
    @inline(__always)
    static func isInvisible(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xAD, 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    /// Han characters, with the ideographic zero and the extensions.
    @inline(__always)
    static func isHan(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x3007, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        default: false
        }
    }
}

/// What ``FoldedValue`` does with one character.
enum Folding {
    case removed
    case blank
    case kept(UInt32)

    /// Full width to half width, every dash to `-`, curly apostrophes to `'`.
    @inline(__always)
    static func of(_ scalar: UInt32) -> Folding {
        if scalar > 0x20, scalar < 0x7F { return .kept(scalar) }
        if Scalars.isBlank(scalar) { return .blank }
        switch scalar {
        case 0xFF01...0xFF5E: return .kept(scalar - 0xFEE0)
        case 0x2010...0x2015, 0x2212, 0xFE63: return .kept(0x2D)
        case 0x2018, 0x2019: return .kept(0x27)
        case 0x201C, 0x201D: return .kept(0x22)
        case 0xA5: return .kept(0xFFE5)
        case 0x00...0x1F, 0x7F...0x9F, 0x200C, 0x200D: return .removed
        default: return Scalars.isInvisible(scalar) ? .removed : .kept(scalar)
        }
    }
}
