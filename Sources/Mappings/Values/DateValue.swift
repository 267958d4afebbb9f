import CanonicalRecords

/// Dates as rosters have them, written as GB/T 7408.1 says, with the precision they were filed with.
///
/// | form | read as |
/// |---|---|
/// | `1985-03-01`, `1985/3/1`, `1985.3.1`, `19850301`, `1985年3月1日` | the day |
/// | `1985-03`, `1985.03`, `198503`, `1985年3月` | the month |
/// | `1985`, `1985年` | the year |
/// | `85.3`, `85年3月1日` | 00–29 are 2000–2029, 30–99 are 1930–1999; told |
/// | `31107` (five digits) | a spreadsheet's day number, from 1899-12-30, or from 1904-01-01 in 1904 mode; told |
/// | `二〇二三年十二月一日` | the day |
/// | any of them with a time behind | the day; where the time names an offset, the day that it is in the mapping's zone |
/// | `1985.1` | January; told, because a spreadsheet makes it of `1985.10` |
/// | `3/1/1985`, `850301` | nothing: the order, or the century and the form, would be a guess |
enum DateValue {
    /// Converts a date.
    static func convert(_ raw: Span<UInt8>, options: ValueOptions = ValueOptions(), into output: inout RecordBuffer)
        -> ValueOutcome
    {
        if isPlainDay(raw) {
            output.append(raw)
            return .text()
        }
        if let date = plainDate(raw) {
            date.append(to: &output)
            return .text()
        }
        let folded = FoldedValue(raw, blanks: .collapse)
        if folded.isEmpty { return .empty }
        if NullWords.contains(folded) { return .nullWord }
        if folded.overflowed { return .rejected(.dateFormat) }
        let reading = read(folded, options: options)
        guard let date = reading.date else {
            return ValueOutcome(result: .rejected, issues: reading.issues, number: 0, scale: 0)
        }
        (DateTimeValue.localDay(folded, of: date, options) ?? date).append(to: &output)
        return .text(reading.issues)
    }

    /// The date within normalised bytes that ``convert(_:options:into:)`` has written.
    static func parse(normalised bytes: Span<UInt8>) -> CalendarDate? {
        guard bytes.count == 4 || bytes.count == 7 || bytes.count >= 10, Digits.areAll(bytes, in: 0..<4) else {
            return nil
        }
        return CalendarDate(
            year: Digits.value(of: bytes, in: 0..<4), month: bytes.count >= 7 ? Digits.value(of: bytes, in: 5..<7) : 0,
            day: bytes.count >= 10 ? Digits.value(of: bytes, in: 8..<10) : 0)
    }

    /// A date, or the reason why there is none.
    struct Reading {
        var date: CalendarDate?
        var issues: ValueIssues = []

        init(_ date: CalendarDate, _ issues: ValueIssues = []) {
            self.date = date.isPossible ? date : nil
            self.issues = date.isPossible ? issues : ValueIssues(.dateImpossible)
        }

        init(_ issue: ValueIssue) {
            issues = ValueIssues(issue)
        }
    }

    static func read(_ folded: FoldedValue, options: ValueOptions) -> Reading {
        if Digits.areAll(folded.span, in: 0..<folded.count) { return compact(folded.span, options: options) }
        let tokens = DateTokens(folded)
        guard !tokens.isForeign, tokens.count > 0 else { return Reading(.dateFormat) }
        return read(tokens, options: options)
    }

    // YYYY-MM-DD that exists: the form that systems write.
    @inline(__always)
    private static func isPlainDay(_ raw: Span<UInt8>) -> Bool {
        // `0000-00-` and, two bytes further, `00-00-00`.
        guard raw.count == 10, let century = Digits.eight(raw, at: 0, like: DigitForm(0x2D30_302D_3030_3030)),
            let rest = Digits.eight(raw, at: 2, like: DigitForm(0x3030_2D30_302D_3030))
        else { return false }
        let date = CalendarDate(
            year: Digits.pair(century, at: 0) &* 100 &+ Digits.pair(rest, at: 0), month: Digits.pair(rest, at: 3),
            day: Digits.pair(rest, at: 6))
        return date.month > 0 && date.day > 0 && date.isPossible
    }

    /// Digits alone: 4, 5, 6 or 8 of them; 12 and 14 carry a time.
    static func compact(_ digits: Span<UInt8>, options: ValueOptions) -> Reading {
        switch digits.count {
        case 4: return Reading(CalendarDate(year: Digits.value(of: digits, in: 0..<4)))
        case 5: return serial(Digits.value(of: digits, in: 0..<5), options: options)
        case 6:
            let year = Digits.value(of: digits, in: 0..<4)
            guard year >= 1800, year <= 2199 else { return Reading(.dateAmbiguous) }
            return withMonth(year, Digits.value(of: digits, in: 4..<6))
        case 8, 12, 14:
            return whole(
                Digits.value(of: digits, in: 0..<4), Digits.value(of: digits, in: 4..<6),
                Digits.value(of: digits, in: 6..<8))
        default: return Reading(.dateFormat)
        }
    }

    static func serial(_ days: Int, options: ValueOptions) -> Reading {
        // 25569 is 1970-01-01 counted from 1899-12-30; 1904 mode counts from 1462 days later.
        let shift = options.uses1904Dates ? 1462 : 0
        return Reading(CalendarDate(daysSince1970: days + shift - 25_569), ValueIssues(.dateSerial))
    }

    private static func read(_ tokens: DateTokens, options: ValueOptions) -> Reading {
        if tokens.width(0) == 5, tokens.mark(0) == .dot, tokens.count == 2 {
            return serial(tokens.value(0), options: options)
        }
        if tokens.width(0) >= 6 {
            // `20260301 08:00`
            guard tokens.width(0) == 8, tokens.mark(0) == .blank || tokens.mark(0) == .time else {
                return Reading(.dateFormat)
            }
            return whole(tokens.value(0) / 10_000, tokens.value(0) / 100 % 100, tokens.value(0) % 100)
        }
        var issues: ValueIssues = []
        var year = tokens.value(0)
        switch tokens.width(0) {
        case 4: break
        case 1, 2:
            if tokens.width(2) == 4 { return Reading(.dateAmbiguous) }
            guard tokens.width(0) == 2 else { return Reading(.dateFormat) }
            year += year < 30 ? 2000 : 1900
            issues.insert(.dateTwoDigitYear)
        default: return Reading(.dateFormat)
        }
        return parts(tokens, year, issues)
    }

    private static func parts(_ tokens: DateTokens, _ year: Int, _ issues: ValueIssues) -> Reading {
        let mark = tokens.mark(0)
        if tokens.count == 1 {
            guard mark == .year else { return Reading(.dateFormat) }
            return Reading(CalendarDate(year: year), issues)
        }
        guard isYearMark(mark), tokens.width(1) <= 2 else { return Reading(.dateFormat) }
        if tokens.count == 2 {
            let next = tokens.mark(1)
            guard next == (mark == .year ? .month : .end) else { return Reading(.dateFormat) }
            var found = issues
            if mark == .dot, tokens.value(1) == 1, tokens.width(1) == 1 { found.insert(.dateLostZero) }
            return withMonth(year, tokens.value(1), found)
        }
        guard tokens.width(2) <= 2, isMonthMark(tokens.mark(1), after: mark), isDayMark(tokens.mark(2)) else {
            return Reading(.dateFormat)
        }
        return whole(year, tokens.value(1), tokens.value(2), issues)
    }

    private static func isYearMark(_ mark: DateMark) -> Bool {
        mark == .hyphen || mark == .slash || mark == .dot || mark == .year
    }

    private static func isMonthMark(_ mark: DateMark, after year: DateMark) -> Bool {
        year == .year ? mark == .month : isYearMark(mark)
    }

    // What may follow the day: nothing, 日, or a time.
    private static func isDayMark(_ mark: DateMark) -> Bool {
        mark == .end || mark == .day || mark == .blank || mark == .time
    }

    // A month or day of 0 would read as "not known": here it was written, and is impossible.
    private static func withMonth(_ year: Int, _ month: Int, _ issues: ValueIssues = []) -> Reading {
        month == 0 ? Reading(.dateImpossible) : Reading(CalendarDate(year: year, month: month), issues)
    }

    private static func whole(_ year: Int, _ month: Int, _ day: Int, _ issues: ValueIssues = []) -> Reading {
        month == 0 || day == 0
            ? Reading(.dateImpossible) : Reading(CalendarDate(year: year, month: month, day: day), issues)
    }
}
