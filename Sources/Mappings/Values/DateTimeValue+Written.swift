// The forms that spreadsheets and people write, straight from the bytes; nil where there is anything to doubt, to tell or to
// fold.
extension DateTimeValue {
    /// `2026/1/5 8:38` with `/`, `-` or `.`, `2026年1月5日 8时38分`, either half with the other's, and seconds.
    static func written(_ raw: Span<UInt8>, _ options: ValueOptions) -> Moment? {
        guard raw.count >= 13, raw.count <= 33, Digits.areAll(raw, in: 0..<4) else { return nil }
        var index = 4
        guard let date = day(raw, &index, year: Digits.value(of: raw, in: 0..<4)) else { return nil }
        var moment = Moment(date: date, offset: options.zone.minutes)
        moment.hour = number(raw, &index)
        let isHan = index < raw.count && raw[index] != 0x3A
        guard moment.hour >= 0, isHan ? pass(0xE697B6, raw, &index) : pass(0x3A, raw, &index) else { return nil }
        moment.minute = number(raw, &index)
        guard moment.minute >= 0 else { return nil }
        if isHan {
            guard pass(0xE58886, raw, &index) else { return nil }
            if index == raw.count { return moment }
        } else {
            if index == raw.count { return moment }
            guard pass(0x3A, raw, &index) else { return nil }
        }
        moment.second = number(raw, &index)
        guard moment.second >= 0, !isHan || pass(0xE7A792, raw, &index), index == raw.count else { return nil }
        return moment
    }

    // What follows the year, up to the time.
    @inline(__always)
    private static func day(_ raw: Span<UInt8>, _ index: inout Int, year: Int) -> CalendarDate? {
        let isHan = raw[4] == 0xE5
        guard isHan ? pass(0xE5B9B4, raw, &index) : (0x2D...0x2F).contains(raw[4]) else { return nil }
        if !isHan { index += 1 }
        let month = number(raw, &index)
        guard month > 0, isHan ? pass(0xE69C88, raw, &index) : pass(UInt32(raw[4]), raw, &index) else { return nil }
        let day = number(raw, &index)
        guard day > 0, !isHan || pass(0xE697A5, raw, &index) else { return nil }
        let isBlank = pass(0x20, raw, &index)
        return isHan || isBlank ? CalendarDate(year: year, month: month, day: day) : nil
    }

    // One or two digits; -1 when there are none.
    @inline(__always)
    private static func number(_ raw: Span<UInt8>, _ index: inout Int) -> Int {
        guard index < raw.count, raw[index] &- 0x30 <= 9 else { return -1 }
        var value = Int(raw[index] &- 0x30)
        index += 1
        if index < raw.count, raw[index] &- 0x30 <= 9 {
            value = value * 10 + Int(raw[index] &- 0x30)
            index += 1
        }
        return value
    }

    // Whether a mark comes, whose UTF-8 bytes are given as one number.
    @inline(__always)
    private static func pass(_ mark: UInt32, _ raw: Span<UInt8>, _ index: inout Int) -> Bool {
        if mark < 0x80 {
            guard index < raw.count, UInt32(raw[index]) == mark else { return false }
            index += 1
            return true
        }
        guard index + 3 <= raw.count else { return false }
        let bytes = UInt32(raw[index]) << 16 | UInt32(raw[index + 1]) << 8 | UInt32(raw[index + 2])
        guard bytes == mark else { return false }
        index += 3
        return true
    }
}
