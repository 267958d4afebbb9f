import CanonicalRecords

/// A person's name: blanks between Han characters go (张　三 → 张三), every kind of middle dot becomes U+00B7.
///
/// Names in Latin letters keep single spaces. Digits and symbols are kept and told.
enum PersonNameValue {
    /// Converts a name; rejects only what is longer than any name.
    static func convert(_ raw: Span<UInt8>, into output: inout RecordBuffer) -> ValueOutcome {
        let trimmed = TextValue.trimBlanks(raw)
        if trimmed.isEmpty { return .empty }
        if NullWords.contains(trimmed) { return .nullWord }
        if isPlainHan(trimmed) {
            output.append(trimmed)
            return .text()
        }
        return rewrite(trimmed, into: &output)
    }

    // Three-byte lead bytes E4…E9 cover the common Han characters: nearly every name.
    @inline(__always)
    private static func isPlainHan(_ name: Span<UInt8>) -> Bool {
        guard name.count % 3 == 0, name.count <= 30 else { return false }
        var index = 0
        while index < name.count {
            guard name[index] >= 0xE4, name[index] <= 0xE9 else { return false }
            index += 3
        }
        return true
    }

    private static func rewrite(_ name: Span<UInt8>, into output: inout RecordBuffer) -> ValueOutcome {
        let folded = FoldedValue(name, blanks: .collapse)
        if folded.overflowed { return .rejected(.tooLong) }
        if folded.isEmpty { return .empty }
        if NullWords.contains(folded) { return .nullWord }
        var issues: ValueIssues = []
        var index = 0
        var previous: UInt32 = 0
        while index < folded.count {
            let scalar = Scalars.next(in: folded.span, at: &index, end: folded.count)
            let following = peek(folded, at: index)
            if scalar == 0x20, !isLatin(previous) || !isLatin(following) { continue }
            let written = isMiddleDot(scalar, between: previous, and: following) ? 0xB7 : scalar
            if !isNameCharacter(written) { issues.insert(.personNameCharacters) }
            Scalars.encode(written) { output.append($0) }
            previous = scalar
        }
        return .text(issues)
    }

    private static func peek(_ folded: FoldedValue, at index: Int) -> UInt32 {
        guard index < folded.count else { return 0 }
        var next = index
        return Scalars.next(in: folded.span, at: &next, end: folded.count)
    }

    private static func isLatin(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x2C, 0x2E, 0x27, 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F: true
        default: false
        }
    }

    private static func isMiddleDot(_ scalar: UInt32, between left: UInt32, and right: UInt32) -> Bool {
        switch scalar {
        case 0xB7, 0x0387, 0x2022, 0x2027, 0x2219, 0x22C5, 0x2E31, 0x30FB, 0xFF65: true
        case 0x2E: Scalars.isHan(left) && Scalars.isHan(right)
        default: false
        }
    }

    private static func isNameCharacter(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x20, 0x27, 0x2D, 0x2E, 0x41...0x5A, 0x61...0x7A, 0xB7: true
        default:
            scalar >= 0xC0 && scalar != 0xFFFD && !(0x2000...0x2BFF).contains(scalar)
                && !(0x3000...0x3006).contains(scalar) && !(0x1F000...0x1FFFF).contains(scalar)
                && !(0xE000...0xF8FF).contains(scalar)
        }
    }
}
