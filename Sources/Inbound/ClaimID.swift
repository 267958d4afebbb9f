/// Names a claim: unique within its folder, and in the order in which files were claimed.
///
/// Written as `20261121T003000123456Z-00000001`: the time of the claim in UTC to the microsecond, and a counter.
public struct ClaimID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// When the file was claimed, in microseconds since 1970-01-01T00:00:00Z. This is the time of receipt.
    public let microseconds: Int64
    /// Tells apart what was claimed in the same microsecond.
    public let counter: UInt32

    /// Makes an id. Times before 1970 or after 9999 are clamped, so that the text keeps its order.
    public init(microseconds: Int64, counter: UInt32) {
        self.microseconds = min(max(0, microseconds), 253_402_300_799_999_999)
        self.counter = counter
    }

    /// Reads what ``description`` wrote.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 31, bytes[8] == 0x54, bytes[21] == 0x5A, bytes[22] == 0x2D else { return nil }
        func number(_ range: Range<Int>, radix: Int = 10) -> Int? {
            let digits = bytes[range]
            guard digits.allSatisfy({ FilingHash.value(ofDigit: $0) != nil }) else { return nil }
            return Int(String(decoding: digits, as: UTF8.self), radix: radix)
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8),
            let hour = number(9..<11), let minute = number(11..<13), let second = number(13..<15),
            let fraction = number(15..<21), let counter = number(23..<31, radix: 16)
        else { return nil }
        let days = CivilDay(year: year, month: month, day: day).daysSince1970
        let seconds = days * 86400 + hour * 3600 + minute * 60 + second
        self.init(
            microseconds: Int64(seconds) * 1_000_000 + Int64(fraction), counter: UInt32(truncatingIfNeeded: counter))
        // Only the canonical spelling is an id: a 13th month is somebody else's folder.
        guard description == text else { return nil }
    }

    /// The 31 characters; their order is the order of claims.
    public var description: String { String(decoding: characters, as: UTF8.self) }

    /// The 31 ASCII characters of ``description``.
    var characters: [UInt8] {
        let seconds = Int(microseconds / 1_000_000)
        let day = CivilDay(daysSince1970: seconds / 86400)
        let time = seconds % 86400
        var text = [UInt8](repeating: 0x30, count: 31)
        Self.put(day.year, &text, 0..<4)
        Self.put(day.month, &text, 4..<6)
        Self.put(day.day, &text, 6..<8)
        text[8] = 0x54
        Self.put(time / 3600, &text, 9..<11)
        Self.put(time / 60 % 60, &text, 11..<13)
        Self.put(time % 60, &text, 13..<15)
        Self.put(Int(microseconds % 1_000_000), &text, 15..<21)
        text[21] = 0x5A
        text[22] = 0x2D
        Self.put(Int(counter), &text, 23..<31, radix: 16)
        return text
    }

    /// The day of the claim as `YYYY-MM-DD`, `offset` seconds east of Greenwich.
    public func day(offset: Int) -> String {
        let seconds = Int(microseconds / 1_000_000) + offset
        let day = CivilDay(daysSince1970: seconds >= 0 ? seconds / 86400 : -((86399 - seconds) / 86400))
        var text = [UInt8](repeating: 0x2D, count: 10)
        Self.put(day.year, &text, 0..<4)
        Self.put(day.month, &text, 5..<7)
        Self.put(day.day, &text, 8..<10)
        return String(decoding: text, as: UTF8.self)
    }

    /// Claims are ordered by time, then by counter.
    public static func < (left: ClaimID, right: ClaimID) -> Bool {
        (left.microseconds, left.counter) < (right.microseconds, right.counter)
    }

    // Writes the last digits of a number that is not negative, as many as there is room for.
    private static func put(_ number: Int, _ text: inout [UInt8], _ range: Range<Int>, radix: Int = 10) {
        var rest = number
        for index in range.reversed() {
            let digit = UInt8(rest % radix)
            text[index] = digit < 10 ? 0x30 + digit : 0x61 + digit - 10
            rest /= radix
        }
    }
}

/// A day of the Gregorian calendar, by the usual count of eras of 400 years that start in March.
struct CivilDay: Equatable {
    var year: Int
    var month: Int
    var day: Int

    init(year: Int, month: Int, day: Int) {
        (self.year, self.month, self.day) = (year, month, day)
    }

    init(daysSince1970 days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
