import SwiftASN1

/// Times of certificates and revocation lists as whole seconds since 1970 (UTC), after RFC 5280 section 4.1.2.5.
enum CertificateTime {
    /// Reads a UTCTime (`YYMMDDHHMMSSZ`, years 1950 to 2049) or GeneralizedTime (`YYYYMMDDHHMMSSZ`).
    ///
    /// OCSP responders write fractions of a second into GeneralizedTime; they are cut off.
    static func seconds(_ node: ASN1Node, of structure: String) throws(MalformedStructure) -> Int64 {
        let isUTC = node.identifier == .utcTime
        guard isUTC || node.identifier == .generalizedTime else {
            throw MalformedStructure(reason: "\(structure): neither UTCTime nor GeneralizedTime")
        }
        return try seconds(Array(try node.primitive(nil, of: structure)), isUTC: isUTC, of: structure)
    }

    /// The same of a value that ``DERCursor`` found.
    static func seconds(_ element: DERElement, of structure: String) throws(MalformedStructure) -> Int64 {
        let isUTC = element.tag == DERTag.utcTime
        guard isUTC || element.tag == DERTag.generalizedTime else {
            throw MalformedStructure(reason: "\(structure): neither UTCTime nor GeneralizedTime")
        }
        return try seconds(Array(element.content), isUTC: isUTC, of: structure)
    }

    private static func seconds(
        _ bytes: [UInt8], isUTC: Bool, of structure: String
    ) throws(MalformedStructure) -> Int64 {
        guard let seconds = seconds(bytes, yearDigits: isUTC ? 2 : 4) else {
            let text = String(decoding: bytes.prefix(32), as: UTF8.self)
            throw MalformedStructure(reason: "\(structure): not a time in UTC with seconds: \(text)")
        }
        return seconds
    }

    /// Seconds since 1970 as RFC 3339 text in UTC, e.g. `2026-11-21T01:00:00Z`.
    static func text(_ seconds: Int64) -> String {
        let days = seconds.floored(by: 86_400)
        let second = seconds - days * 86_400
        let (year, month, day) = civil(fromDays: days)
        let date = "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
        return "\(date)T\(pad(second / 3600, 2)):\(pad(second / 60 % 60, 2)):\(pad(second % 60, 2))Z"
    }

    /// Seconds since 1970 of `YYMMDDHHMMSSZ` (two digits for the year) or `YYYYMMDDHHMMSSZ` (four); `nil` for anything
    /// else.
    static func seconds(_ bytes: [UInt8], yearDigits: Int) -> Int64? {
        guard bytes.last == UInt8(ascii: "Z") else { return nil }
        var body = bytes.dropLast()
        if yearDigits == 4, let point = body.firstIndex(of: UInt8(ascii: ".")) {
            let fraction = body[(point + 1)...]
            guard !fraction.isEmpty, fraction.allSatisfy(isDigit) else { return nil }
            body = body[..<point]
        }
        guard body.count == yearDigits + 10, body.allSatisfy(isDigit) else { return nil }
        func number(_ start: Int, _ count: Int) -> Int64 {
            body[start..<start + count].reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        }
        var year = number(0, yearDigits)
        if yearDigits == 2 { year += year < 50 ? 2000 : 1900 }
        let rest = stride(from: yearDigits, to: body.count, by: 2).map { number($0, 2) }
        return seconds(year: year, rest)
    }

    // `parts` are month, day, hour, minute, second. A leap second reads as the first second of the next minute.
    private static func seconds(year: Int64, _ parts: [Int64]) -> Int64? {
        let (month, day, hour, minute, second) = (parts[0], parts[1], parts[2], parts[3], parts[4])
        guard (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60 else { return nil }
        let days = self.days(year: year, month: month, day: day)
        guard civil(fromDays: days) == (year, month, day) else { return nil }
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }

    // Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let era = marchYear.floored(by: 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.floored(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity, for times before 1970.
    fileprivate func floored(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
