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
        guard !folded.overflowed, isWellFormed(folded.span) else { return .rejected(.areaCodeFormat) }
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

    private static func isKnown(_ code: Span<UInt8>) -> Bool {
        let county = Digits.value(of: code, in: 0..<6)
        return IdentityAreas.isProvince(county / 10_000) && IdentityAreas.isCounty(county) != false
    }
}
