import CanonicalRecords

/// The kinds of identity documents that rosters hold besides the resident identity card.
enum IdentityDocument: Sendable, Hashable {
    case unknown
    /// GB 11643, with the residence permits for people from Hong Kong, Macao and Taiwan, which follow the same rule.
    case residentCard
    /// 护照.
    case passport
    /// 军官证, 士兵证, 文职干部证.
    case officerCard
    /// 港澳居民来往内地通行证.
    case homeReturnPermit
    /// 台湾居民来往大陆通行证.
    case taiwanPermit
    /// 外国人永久居留身份证.
    case permanentResidence
    /// 残疾人证: an identity number, the category (1–7) and the degree (1–4); `B1` and on where it was issued again.
    case disabilityCard

    /// Converts the number of a document of any kind. One that has the shape of an identity number is held to GB 11643.
    static func convert(_ raw: Span<UInt8>, into output: inout RecordBuffer) -> ValueOutcome {
        var folded = FoldedValue(raw)
        if folded.isEmpty { return .empty }
        if NullWords.contains(folded) { return .nullWord }
        if folded.overflowed { return .rejected(.tooLong) }
        folded.uppercase()
        let kind = detect(folded.span)
        if kind == .residentCard || Digits.isScientific(folded.span) {
            return IdentityNumber.convert(raw, into: &output)
        }
        if kind == .disabilityCard {
            let issues = IdentityNumber.verdict(folded.span.extracting(0..<18))
            guard issues.isSubset(of: .keptIdentityNumber) else {
                return ValueOutcome(result: .rejected, issues: issues, number: 0, scale: 0)
            }
            output.append(folded.span)
            return .text(issues)
        }
        output.append(folded.span)
        return kind == .unknown ? .text(ValueIssues(.identityDocumentUnknown)) : .text()
    }

    /// The kind that the pattern of a folded number suggests. A document type column, where there is one, knows better.
    static func detect(_ number: Span<UInt8>) -> IdentityDocument {
        guard number.count > 0 else { return .unknown }
        if isDisabilityCard(number) { return .disabilityCard }
        if isResidentCard(number) { return .residentCard }
        switch (number[0] | 0x20, number.count) {
        case (0x65, 9), (0x67, 9), (0x64, 9), (0x73, 9), (0x70, 9):
            // E, G: ordinary; D, S, P: diplomatic, service, public affairs. The second character may be a letter since 2012.
            return Digits.areAll(number, in: 2..<9) ? .passport : .unknown
        case (0x68, 9), (0x68, 11), (0x6D, 9), (0x6D, 11):
            return Digits.areAll(number, in: 1..<number.count) ? .homeReturnPermit : .unknown
        case (0x30...0x39, 8): return Digits.areAll(number, in: 0..<8) ? .taiwanPermit : .unknown
        case (_, 15):
            return isLetters(number, in: 0..<3) && Digits.areAll(number, in: 3..<15) ? .permanentResidence : .unknown
        default: return isOfficerCard(number) ? .officerCard : .unknown
        }
    }

    private static func isResidentCard(_ number: Span<UInt8>) -> Bool {
        switch number.count {
        case 15: return Digits.areAll(number, in: 0..<15)
        case 18: return Digits.areAll(number, in: 0..<17) && (number[17] &- 0x30 <= 9 || number[17] | 0x20 == 0x78)
        default: return number.count > 18 && number.count <= 20 && Digits.areAll(number, in: 0..<17)
        }
    }

    private static func isDisabilityCard(_ number: Span<UInt8>) -> Bool {
        guard number.count == 20 || number.count == 22 && number[20] | 0x20 == 0x62 && number[21] &- 0x30 <= 9 else {
            return false
        }
        return isResidentCard(number.extracting(0..<18)) && number[18] &- 0x31 < 7 && number[19] &- 0x31 < 4
    }

    private static func isLetters(_ number: Span<UInt8>, in range: Range<Int>) -> Bool {
        for index in range where (number[index] | 0x20) &- 0x61 > 25 { return false }
        return true
    }

    // 军字第1234567号, 南字第…, 士字第…: a Han character first and 字第 within.
    private static func isOfficerCard(_ number: Span<UInt8>) -> Bool {
        guard number.count >= 9, number[0] >= 0xE4, number[0] <= 0xE9 else { return false }
        var index = 0
        var previous: UInt32 = 0
        while index < number.count {
            let scalar = Scalars.next(in: number, at: &index, end: number.count)
            if previous == 0x5B57, scalar == 0x7B2C { return true }
            previous = scalar
        }
        return false
    }
}
