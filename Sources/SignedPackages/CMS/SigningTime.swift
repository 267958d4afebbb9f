/// Times as attributes carry them (RFC 5652 section 11.3), read strictly: seconds, and `Z`.
enum SigningTime {
    /// Seconds since 1970.
    static func seconds(_ element: DERElement) throws(EncodingFault) -> Int64 {
        let text = Array(element.content)
        switch element.tag {
        case DERTag.utcTime:
            guard text.count == 13, let year = number(text[0..<2]) else { throw malformed(text) }
            return try seconds(year: year < 50 ? 2000 + year : 1900 + year, Array(text[2...]))
        case DERTag.generalizedTime:
            guard text.count == 15, let year = number(text[0..<4]) else { throw malformed(text) }
            return try seconds(year: year, Array(text[4...]))
        default:
            throw EncodingFault("a time with tag 0x\(hex(element.tag))")
        }
    }

    /// The attribute's value for a time: UTCTime up to 2049, then GeneralizedTime.
    static func der(_ seconds: Int64) -> [UInt8] {
        let (year, rest) = fields(seconds)
        let digits = rest.map { pad($0, 2) }.joined() + "Z"
        return (1950..<2050).contains(year)
            ? DERWriter.value(DERTag.utcTime, Array((pad(year % 100, 2) + digits).utf8))
            : DERWriter.value(DERTag.generalizedTime, Array((pad(year, 4) + digits).utf8))
    }

    /// RFC 3339 in UTC, such as `2026-11-21T01:00:00Z`.
    static func text(_ seconds: Int64) -> String {
        let (year, rest) = fields(seconds)
        let two = rest.map { pad($0, 2) }
        return "\(pad(year, 4))-\(two[0])-\(two[1])T\(two[2]):\(two[3]):\(two[4])Z"
    }

    private static func seconds(year: Int, _ rest: [UInt8]) throws(EncodingFault) -> Int64 {
        let pairs = stride(from: 0, to: 10, by: 2).compactMap { number(rest[$0..<($0 + 2)]) }
        guard rest[10] == UInt8(ascii: "Z"), pairs.count == 5, (1...12).contains(pairs[0]),
            (1...daysInMonth(pairs[0], year)).contains(pairs[1]), pairs[2] < 24, pairs[3] < 60, pairs[4] < 60
        else { throw malformed(rest) }
        let days = daysSince1970(year, pairs[0], pairs[1])
        return Int64(days * 86400 + pairs[2] * 3600 + pairs[3] * 60 + pairs[4])
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    private static func malformed(_ text: [UInt8]) -> EncodingFault {
        EncodingFault("a time that is not written as YYMMDDhhmmssZ or YYYYMMDDhhmmssZ")
    }

    private static func daysInMonth(_ month: Int, _ year: Int) -> Int {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    // Years begin in March here, so that the leap day is the last one.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = shifted >= 0 ? shifted / 400 : (shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
    }

    // Year, and month, day, hour, minute, second.
    private static func fields(_ seconds: Int64) -> (Int, [Int]) {
        var days = Int(seconds / 86400)
        var left = Int(seconds % 86400)
        if left < 0 { (days, left) = (days - 1, left + 86400) }
        days += 719468
        let era = days >= 0 ? days / 146097 : (days - 146096) / 146097
        let dayOfEra = days - era * 146097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, [month, dayOfYear - (153 * shifted + 2) / 5 + 1, left / 3600, left / 60 % 60, left % 60])
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
