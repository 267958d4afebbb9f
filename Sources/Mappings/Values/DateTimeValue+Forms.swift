extension DateTimeValue {
    /// `2026-11-21T08:00:00` or with a blank for the T, bare or with the offset of the mapping: what systems write.
    @inline(__always)
    static func plain(_ raw: Span<UInt8>, _ options: ValueOptions) -> Moment? {
        guard raw.count == 19 || raw.count == 25, raw[10] == 0x54 || raw[10] == 0x20,
            let day = Digits.eight(raw, at: 0, like: dayForm), let rest = Digits.eight(raw, at: 2, like: restForm),
            let time = Digits.eight(raw, at: 11, like: timeForm)
        else { return nil }
        if raw.count == 25 {
            // The two digits before the zone are those of the second.
            guard let zone = Digits.eight(raw, at: 17, like: options.zone.minutes < 0 ? westForm : eastForm),
                Digits.pair(zone, at: 3) * 60 + Digits.pair(zone, at: 6) == abs(options.zone.minutes)
            else { return nil }
        }
        let date = CalendarDate(
            year: Digits.pair(day, at: 0) * 100 + Digits.pair(day, at: 2), month: Digits.pair(day, at: 5),
            day: Digits.pair(rest, at: 6))
        return Moment(
            date: date, hour: Digits.pair(time, at: 0), minute: Digits.pair(time, at: 3),
            second: Digits.pair(time, at: 6), offset: options.zone.minutes)
    }

    // `0000-00-`, `00-00-00`, `00:00:00`, `00+00:00` and `00-00:00`.
    private static var dayForm: DigitForm { DigitForm(0x2D30_302D_3030_3030) }
    private static var restForm: DigitForm { DigitForm(0x3030_2D30_302D_3030) }
    private static var timeForm: DigitForm { DigitForm(0x3030_3A30_303A_3030) }
    private static var eastForm: DigitForm { DigitForm(0x3030_3A30_302B_3030) }
    private static var westForm: DigitForm { DigitForm(0x3030_3A30_302D_3030) }

    /// `20261121080000` and `202611210800`.
    static func compact(_ digits: Span<UInt8>, _ options: ValueOptions) -> Moment? {
        guard digits.count == 12 || digits.count == 14, Digits.areAll(digits, in: 0..<digits.count) else { return nil }
        let date = CalendarDate(
            year: Digits.value(of: digits, in: 0..<4), month: Digits.value(of: digits, in: 4..<6),
            day: Digits.value(of: digits, in: 6..<8))
        return Moment(
            date: date, hour: Digits.value(of: digits, in: 8..<10), minute: Digits.value(of: digits, in: 10..<12),
            second: digits.count == 14 ? Digits.value(of: digits, in: 12..<14) : 0, offset: options.zone.minutes)
    }

    /// `46347.3333`: the fraction of a day, to the nearest second.
    static func serial(_ tokens: DateTokens, _ text: Span<UInt8>, _ options: ValueOptions) -> Moment? {
        guard !tokens.isForeign, tokens.count == 2, tokens.width(0) == 5, tokens.mark(0) == .dot,
            tokens.mark(1) == .end,
            let date = DateValue.serial(tokens.value(0), options: options).date
        else { return nil }
        var scale = 1
        for _ in 0..<tokens.width(1) { scale *= 10 }
        let seconds = (tokens.value(1) * 86_400 + scale / 2) / scale
        let day = seconds == 86_400 ? CalendarDate(daysSince1970: date.daysSince1970 + 1) : date
        let rest = seconds % 86_400
        return Moment(
            date: day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60, offset: options.zone.minutes)
    }

    /// The index of the first number that belongs to the time.
    static func timeStart(_ tokens: DateTokens) -> Int {
        if tokens.width(0) == 8 { return 1 }
        return min(3, tokens.count)
    }

    /// Reads hour, minute, second, fraction and offset from the tokens; nil when they are out of order.
    static func time(_ tokens: DateTokens, from first: Int, _ text: Span<UInt8>, _ options: ValueOptions) -> Moment? {
        guard !tokens.isForeign else { return nil }
        var moment = Moment(date: CalendarDate(year: 0), offset: options.zone.minutes)
        var index = first
        guard tokens.width(index) <= 2 else { return nil }
        moment.hour = tokens.value(index)
        guard isHourMark(tokens.mark(index)) else { return nil }
        if index + 1 < tokens.count, !isOffsetMark(tokens.mark(index)) {
            index += 1
            guard tokens.width(index) <= 2 else { return nil }
            moment.minute = tokens.value(index)
            if index + 1 < tokens.count, tokens.mark(index) == .colon || tokens.mark(index) == .minute {
                index += 1
                guard tokens.width(index) <= 2 else { return nil }
                moment.second = tokens.value(index)
                if tokens.mark(index) == .dot, index + 1 < tokens.count {
                    index += 1
                    moment.nanosecond = nanoseconds(tokens.value(index), width: tokens.width(index))
                }
            }
        }
        guard offset(tokens, at: index, &moment) else { return nil }
        return halves(tokens, moment)
    }

    // The mark behind the last number of the time, and the offset that it may open.
    private static func offset(_ tokens: DateTokens, at index: Int, _ moment: inout Moment) -> Bool {
        switch tokens.mark(index) {
        case .zulu:
            moment.offset = 0
            return index + 1 == tokens.count
        case .plus, .hyphen:
            let next = index + 1
            guard next < tokens.count else { return false }
            var minutes = tokens.value(next)
            switch (tokens.width(next), tokens.count - next) {
            case (4, 1): minutes = minutes / 100 * 60 + minutes % 100
            case (2, 1): minutes *= 60
            case (2, 2) where tokens.mark(next) == .colon: minutes = minutes * 60 + tokens.value(next + 1)
            default: return false
            }
            moment.offset = tokens.mark(index) == .plus ? minutes : -minutes
            return true
        case .end, .hour, .minute, .second, .blank: return index + 1 == tokens.count
        default: return false
        }
    }

    // 下午3时 is 15:00; 上午12时 is midnight, 下午12时 noon; 下午15时 is what some systems write for 15:00.
    private static func halves(_ tokens: DateTokens, _ moment: Moment) -> Moment {
        var result = moment
        if tokens.isAfternoon, result.hour < 12 { result.hour += 12 }
        if tokens.isMorning, result.hour == 12 { result.hour = 0 }
        return result
    }

    private static func isHourMark(_ mark: DateMark) -> Bool {
        mark == .colon || mark == .hour || mark == .end || mark == .blank || isOffsetMark(mark)
    }

    private static func isOffsetMark(_ mark: DateMark) -> Bool {
        mark == .plus || mark == .hyphen || mark == .zulu
    }

    private static func nanoseconds(_ digits: Int, width: Int) -> Int {
        var value = digits
        for _ in width..<max(width, 9) { value *= 10 }
        return value
    }
}
