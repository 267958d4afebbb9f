/// Values out of a fixed list: yes or no, enumeration values, code tables.
enum ChoiceValue {
    /// Converts 是, 否, 有, 无, √, ×, 1, 0, true, false, Y, N to 1 or 0. Here 无 means "no", not "nothing".
    static func convertBoolean(_ raw: Span<UInt8>) -> ValueOutcome {
        let trimmed = TextValue.trimBlanks(raw)
        if trimmed.isEmpty { return .empty }
        if let number = booleans.number(for: trimmed) { return .number(Int64(number)) }
        let folded = FoldedValue(trimmed)
        if folded.isEmpty { return .empty }
        return NullWords.contains(folded) ? .nullWord : .rejected(.booleanUnknown)
    }

    /// Converts a code, name, title or term to the number it stands for in `terms`.
    ///
    /// The terms come first, so that a list that has 无 or 不详 among its terms gets it. A code of one or two
    /// digits that is not found is looked up with a leading zero, which spreadsheets drop.
    static func convert(_ raw: Span<UInt8>, terms: TermIndex, unknown: ValueIssue = .enumerationUnknown) -> ValueOutcome
    {
        let trimmed = TextValue.trimBlanks(raw)
        if trimmed.isEmpty { return .empty }
        if let number = terms.number(for: trimmed) { return .number(Int64(number)) }
        let folded = FoldedValue(trimmed)
        if folded.isEmpty { return .empty }
        if NullWords.contains(folded) { return .nullWord }
        return withLeadingZero(folded, terms).map { .number(Int64($0)) } ?? .rejected(unknown)
    }

    private static func withLeadingZero(_ folded: FoldedValue, _ terms: TermIndex) -> Int32? {
        guard folded.count <= 2, Digits.areAll(folded.span, in: 0..<folded.count) else { return nil }
        var padded = FoldedValue(Span())
        padded.append(byte: 0x30)
        for index in 0..<folded.count { padded.append(byte: folded[index]) }
        return terms.number(forExact: padded.span)
    }

    /// The words for yes and no, for the documentation.
    static let yes = ["是", "有", "对", "已", "√", "✓", "✔", "☑", "1", "true", "yes", "y", "t", "真", "属于", "是的"]
    /// See ``yes``.
    static let no = ["否", "无", "没有", "不是", "未", "×", "✗", "✘", "☐", "x", "0", "false", "no", "n", "f", "假", "不属于"]

    private static let booleans = TermIndex(terms: yes.map { ($0, 1) } + no.map { ($0, 0) })
}
