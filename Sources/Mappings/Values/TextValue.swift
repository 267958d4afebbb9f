import CanonicalRecords

/// Free text: ends trimmed, invisible characters removed, full-width digits and letters made half width.
///
/// Chinese punctuation stays. Line breaks inside the text become LF, or a space where the mapping wants one line.
enum TextValue {
    /// Converts a text; never rejects one.
    static func convert(
        _ raw: Span<UInt8>, keepLineBreaks: Bool = true, into output: inout RecordBuffer
    ) -> ValueOutcome {
        let trimmed = trimBlanks(raw)
        if trimmed.isEmpty { return .empty }
        if NullWords.contains(trimmed) { return .nullWord }
        if isClean(trimmed) {
            output.append(trimmed)
            return .text()
        }
        return rewrite(trimmed, keepLineBreaks: keepLineBreaks, into: &output)
    }

    /// Converts a code that is kept as it was given, on one line; a number that a spreadsheet has rounded is rejected.
    static func convertCode(_ raw: Span<UInt8>, into output: inout RecordBuffer) -> ValueOutcome {
        let trimmed = trimBlanks(raw)
        if trimmed.count <= 32, Digits.isScientific(trimmed) { return .rejected(.lostDigits) }
        return convert(trimmed, keepLineBreaks: false, into: &output)
    }

    /// Removes ASCII blanks and control characters from both ends.
    @inline(__always)
    @_lifetime(copy raw)
    static func trimBlanks(_ raw: Span<UInt8>) -> Span<UInt8> {
        var start = 0
        var end = raw.count
        while start < end, raw[start] <= 0x20 { start += 1 }
        while end > start, raw[end - 1] <= 0x20 { end -= 1 }
        return raw.extracting(start..<end)
    }

    /// Whether no byte can belong to anything that ``rewrite`` changes.
    @inline(__always)
    static func isClean(_ text: Span<UInt8>) -> Bool {
        let first = text[0]
        if first == 0x27 || first == 0x60 || first == 0x3D { return false }
        return endOfClean(text, from: 0, to: text.count) == text.count
    }

    /// Where the first character begins, from `start` on, that ``rewrite`` may change.
    ///
    /// E3 80 80 (the ideographic space) shares its lead byte with 、。《》, E2 with “”…—, EF with ，：（）, so their second
    /// bytes decide.
    private static func endOfClean(_ text: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var index = start
        while index < end {
            // Blocks may end within a character; its other bytes are passed one by one, or with the next block.
            while index &+ 16 <= end, isCleanBlock(text, at: index) { index &+= 16 }
            index = passPlain(text, from: index, to: end)
            guard index < end else { return end }
            guard isHarmless(text[index], in: text, at: index &+ 1, to: end) else { return index }
            index &+= 3
        }
        return end
    }

    // Passes ASCII that can be seen, and characters that begin with E4 to EE.
    @inline(__always)
    private static func passPlain(_ text: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var index = start
        while index < end {
            let byte = text[index]
            if byte >= 0x20 && byte < 0x7F || byte >= 0x80 && byte < 0xC0 {
                index &+= 1
            } else {
                guard byte >= 0xE4, byte <= 0xEE else { break }
                index &+= 3
            }
        }
        return min(index, end)
    }

    private typealias Lanes = SIMD16<UInt8>

    // Whether all of sixteen bytes are ASCII that can be seen, or belong to characters that begin with E4 to EE.
    @inline(__always)
    private static func isCleanBlock(_ text: Span<UInt8>, at index: Int) -> Bool {
        let bytes = text.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: Lanes.self)
        // Controls are above everything else then.
        let seen = bytes &- Lanes(repeating: 0x20)
        let ends = lanes(seen .>= Lanes(repeating: 0xCF)) | lanes(bytes .== Lanes(repeating: 0x7F))
        let leads = lanes((bytes &- Lanes(repeating: 0xC0)) .<= Lanes(repeating: 0x23))
        let halves = unsafeBitCast(ends | leads, to: SIMD2<UInt64>.self)
        return halves.x | halves.y == 0
    }

    @inline(__always)
    private static func lanes(_ mask: SIMDMask<SIMD16<Int8>>) -> Lanes { unsafeBitCast(mask, to: Lanes.self) }

    /// Whether there is nothing but blanks of any width and characters of no width.
    @inline(__always)
    static func isBlank(_ raw: Span<UInt8>) -> Bool {
        let trimmed = trimBlanks(raw)
        // Of what is not ASCII, blanks begin with C2, E1, E2, E3 and EF; ideographs, but for rare ones, with E4 to E9.
        guard !trimmed.isEmpty, trimmed[0] >= 0xC2, trimmed[0] < 0xE4 || trimmed[0] == 0xEF else {
            return trimmed.isEmpty
        }
        return isBlankThroughout(trimmed)
    }

    private static func isBlankThroughout(_ text: Span<UInt8>) -> Bool {
        var index = 0
        while index < text.count {
            let scalar = Scalars.next(in: text, at: &index, end: text.count)
            guard scalar <= 0x20 || Scalars.isBlank(scalar) || Scalars.isInvisible(scalar) else { return false }
        }
        return true
    }

    private static func isHarmless(_ lead: UInt8, in text: Span<UInt8>, at index: Int, to end: Int) -> Bool {
        guard index + 1 < end else { return false }
        switch lead {
        case 0xE3: return text[index] != 0x80 || text[index + 1] != 0x80
        case 0xEF:
            return text[index] == 0xBC && text[index + 1] <= 0x8F || text[index] == 0xBC && text[index + 1] == 0x9A
        case 0xE2: return text[index] == 0x80 && (0x93...0x9D).contains(text[index + 1])
        default: return false
        }
    }

    private static func rewrite(
        _ text: Span<UInt8>, keepLineBreaks: Bool, into output: inout RecordBuffer
    ) -> ValueOutcome {
        let before = output.count
        var issues: ValueIssues = []
        var index = spreadsheetPrefix(of: text)
        let end = index == 2 ? text.count - 1 : text.count
        while index < end {
            let clean = endOfClean(text, from: index, to: end)
            output.append(text.extracting(index..<clean))
            index = clean
            guard index < end else { break }
            let scalar = Scalars.next(in: text, at: &index, end: end)
            switch scalar {
            case 0x0D:
                if index < end, text[index] == 0x0A { index += 1 }
                output.append(keepLineBreaks ? 0x0A : 0x20)
            case 0x0A, 0x2028, 0x2029: output.append(keepLineBreaks ? 0x0A : 0x20)
            case 0x00...0x08, 0x0B...0x1F, 0x7F...0x9F: issues.insert(.controlCharacter)
            case 0x09: output.append(0x20)
            case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: output.append(UInt8(scalar - 0xFEE0))
            default: append(scalar, into: &output)
            }
        }
        trim(&output, from: before)
        if output.count > before { return .text(issues) }
        return ValueOutcome(result: .empty, issues: issues, number: 0, scale: 0)
    }

    private static func append(_ scalar: UInt32, into output: inout RecordBuffer) {
        if Scalars.isBlank(scalar) {
            output.append(0x20)
        } else if !Scalars.isInvisible(scalar) {
            Scalars.encode(scalar) { output.append($0) }
        }
    }

    // A leading apostrophe is dropped only before a digit, where it is a spreadsheet's; `="…"` keeps what is within.
    private static func spreadsheetPrefix(of text: Span<UInt8>) -> Int {
        if text.count >= 3, text[0] == 0x3D, text[1] == 0x22, text[text.count - 1] == 0x22 { return 2 }
        if text.count >= 2, text[0] == 0x27, text[1] >= 0x30, text[1] <= 0x39 { return 1 }
        return 0
    }

    // Blanks that were full width or hidden behind invisible characters.
    private static func trim(_ output: inout RecordBuffer, from start: Int) {
        while output.count > start, let last = output.last, last <= 0x20 { output.truncate(to: output.count - 1) }
        var blanks = 0
        while start + blanks < output.count, output.bytes[start + blanks] <= 0x20 { blanks += 1 }
        if blanks > 0 { output.removeSubrange(start..<start + blanks) }
    }
}
