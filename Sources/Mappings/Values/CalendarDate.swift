import CanonicalRecords

/// A day, a month or a year of the proleptic Gregorian calendar.
struct CalendarDate: Sendable, Hashable {
    /// Four digits at most.
    var year: Int32
    /// 1–12; 0 when only the year is known.
    var month: Int32
    /// 1–31; 0 when only the month is known.
    var day: Int32

    @inline(__always)
    init(year: Int, month: Int = 0, day: Int = 0) {
        self.year = Int32(clamping: year)
        self.month = Int32(clamping: month)
        self.day = Int32(clamping: day)
    }

    /// The eight digits of birth within an identity number of 18 characters.
    init(identityNumber number: Span<UInt8>) {
        let digits = number.word64(at: 6)
        year = Int32(truncatingIfNeeded: Digits.pair(digits, at: 0) &* 100 &+ Digits.pair(digits, at: 2))
        month = Int32(truncatingIfNeeded: Digits.pair(digits, at: 4))
        day = Int32(truncatingIfNeeded: Digits.pair(digits, at: 6))
    }

    /// The day that is `days` after 1970-01-01.
    init(daysSince1970 days: Int) {
        // Eras of 400 years that begin on 1 March, so that the leap day comes last.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        self.init(
            year: yearOfEra + era * 400 + (month >= 10 ? 1 : 0), month: month < 10 ? month + 3 : month - 9,
            day: dayOfYear - (153 * month + 2) / 5 + 1)
    }

    /// Days after 1970-01-01, of a whole date.
    var daysSince1970: Int {
        let year = Int(self.year) - (month <= 2 ? 1 : 0)
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (Int(month) + (month > 2 ? -3 : 9)) + 2) / 5 + Int(day) - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Whether the calendar has it, at the precision it has, between 1800 and 2199: other years are slips of the pen.
    var isPossible: Bool {
        guard year >= 1800, year <= 2199 else { return false }
        if month == 0 { return day == 0 }
        guard month >= 1, month <= 12 else { return false }
        return day == 0 || day >= 1 && day <= Self.days(in: month, of: year)
    }

    /// Whether a holder of an identity number can have been born then.
    var isPossibleBirth: Bool { day > 0 && month > 0 && year <= 2099 && isPossible }

    /// Whether the two say the same as far as both say anything: `1985` agrees with `1985-03-01`.
    func agrees(with other: CalendarDate) -> Bool {
        guard year == other.year else { return false }
        guard month > 0, other.month > 0 else { return true }
        guard month == other.month else { return false }
        return day == 0 || other.day == 0 || day == other.day
    }

    /// Appends `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (GB/T 7408.1).
    ///
    /// - Precondition: ``isPossible``.
    func append(to output: inout RecordBuffer) {
        var text = InlineArray<10, UInt8>(repeating: 0x2D)
        let (century, years) = (UInt8(truncatingIfNeeded: year / 100), UInt8(truncatingIfNeeded: year % 100))
        text[0] = 0x30 &+ century / 10
        text[1] = 0x30 &+ century % 10
        text[2] = 0x30 &+ years / 10
        text[3] = 0x30 &+ years % 10
        text[5] = 0x30 &+ UInt8(truncatingIfNeeded: month / 10)
        text[6] = 0x30 &+ UInt8(truncatingIfNeeded: month % 10)
        text[8] = 0x30 &+ UInt8(truncatingIfNeeded: day / 10)
        text[9] = 0x30 &+ UInt8(truncatingIfNeeded: day % 10)
        output.append(text.span.extracting(0..<(day > 0 ? 10 : month > 0 ? 7 : 4)))
    }

    private static func days(in month: Int32, of year: Int32) -> Int32 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
