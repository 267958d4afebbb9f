/// Amounts of money, in fen, exactly.
enum MoneyValue {
    /// Converts `1,234.56`, `￥1,234.5元`, `26万元`, `3.5亿`, `-5`. Without a unit the mapping's ``ValueOptions/moneyExponent`` counts;
    /// a unit in the value wins over it.
    static func convert(_ raw: Span<UInt8>, options: ValueOptions = ValueOptions()) -> ValueOutcome {
        let folded = FoldedValue(raw, blanks: .separate)
        if folded.isEmpty { return .empty }
        if NullWords.contains(folded) { return .nullWord }
        if folded.overflowed { return .rejected(.moneyFormat) }
        do {
            let number = try DecimalNumber.read(folded.span, at: start(folded.span))
            guard let exponent = unit(folded, from: number.end, default: options.moneyExponent) else {
                return .rejected(.moneyFormat)
            }
            let yuan = DecimalNumber(mantissa: number.mantissa, scale: number.scale - exponent, end: number.end)
            guard let fen = try yuan.scaled(to: 2) else { return .rejected(.moneyPrecision) }
            return .number(fen)
        } catch {
            return .rejected(error == .range ? .numberRange : .moneyFormat)
        }
    }

    // ￥ (¥ was folded into it), RMB, CNY, 人民币.
    private static func start(_ text: Span<UInt8>) -> Int {
        var index = 0
        while index < text.count {
            var next = index
            switch Unicode.Scalar(Scalars.next(in: text, at: &next, end: text.count)) {
            case "￥", "人", "民", "币", "R", "M", "B", "C", "N", "Y", ":": index = next
            default: return index
            }
        }
        return index
    }

    // The power of ten of the unit, or nil for a unit that is none of money.
    private static func unit(_ folded: FoldedValue, from start: Int, default exponent: Int) -> Int? {
        guard start < folded.count else { return exponent }
        var index = start
        var found = 0
        var sawYuan = false
        while index < folded.count {
            switch Unicode.Scalar(Scalars.next(in: folded.span, at: &index, end: folded.count)) {
            case "万" where !sawYuan && found < 8: found += 4
            case "亿" where !sawYuan && found <= 4: found += 8
            case "千" where !sawYuan && found == 0: found = 3
            case "百" where !sawYuan && found == 0: found = 2
            case "元", "圆", "块": sawYuan = true
            case "整", "正": guard sawYuan else { return nil }
            default: return nil
            }
        }
        return found
    }
}
