/// Counts, decimals and percentages.
enum NumberValue {
    /// Converts a count of things: `1,234`, `60.0`, `60多户`, `约60人`, `1.2万`.
    ///
    /// 多, 余, 以上, +, ≥ say "at least", 约, 近, 左右 say "about": the number is taken and the rest is told. A measure word or
    /// two may follow. 不超过 and 以下 are not read: an upper bound is no count.
    static func convertCount(_ raw: Span<UInt8>) -> ValueOutcome {
        if let plain = plainCount(raw) { return .number(plain) }
        let folded = FoldedValue(raw, blanks: .separate)
        if let outcome = absent(folded) { return outcome }
        var issues: ValueIssues = []
        let start = skipQualifiers(folded, &issues)
        do {
            let number = try DecimalNumber.read(folded.span, at: start)
            guard let exponent = readTail(folded, from: number.end, &issues) else { return .rejected(.numberFormat) }
            let magnified = DecimalNumber(mantissa: number.mantissa, scale: number.scale - exponent, end: number.end)
            guard let value = try magnified.scaled(to: 0) else { return .rejected(.numberFormat) }
            return value < 0 ? .rejected(.numberRange) : .number(value, issues)
        } catch {
            return .rejected(error == .range ? .numberRange : .numberFormat)
        }
    }

    /// Converts a decimal: the digits in ``ValueOutcome/number``, those behind the point in ``ValueOutcome/scale``.
    static func convertDecimal(_ raw: Span<UInt8>) -> ValueOutcome {
        let folded = FoldedValue(raw, blanks: .separate)
        if let outcome = absent(folded) { return outcome }
        if Digits.isScientific(folded.span) { return .rejected(.lostDigits) }
        do {
            let number = try DecimalNumber.read(folded.span, at: 0)
            guard number.end == folded.count else { return .rejected(.numberFormat) }
            return .number(number.mantissa, scale: UInt8(number.scale))
        } catch {
            return .rejected(error == .range ? .numberRange : .numberFormat)
        }
    }

    /// Converts a percentage to percent: `61%`, `61`, `61.5％` and `百分之61` are 61, 61, 61.5 and 61. A bare fraction such as
    /// `0.61` stays 0.61 percent: whether it means 61 only the filer knows.
    static func convertPercentage(_ raw: Span<UInt8>) -> ValueOutcome {
        let folded = FoldedValue(raw, blanks: .separate)
        if let outcome = absent(folded) { return outcome }
        do {
            let number = try DecimalNumber.read(folded.span, at: startOfPercentage(folded.span))
            let isMarked = number.end == folded.count - 1 && folded[number.end] == 0x25
            guard number.end == folded.count || isMarked else { return .rejected(.percentageFormat) }
            guard number.mantissa >= 0 else { return .rejected(.numberRange) }
            var hundred: Int64 = 100
            for _ in 0..<min(16, number.scale) { hundred *= 10 }
            let issues: ValueIssues = number.mantissa > hundred ? ValueIssues(.percentageRange) : []
            return .number(number.mantissa, scale: UInt8(number.scale), issues)
        } catch {
            return .rejected(error == .range ? .numberRange : .percentageFormat)
        }
    }

    @inline(__always)
    private static func plainCount(_ raw: Span<UInt8>) -> Int64? {
        guard raw.count > 0, raw.count <= 18, Digits.areAll(raw, in: 0..<raw.count) else { return nil }
        return Int64(Digits.value(of: raw, in: 0..<raw.count))
    }

    private static func absent(_ folded: FoldedValue) -> ValueOutcome? {
        if folded.isEmpty { return .empty }
        if NullWords.contains(folded) { return .nullWord }
        return folded.overflowed ? .rejected(.numberFormat) : nil
    }

    // 百分之 is nine bytes.
    private static func startOfPercentage(_ text: Span<UInt8>) -> Int {
        var index = 0
        guard text.count > 9, Scalars.next(in: text, at: &index, end: 9) == 0x767E,
            Scalars.next(in: text, at: &index, end: 9) == 0x5206, Scalars.next(in: text, at: &index, end: 9) == 0x4E4B
        else { return 0 }
        return index
    }
}
