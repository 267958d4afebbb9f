import CanonicalRecords

/// The unified social credit code of GB 32100: 18 characters of a 31-letter alphabet, the last one a check, an organisation
/// code of GB 11714 within.
///
/// Codes were issued that fail the check, so a wrong check is told and the code kept.
enum SocialCreditCode {
    /// Converts a code: full width, blanks and hyphens removed, capitals.
    static func convert(_ raw: Span<UInt8>, into output: inout RecordBuffer) -> ValueOutcome {
        if raw.count == 18, verdict(raw).isEmpty {
            output.append(raw)
            return .text()
        }
        var folded = FoldedValue(raw)
        if folded.isEmpty { return .empty }
        if NullWords.contains(folded) { return .nullWord }
        if folded.overflowed { return .rejected(.tooLong) }
        if Digits.isScientific(folded.span) { return .rejected(.lostDigits) }
        folded.remove(0x2D)
        folded.uppercase()
        let issues = verdict(folded.span)
        guard issues.isSubset(of: kept) else {
            return ValueOutcome(result: .rejected, issues: issues, number: 0, scale: 0)
        }
        output.append(folded.span)
        return .text(issues)
    }

    /// What is wrong with a normalised code.
    static func verdict(_ code: Span<UInt8>) -> ValueIssues {
        guard code.count == 18 else { return ValueIssues(.socialCreditCodeLength) }
        var sum = 0
        // The weights are 3^i: Horner's scheme from the right needs no table.
        for index in stride(from: 16, through: 0, by: -1) {
            let value = Self.value(of: code[index])
            guard value >= 0 else { return ValueIssues(.socialCreditCodeCharacters) }
            sum = sum &* 3 &+ value
        }
        let check = value(of: code[17])
        guard check >= 0, Digits.areAll(code, in: 2..<8) else { return ValueIssues(.socialCreditCodeCharacters) }
        var issues: ValueIssues = []
        if (sum + check) % 31 != 0 { issues.insert(.socialCreditCodeChecksum) }
        if !isOrganisationCode(code.extracting(8..<17)) { issues.insert(.socialCreditCodeOrganisation) }
        return issues
    }

    /// Whether nine characters are an organisation code of GB 11714.
    static func isOrganisationCode(_ code: Span<UInt8>) -> Bool {
        guard code.count == 9 else { return false }
        var sum = 0
        for index in 0..<8 {
            let byte = code[index]
            let value = byte &- 0x30 <= 9 ? Int(byte) - 0x30 : Int(byte) - 0x37
            guard value >= 0, value < 36 else { return false }
            // 3 7 9 10 5 8 4 2, one hexadecimal digit each.
            sum += value * (0x2485_A973 >> (4 * index) & 0xF)
        }
        switch 11 - sum % 11 {
        case 10: return code[8] == 0x58
        case 11: return code[8] == 0x30
        case let check: return Int(code[8]) == 0x30 + check
        }
    }

    // 0–9, then A–Y without I, O, S, V: the value of a letter is its place among those that are used. Z has none either.
    @inline(__always)
    private static func value(of byte: UInt8) -> Int {
        if byte &- 0x30 <= 9 { return Int(byte) - 0x30 }
        switch byte {
        case 0x41...0x48: return Int(byte) - 0x41 + 10
        case 0x4A...0x4E: return Int(byte) - 0x42 + 10
        case 0x50...0x52: return Int(byte) - 0x43 + 10
        case 0x54...0x55: return Int(byte) - 0x44 + 10
        case 0x57...0x59: return Int(byte) - 0x45 + 10
        default: return -1
        }
    }

    private static let kept: ValueIssues = [
        ValueIssues(.socialCreditCodeChecksum), ValueIssues(.socialCreditCodeOrganisation),
    ]
}
