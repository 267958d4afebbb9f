import Foundation

/// Writes moments as records and receipts carry them (GB/T 7408.1): `2026-11-21T08:00:00+08:00`.
enum Timestamp {
    /// Seconds east of Greenwich of Asia/Shanghai, which has had no other offset since 1991.
    static let offset = 8 * 3600

    static func text(_ date: Date) -> String {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down)) + offset
        let (days, rest) = (seconds.quotientAndRemainder(dividingBy: 86400))
        let (year, month, day) = civil(days)
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T\(pad(rest / 3600, 2)):\(pad(rest / 60 % 60, 2)):"
            + "\(pad(rest % 60, 2))+08:00"
    }

    /// The day of a moment, as originals are kept by: `2026-11-21`.
    static func day(_ date: Date) -> String { String(text(date).prefix(10)) }

    // Days since 1970-01-01 as a Gregorian date; eras of 400 years that begin in March.
    private static func civil(_ days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
