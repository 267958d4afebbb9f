import CanonicalRecords

/// Dates with a time, written as `2026-11-21T08:00:00+08:00` in the zone of the mapping.
///
/// A value that names its own offset is converted to the mapping's zone, so that written values compare as text. Missing
/// seconds are 00; a fraction of a second is kept as far as it is not zero; `24:00` is the next midnight. A date alone stays a date.
enum DateTimeValue {
    /// Converts a date-time: ISO 8601, `2026-11-21 08:00:00`, `2026/11/21 8:00`, `2026年11月21日 下午3时5分`, `20261121080000`, or a
    /// spreadsheet's day number with a fraction.
    static func convert(_ raw: Span<UInt8>, options: ValueOptions = ValueOptions(), into output: inout RecordBuffer)
        -> ValueOutcome
    {
        if let moment = plain(raw, options), moment.isPossible, moment.hour < 24 {
            if raw.count == 25, raw[10] == 0x54 {
                output.append(raw)
                return .text()
            }
            output.append(raw.extracting(0..<10))
            output.append(0x54)
            output.append(raw.extracting(11..<19))
            appendZone(options.zone, &output)
            return .text()
        }
        if let moment = written(raw, options), moment.isPossible, moment.hour < 24 {
            return finish(moment, options, into: &output)
        }
        return convertUnusual(raw, options: options, into: &output)
    }

    /// The same, whatever the form: slower.
    static func convertUnusual(_ raw: Span<UInt8>, options: ValueOptions, into output: inout RecordBuffer)
        -> ValueOutcome
    {
        let folded = FoldedValue(raw, blanks: .collapse)
        if folded.isEmpty { return .empty }
        if NullWords.contains(folded) { return .nullWord }
        if folded.overflowed { return .rejected(.dateTimeFormat) }
        if let moment = compact(folded.span, options) { return finish(moment, options, into: &output) }
        let tokens = DateTokens(folded)
        if let moment = serial(tokens, folded.span, options) {
            return finish(moment, options, ValueIssues(.dateSerial), into: &output)
        }
        let reading = DateValue.read(folded, options: options)
        guard let date = reading.date else {
            return .rejected(reading.issues.contains(.dateImpossible) ? .dateTimeImpossible : .dateTimeFormat)
        }
        let first = timeStart(tokens)
        if first >= tokens.count || date.day == 0 {
            date.append(to: &output)
            return .text(reading.issues.union(ValueIssues(.dateTimeDateOnly)))
        }
        guard var moment = time(tokens, from: first, folded.span, options) else { return .rejected(.dateTimeFormat) }
        moment.date = date
        return finish(moment, options, reading.issues, into: &output)
    }

    /// A day and a time of day, with the offset that was written or assumed.
    struct Moment {
        var date: CalendarDate
        var hour = 0
        var minute = 0
        var second = 0
        var nanosecond = 0
        var offset: Int

        var isPossible: Bool {
            date.day > 0 && date.month > 0 && date.isPossible && minute <= 59 && second <= 59 && abs(offset) <= 14 * 60
                && (hour <= 23 || hour == 24 && minute == 0 && second == 0 && nanosecond == 0)
        }
    }

    private static func finish(
        _ moment: Moment, _ options: ValueOptions, _ issues: ValueIssues = [], into output: inout RecordBuffer
    ) -> ValueOutcome {
        guard moment.isPossible else { return .rejected(.dateTimeImpossible) }
        let (date, minutes) = local(moment, options)
        guard date.isPossible else { return .rejected(.dateTimeImpossible) }
        date.append(to: &output)
        output.append(0x54)
        Digits.appendTwo(minutes / 60, 0x3A, to: &output)
        Digits.appendTwo(minutes % 60, 0x3A, to: &output)
        Digits.appendTwo(moment.second, to: &output)
        appendFraction(moment.nanosecond, &output)
        appendZone(options.zone, &output)
        return .text(issues)
    }

    /// The day that it is in the mapping's zone, where a time with an offset of its own stands behind a day: the midnight
    /// that begins March 1 here is `02-28T16:00Z`.
    static func localDay(_ folded: FoldedValue, of date: CalendarDate, _ options: ValueOptions) -> CalendarDate? {
        let tokens = DateTokens(folded)
        let first = timeStart(tokens)
        guard first < tokens.count, var moment = time(tokens, from: first, folded.span, options),
            moment.offset != options.zone.minutes
        else { return nil }
        moment.date = date
        guard moment.isPossible else { return nil }
        let day = local(moment, options).date
        return day.isPossible ? day : nil
    }

    // The day and the minute of it in the mapping's zone.
    private static func local(_ moment: Moment, _ options: ValueOptions) -> (date: CalendarDate, minutes: Int) {
        let minutes = moment.hour * 60 + moment.minute + options.zone.minutes - moment.offset
        guard minutes < 0 || minutes >= 1440 else { return (moment.date, minutes) }
        let days = minutes >= 0 ? minutes / 1440 : (minutes - 1439) / 1440
        return (CalendarDate(daysSince1970: moment.date.daysSince1970 + days), minutes - days * 1440)
    }

    private static func appendZone(_ zone: FixedZone, _ output: inout RecordBuffer) {
        output.append(zone.minutes < 0 ? 0x2D : 0x2B)
        Digits.appendTwo(abs(zone.minutes) / 60, 0x3A, to: &output)
        Digits.appendTwo(abs(zone.minutes) % 60, to: &output)
    }

    private static func appendFraction(_ nanosecond: Int, _ output: inout RecordBuffer) {
        guard nanosecond > 0 else { return }
        var digits = 9
        var value = nanosecond
        while value % 10 == 0 {
            value /= 10
            digits -= 1
        }
        output.append(0x2E)
        Digits.append(value, width: digits, to: &output)
    }
}
