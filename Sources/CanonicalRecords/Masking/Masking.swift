/// How a sensitive value is shown to people who must not see it whole.
public enum Masking: Sendable, Hashable, CaseIterable {
    /// First 6, 8 stars, last 4 for operators; first 3 and last 4 outward.
    case identityNumber
    /// First 3, 4 stars, last 4.
    case mobile
    /// The first character, then stars. Compound surnames are not looked for: 欧阳明 shows as 欧**.
    case personName
    /// Three stars, whatever the text is.
    case text
    /// Left out: a code has too few values to show a part of one.
    case code

    /// For whom something is masked.
    public enum Audience: Sendable, Hashable, CaseIterable {
        /// The people who run the gateway.
        case operators
        /// Everyone else.
        case outward
    }

    /// The masked form of a value.
    ///
    /// Values of an unusual length show less, never more: under 15 characters an identity number shows its last 2 at
    /// most, under 10 a telephone number shows its last 2 at most. An empty value stays empty.
    ///
    /// - Returns: The masked text; `***` for ``text`` and ``code``.
    public func masked(_ value: String, for audience: Audience = .operators) -> String {
        var value = value
        value.makeContiguousUTF8()
        var buffer = RecordBuffer(capacity: value.utf8.count + 32)
        appendMasked(value.utf8.span, for: audience, to: &buffer)
        return String(decoding: buffer.copied(), as: UTF8.self)
    }

    /// Appends the masked form of a UTF-8 text. Bytes that are not UTF-8 are masked whole.
    public func appendMasked(_ value: Span<UInt8>, for audience: Audience, to buffer: inout RecordBuffer) {
        guard !value.isEmpty else { return }
        guard self != .text, self != .code else { return buffer.append(stars: 3) }
        if let width = value.characterWidth {
            let (first, stars, last) = shown(of: value.count / width, for: audience)
            buffer.append(value.extracting(0..<(first * width)))
            buffer.append(stars: stars)
            return buffer.append(value.extracting((value.count - last * width)..<value.count))
        }
        guard value.isUTF8(in: 0..<value.count) else { return buffer.append(stars: 3) }
        let characters = value.characterCount
        let (first, stars, last) = shown(of: characters, for: audience)
        buffer.append(value.extracting(0..<value.offset(ofCharacter: first)))
        buffer.append(stars: stars)
        buffer.append(value.extracting(value.offset(ofCharacter: characters - last)..<value.count))
    }

    // How many characters are shown at the start, how many stars follow, and how many characters are shown at the end.
    private func shown(of count: Int, for audience: Audience) -> (first: Int, stars: Int, last: Int) {
        switch self {
        case .identityNumber where count >= 15:
            let first = audience == .operators ? 6 : 3
            return (first, count - first - 4, 4)
        case .mobile where count >= 10:
            return (3, count - 7, 4)
        case .identityNumber, .mobile:
            let last = count > 5 ? 2 : 0
            return (0, count - last, last)
        case .personName:
            return count == 1 ? (0, 1, 0) : (1, count - 1, 0)
        case .text, .code:
            return (0, 3, 0)
        }
    }
}

extension Masking {
    /// The masking that an option of a field asks for; nil where the field is not sensitive.
    static func of(_ mask: Qiao_Records_V1_Mask) throws(SchemaError) -> Masking? {
        switch mask {
        case .unspecified: nil
        case .identityNumber: .identityNumber
        case .mobile: .mobile
        case .personName: .personName
        case .text: .text
        case .code: .code
        case .UNRECOGNIZED(let number): throw SchemaError("there is no mask \(number)")
        }
    }
}

extension RecordBuffer {
    fileprivate mutating func append(stars count: Int) {
        var left = count
        let stars: UInt64 = 0x2A2A_2A2A_2A2A_2A2A
        while left > 0 {
            append(words: (stars, stars, stars, stars), count: min(left, 32))
            left -= 32
        }
    }
}

extension Span<UInt8> {
    // How many bytes each character has, where all are ASCII or all are Chinese, as they mostly are; else nil.
    fileprivate var characterWidth: Int? {
        if isASCII { return 1 }
        var at = 0
        while count &- at >= 3 {
            // From U+1000 to U+CFFF: nothing overlong, no surrogates.
            guard self[at] &- 0xE1 < 0x0C, self[at &+ 1] & 0xC0 == 0x80, self[at &+ 2] & 0xC0 == 0x80 else {
                return nil
            }
            at &+= 3
        }
        return at == count ? 3 : nil
    }

    private var isASCII: Bool {
        let raw = bytes
        var all: UInt64 = 0
        var at = 0
        // Any eight bytes are a valid word, and the loads are checked against the bounds of the span.
        while count &- at >= 8 {
            all |= raw.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
            at &+= 8
        }
        while at < count { all |= UInt64(self[at]); at &+= 1 }
        return all & 0x8080_8080_8080_8080 == 0
    }

    // The number of Unicode scalars in UTF-8.
    fileprivate var characterCount: Int {
        var count = 0
        for index in 0..<self.count where self[index] & 0xC0 != 0x80 { count += 1 }
        return count
    }

    // Where the scalar of this index starts; the end for the index behind the last.
    fileprivate func offset(ofCharacter wanted: Int) -> Int {
        var seen = 0
        for index in 0..<count where self[index] & 0xC0 != 0x80 {
            if seen == wanted { return index }
            seen += 1
        }
        return count
    }
}
