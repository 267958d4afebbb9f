import CanonicalRecords

/// Administrative area codes: 6 digits (GB/T 2260), 9 (GB/T 10114) or 12 (statistical), and codes of places below them.
enum AreaCode {
    /// Converts an area code; a county that the tables do not have is told where they cover its city.
    static func convert(_ raw: Span<UInt8>, into output: inout RecordBuffer) -> ValueOutcome {
        if isWellFormed(raw), isKnown(raw) {
            output.append(raw)
            return .text()
        }
        let folded = FoldedValue(raw)
        if folded.isEmpty { return .empty }
        if NullWords.contains(folded) { return .nullWord }
        if Digits.isScientific(folded.span) { return .rejected(.lostDigits) }
        guard !folded.overflowed, isWellFormed(folded.span) else {
            return .rejected(areSeveral(raw) ? .areaCodeSeveral : .areaCodeFormat)
        }
        // Without its blanks, `370827 370828` would be a code of 12 digits.
        if folded.count < raw.count, areSeveral(raw) { return .rejected(.areaCodeSeveral) }
        output.append(folded.span)
        return isKnown(folded.span) ? .text() : .text(ValueIssues(.areaCodeUnknown))
    }

    /// Converts a code of any length that must survive as it is: grid codes (CJ/T 349 has 20 digits), place codes, numbers
    /// of cases, grades. Full width becomes half width and blanks go; case is kept.
    static func convertCode(_ raw: Span<UInt8>, into output: inout RecordBuffer) -> ValueOutcome {
        if isPlainCode(raw) {
            output.append(raw)
            return .text()
        }
        let folded = FoldedValue(raw)
        if folded.isEmpty { return .empty }
        if NullWords.contains(folded) { return .nullWord }
        if folded.overflowed { return .rejected(.tooLong) }
        if Digits.isScientific(folded.span) { return .rejected(.lostDigits) }
        output.append(folded.span)
        return .text()
    }

    // Without `E` and `e` nothing can be a spreadsheet's number, and a digit in front cannot begin a null word.
    @inline(__always)
    private static func isPlainCode(_ code: Span<UInt8>) -> Bool {
        guard code.count > 0, code.count <= FoldedValue.capacity, code[0] &- 0x30 <= 9 else { return false }
        for index in 0..<code.count {
            let byte = code[index]
            let isLetter = (byte | 0x20) &- 0x61 <= 25 && byte | 0x20 != 0x65
            guard byte &- 0x30 <= 9 || isLetter || byte == 0x2D || byte == 0x5F else { return false }
        }
        return true
    }

    @inline(__always)
    private static func isWellFormed(_ code: Span<UInt8>) -> Bool {
        (code.count == 6 || code.count == 9 || code.count == 12) && Digits.areAll(code, in: 0..<code.count)
    }

    // Whether there are several codes, apart from each other. Blanks also stand within one, as in `370827 001 001`: where two
    // codes of 6 digits might be one of 12, the second must be a county of the same province, which no sub-district is called by.
    private static func areSeveral(_ raw: Span<UInt8>) -> Bool {
        let folded = FoldedValue(raw, blanks: .collapse)
        let text = folded.span.withUnsafeBufferPointer { Array($0) }
        let codes = text.split { $0 &- 0x30 > 9 }
        let signs = text.filter { $0 &- 0x30 > 9 }
        guard !folded.overflowed, codes.count > 1, codes.allSatisfy({ isWellFormed($0.span) }) else { return false }
        guard signs.allSatisfy({ $0 == 0x20 }) else { return signs.allSatisfy(" ,;/|、".utf8.contains) }
        guard codes.count == 2, codes[0].count + codes[1].count == 12 else { return true }
        let second = codes[1]
        return isKnown(second.span) && codes[0].prefix(2) == second.prefix(2)
    }

    private static func isKnown(_ code: Span<UInt8>) -> Bool {
        let county = Digits.value(of: code, in: 0..<6)
        return IdentityAreas.isProvince(county / 10_000) && IdentityAreas.isCounty(county) != false
    }
}
