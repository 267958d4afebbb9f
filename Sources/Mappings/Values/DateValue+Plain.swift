// The commonest forms, straight from the bytes; nil where there is anything to doubt, to tell or to fold.
extension DateValue {
    /// `YYYYMMDD`, `YYYY.MM`, `YYYY/M/D`, `YYYY年M月`, `YYYY年M月D日` and their like.
    @inline(__always)
    static func plainDate(_ raw: Span<UInt8>) -> CalendarDate? {
        guard raw.count >= 6, raw.count <= 17, Digits.areAll(raw, in: 0..<4) else { return nil }
        let year = Digits.value(of: raw, in: 0..<4)
        let date: CalendarDate? =
            switch raw[4] {
            case 0x30...0x39: compactDay(raw, year)
            case 0x2D...0x2F: markedDate(raw, year)
            case 0xE5: hanDate(raw, year)
            default: nil
            }
        return date.flatMap { $0.isPossible ? $0 : nil }
    }

    private static func compactDay(_ raw: Span<UInt8>, _ year: Int) -> CalendarDate? {
        guard raw.count == 8, Digits.areAll(raw, in: 4..<8) else { return nil }
        let (month, day) = (Digits.value(of: raw, in: 4..<6), Digits.value(of: raw, in: 6..<8))
        return month > 0 && day > 0 ? CalendarDate(year: year, month: month, day: day) : nil
    }

    private static func markedDate(_ raw: Span<UInt8>, _ year: Int) -> CalendarDate? {
        var index = 5
        let month = number(raw, at: &index)
        guard month > 0 else { return nil }
        if index == raw.count {
            // 1985.1 may have lost its last 0, which must be told.
            return month == 1 && raw.count == 6 ? nil : CalendarDate(year: year, month: month)
        }
        guard raw[index] == raw[4] else { return nil }
        index += 1
        let day = number(raw, at: &index)
        return day > 0 && index == raw.count ? CalendarDate(year: year, month: month, day: day) : nil
    }

    private static func hanDate(_ raw: Span<UInt8>, _ year: Int) -> CalendarDate? {
        guard isMark(raw, at: 4, 0xE5B9B4) else { return nil }
        var index = 7
        let month = number(raw, at: &index)
        guard month > 0, isMark(raw, at: index, 0xE69C88) else { return nil }
        index += 3
        if index == raw.count { return CalendarDate(year: year, month: month) }
        let day = number(raw, at: &index)
        guard day > 0, index + 3 == raw.count, isMark(raw, at: index, 0xE697A5) else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    // The UTF-8 bytes of 年, 月 or 日 as one number.
    @inline(__always)
    private static func isMark(_ raw: Span<UInt8>, at index: Int, _ mark: UInt32) -> Bool {
        guard index + 3 <= raw.count else { return false }
        return UInt32(raw[index]) << 16 | UInt32(raw[index + 1]) << 8 | UInt32(raw[index + 2]) == mark
    }

    // One or two digits; 0 when there are none.
    @inline(__always)
    private static func number(_ raw: Span<UInt8>, at index: inout Int) -> Int {
        var value = 0
        let end = min(index + 2, raw.count)
        while index < end, raw[index] &- 0x30 <= 9 {
            value = value * 10 + Int(raw[index] &- 0x30)
            index += 1
        }
        return value
    }
}
