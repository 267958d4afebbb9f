extension RecordBuffer {
    /// Appends a text in quotes, escaped as swift-protobuf does: two-letter escapes, and `\u00XX` for other controls.
    mutating func appendJSON(text bytes: Span<UInt8>, in range: Range<Int>) {
        append(0x22)
        var at = range.lowerBound
        while at < range.upperBound {
            let clean = Self.endOfClean(in: bytes, from: at, to: range.upperBound)
            append(bytes.extracting(at..<clean))
            at = clean
            if at < range.upperBound { at = appendEscape(of: bytes, at: at, to: range.upperBound) }
        }
        append(0x22)
    }

    /// Appends a whole number.
    mutating func appendJSON(unsigned value: UInt64) {
        if value >= 10 { appendJSON(unsigned: value / 10) }
        append(0x30 + UInt8(value % 10))
    }

    /// Appends a whole number with its sign.
    mutating func appendJSON(signed value: Int64) {
        if value < 0 { append(0x2D) }
        appendJSON(unsigned: value.magnitude)
    }

    /// Appends a number with decimals, so that reading it gives the same bits; what JSON has no number for is a text.
    mutating func appendJSON(double value: Double) {
        let text =
            value.isNaN
            ? "\"NaN\""
            : value == .infinity
                ? "\"Infinity\""
                : value == -.infinity
                    ? "\"-Infinity\""
                    : value.debugDescription
        for byte in text.utf8 { append(byte) }
    }

    /// Appends bytes in quotes, as base64.
    mutating func appendJSON(base64 bytes: Span<UInt8>, in range: Range<Int>) {
        append(0x22)
        var at = range.lowerBound
        while at < range.upperBound {
            let count = min(3, range.upperBound - at)
            var group: UInt32 = 0
            for index in 0..<3 { group = group << 8 | (index < count ? UInt32(bytes[at + index]) : 0) }
            for index in 0..<4 {
                append(index <= count ? Self.base64Digit(UInt8(group >> UInt32(18 - 6 * index) & 63)) : 0x3D)
            }
            at += count
        }
        append(0x22)
    }

    private static func base64Digit(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: 0x41 + value
        case 26..<52: 0x61 + value - 26
        case 52..<62: 0x30 + value - 52
        case 62: 0x2B
        default: 0x2F
        }
    }

    // Eight bytes at a time; a word with a byte that may need an escape is looked at byte by byte.
    private static func endOfClean(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        let raw = bytes.bytes
        var at = start
        while true {
            while end &- at >= 8 {
                // Any eight bytes are a valid word, and the load is checked against the bounds of the span.
                let word = raw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
                guard !mayNeedEscape(word) else { break }
                at &+= 8
            }
            let stop = min(end, at &+ 8)
            while at < stop {
                if needsEscape(bytes, at: at, to: end) { return at }
                at &+= 1
            }
            if at == end { return end }
        }
    }

    // Below 0x20, the quote, the backslash, 0x7F, or 0xC2, which starts U+0080 to U+009F. It may say yes for no reason.
    @inline(__always)
    private static func mayNeedEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        @inline(__always) func hasZero(_ value: UInt64) -> UInt64 { (value &- ones) & ~value }
        let found =
            ((word &- ones &* 0x20) & ~word) | hasZero(word ^ ones &* 0x22) | hasZero(word ^ ones &* 0x5C)
            | hasZero(word ^ ones &* 0x7F) | hasZero(word ^ ones &* 0xC2)
        return found & (ones &* 0x80) != 0
    }

    @inline(__always)
    private static func needsEscape(_ bytes: Span<UInt8>, at index: Int, to end: Int) -> Bool {
        switch bytes[index] {
        case 0..<0x20, 0x22, 0x5C, 0x7F: true
        case 0xC2: index &+ 1 < end && bytes[index &+ 1] < 0xA0
        default: false
        }
    }

    private mutating func appendEscape(of bytes: Span<UInt8>, at index: Int, to end: Int) -> Int {
        append(0x5C)
        switch bytes[index] {
        case 0x08: append(0x62)
        case 0x09: append(0x74)
        case 0x0A: append(0x6E)
        case 0x0C: append(0x66)
        case 0x0D: append(0x72)
        case 0x22, 0x5C: append(bytes[index])
        case 0xC2:
            appendHexEscape(bytes[index + 1])
            return index + 2
        default: appendHexEscape(bytes[index])
        }
        return index + 1
    }

    private mutating func appendHexEscape(_ byte: UInt8) {
        append(0x75)
        append(0x30)
        append(0x30)
        for digit in [byte >> 4, byte & 15] { append(digit < 10 ? 0x30 + digit : 0x41 + digit - 10) }
    }
}
