import CanonicalRecords

/// The resident identity number of GB 11643: 6 digits of area, 8 of birth, 3 of sequence, and an ISO 7064 MOD 11-2 check.
///
/// What is written always has 18 characters, a capital X and a right check character. Nothing is ever repaired: a number
/// whose digits a spreadsheet has rounded away is rejected even where the rest would pass.
enum IdentityNumber {
    /// Converts a number as it was typed: full width, quotes, blanks, `x × х` as X, 15 digits.
    static func convert(_ raw: Span<UInt8>, into output: inout RecordBuffer) -> ValueOutcome {
        if raw.count == 18, verdict(raw).isEmpty {
            output.append(raw)
            return .text()
        }
        if raw.count == 19, raw[0] == 0x27 || raw[0] == 0x09, verdict(raw.extracting(1..<19)).isEmpty {
            output.append(raw.extracting(1..<19))
            return .text()
        }
        var folded = FoldedValue(raw)
        if folded.isEmpty { return .empty }
        if NullWords.contains(folded) { return .nullWord }
        if folded.overflowed { return .rejected(.tooLong) }
        let issues = normalise(&folded)
        if !issues.isEmpty { return ValueOutcome(result: .rejected, issues: issues, number: 0, scale: 0) }
        let upgraded = folded.count == 15
        if upgraded { upgrade(&folded) }
        let found = verdict(folded.span, isAsFiled: !upgraded)
        guard found.isSubset(of: .keptIdentityNumber) else {
            return ValueOutcome(result: .rejected, issues: found, number: 0, scale: 0)
        }
        output.append(folded.span)
        return .text(upgraded ? found.union(ValueIssues(.identityNumberUpgraded)) : found)
    }

    /// What is wrong with 18 normalised characters; empty when the number is good. One rejecting issue at most.
    ///
    /// - Parameter isAsFiled: Whether the document has all 18, so that a spreadsheet may have rounded the last three to 0.
    ///   It keeps 15 digits as they are.
    static func verdict(_ number: Span<UInt8>, isAsFiled: Bool = true) -> ValueIssues {
        guard number.count == 18 else { return ValueIssues(.identityNumberLength) }
        guard Digits.areEight(number, at: 0), Digits.areEight(number, at: 8), Digits.areEight(number, at: 9) else {
            return ValueIssues(.identityNumberCharacters)
        }
        let sum = weightedSum(of: number)
        let check = number[17] == 0x58 ? 10 : Int(number[17]) - 0x30
        guard check >= 0, check <= 10 else { return ValueIssues(.identityNumberCharacters) }
        if isAsFiled, number[15] == 0x30, number[16] == 0x30, number[17] == 0x30 {
            return ValueIssues(.identityNumberLostDigits)
        }
        guard CalendarDate(identityNumber: number).isPossibleBirth else { return ValueIssues(.identityNumberDate) }
        if number[14] == 0x30, number[15] == 0x30, number[16] == 0x30 { return ValueIssues(.identityNumberSequence) }
        // The weights are 2^(17−i): doubling the sum at every digit leaves one factor of 2 for the check's own weight of 1.
        guard (sum * 2 + check) % 11 == 1 else { return ValueIssues(.identityNumberChecksum) }
        let area = Digits.value(of: number, in: 0..<6)
        return IdentityAreas.isKnown(area) ? [] : ValueIssues(.identityNumberArea)
    }

    /// Evens out what people type; a non-empty result rejects the value before its digits are looked at.
    private static func normalise(_ folded: inout FoldedValue) -> ValueIssues {
        replaceCheckLookalike(&folded)
        if Digits.isScientific(folded.span) { return ValueIssues(.identityNumberLostDigits) }
        var digits = 0
        for index in 0..<folded.count {
            if folded[index] == 0x2A { return ValueIssues(.identityNumberMasked) }
            if folded[index] &- 0x30 <= 9 { digits += 1 }
        }
        if folded.count == 18 || folded.count == 15 && digits == 15 { return [] }
        switch IdentityDocument.detect(folded.span) {
        case .residentCard, .unknown: break
        default: return ValueIssues(.identityNumberOtherDocument)
        }
        return ValueIssues(digits >= folded.count - 1 ? .identityNumberLength : .identityNumberCharacters)
    }

    // x, ×, Cyrillic х Х, Greek χ Χ and the Roman numeral ten, only as the last character. Full-width Ｘ was folded before.
    private static func replaceCheckLookalike(_ folded: inout FoldedValue) {
        guard let start = Scalars.startOfLast(in: folded.span) else { return }
        var index = start
        switch Unicode.Scalar(Scalars.next(in: folded.span, at: &index, end: folded.count)) {
        case "x", "×", "х", "Х", "χ", "Χ", "Ⅹ", "ⅹ", "✕", "╳":
            folded.truncate(to: start)
            folded.append(byte: 0x58)
        default: break
        }
    }

    // GB 11643-1999: the century is 19; the sequences 996…999 were kept for people who were over a hundred, hence 18.
    private static func upgrade(_ folded: inout FoldedValue) {
        let sequence = Digits.value(of: folded.span, in: 12..<15)
        let old = folded
        folded.truncate(to: 6)
        folded.append(byte: 0x31)
        folded.append(byte: sequence >= 996 ? 0x38 : 0x39)
        for index in 6..<15 { folded.append(byte: old[index]) }
        folded.append(byte: checkCharacter(of: folded.span))
    }

    /// The sex that 18 normalised characters say, by GB/T 2261.1: 1 male, 2 female.
    @inline(__always)
    static func sex(of number: Span<UInt8>) -> Int32 { number[16] & 1 == 1 ? 1 : 2 }

    // The sum of the first 17 digits, each twice as heavy as the next one.
    @inline(__always)
    private static func weightedSum(of digits: Span<UInt8>) -> Int {
        (Digits.doublingSum(digits, at: 0) &<< 8 &+ Digits.doublingSum(digits, at: 8)) &* 2
            &+ Int(digits[16] &- 0x30)
    }

    /// The check character of 17 digits: `0`…`9` or `X`.
    static func checkCharacter(of body: Span<UInt8>) -> UInt8 {
        let sum = weightedSum(of: body)
        let check = (12 - sum * 2 % 11) % 11
        return check == 10 ? 0x58 : UInt8(truncatingIfNeeded: 0x30 + check)
    }
}

extension ValueIssues {
    /// What is told of a number that is kept nevertheless.
    static let keptIdentityNumber = ValueIssues(.identityNumberArea)
}
