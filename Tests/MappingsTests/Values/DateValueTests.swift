import CanonicalRecords
import Testing

@testable import Mappings

@Suite struct DateValueTests {
    static let machine = ValueMachine(.date)

    @Test(arguments: [
        ValueCase("ISO day", "1985-03-01", "1985-03-01"),
        ValueCase("ISO month", "1985-03", "1985-03"),
        ValueCase("year", "1985", "1985"),
        ValueCase("year in Chinese", "1985年", "1985"),
        ValueCase("month with point", "1985.03", "1985-03"),
        ValueCase("month in Chinese", "1985年3月", "1985-03"),
        ValueCase("day in Chinese", "1985年3月1日", "1985-03-01"),
        ValueCase("day in Chinese with blanks", "1985 年 3 月 1 日", "1985-03-01"),
        ValueCase("day with 号", "1985年3月1号", "1985-03-01"),
        ValueCase("eight digits", "19850301", "1985-03-01"),
        ValueCase("six digits", "198503", "1985-03"),
        ValueCase("one-digit month and day", "1985-3-1", "1985-03-01"),
        ValueCase("slashes", "1985/03/01", "1985-03-01"),
        ValueCase("points", "1985.3.1", "1985-03-01"),
        ValueCase("full width", "１９８５年３月１日", "1985-03-01"),
        ValueCase("full-width points", "１９８５．０３", "1985-03"),
        ValueCase("leap day", "1908-02-29", "1908-02-29"),
        ValueCase("day with a midnight behind", "1985-03-01 00:00:00", "1985-03-01"),
        ValueCase("ISO date-time", "1985-03-01T00:00:00+08:00", "1985-03-01"),
        ValueCase("midnight of here, told in UTC", "1985-02-28T16:00:00.000Z", "1985-03-01"),
        ValueCase("evening of elsewhere", "1985-02-28 23:30:00 -0800", "1985-03-01"),
        ValueCase("early morning of elsewhere", "1985-03-01T05:00+14:00", "1985-02-28"),
        ValueCase("midnight of UTC", "1985-03-01T00:00:00Z", "1985-03-01"),
        ValueCase("end of the day", "1985-03-01 24:00", "1985-03-01"),
        ValueCase("Chinese numerals", "二〇二三年十二月三十一日", "2023-12-31"),
        ValueCase("Chinese numerals with 零", "二零零三年三月十日", "2003-03-10"),
        ValueCase("Chinese year", "一九八五年", "1985"),
        ValueCase("two-digit year and month", "85.3", "1985-03", .dateTwoDigitYear),
        ValueCase("two-digit year in Chinese", "85年3月1日", "1985-03-01", .dateTwoDigitYear),
        ValueCase("two-digit year of this century", "21-07-01", "2021-07-01", .dateTwoDigitYear),
        ValueCase("spreadsheet serial", "31107", "1985-03-01", .dateSerial),
        ValueCase("spreadsheet serial with time", "31107.5", "1985-03-01", .dateSerial),
        ValueCase("January or October", "1985.1", "1985-01", .dateLostZero),
        ValueCase("apostrophe", "'1985-03-01", "1985-03-01"),
        ValueCase("trailing blanks", " 1985-03-01　", "1985-03-01"),
    ])
    func reads(_ entry: ValueCase) {
        #expect(Self.machine.converting(entry.raw) == entry.converted)
    }

    @Test(arguments: [
        ValueCase("29 February 1901", "1901-02-29", "rejected", .dateImpossible),
        ValueCase("29 February 1900", "19000229", "rejected", .dateImpossible),
        ValueCase("month 13", "1985-13-01", "rejected", .dateImpossible),
        ValueCase("day 0", "1985-03-00", "rejected", .dateImpossible),
        ValueCase("31 April", "1985年4月31日", "rejected", .dateImpossible),
        ValueCase("zeros", "0000-00-00", "rejected", .dateImpossible),
        ValueCase("year out of range", "1700-01-01", "rejected", .dateImpossible),
        ValueCase("year 3023", "3023-01-01", "rejected", .dateImpossible),
        ValueCase("month and day first", "3/1/1985", "rejected", .dateAmbiguous),
        ValueCase("six digits with a two-digit year", "850301", "rejected", .dateAmbiguous),
        ValueCase("words", "去年", "rejected", .dateFormat),
        ValueCase("range", "2020.1-2023.1", "rejected", .dateFormat),
        ValueCase("English month", "Mar-85", "rejected", .dateFormat),
        ValueCase("one number", "7", "rejected", .dateFormat),
        ValueCase("seven digits", "1985301", "rejected", .dateFormat),
        ValueCase("a third mark missing", "1985年3", "rejected", .dateFormat),
        ValueCase("very many digits", String(repeating: "1", count: 90), "rejected", .dateFormat),
        ValueCase("longer than any date", String(repeating: "1-", count: 90), "rejected", .dateFormat),
        ValueCase("nothing", " ", "empty"),
        ValueCase("word for nothing", "不详", "null word"),
        ValueCase("slash alone", "/", "null word"),
    ])
    func rejects(_ entry: ValueCase) {
        #expect(Self.machine.converting(entry.raw) == entry.converted)
    }

    @Test func serialIn1904Mode() {
        var options = ValueOptions()
        options.uses1904Dates = true
        #expect(ValueMachine(.date, options: options).converting("29645") == Converted("1985-03-01", [.dateSerial]))
    }

    @Test func everyDayOfFourCenturiesSurvivesItsForms() {
        var generator = SeededGenerator(seed: 7408)
        for _ in 0..<2000 {
            let date = CalendarDate(daysSince1970: Int.random(in: -62_091...84_005, using: &generator))
            #expect(date.isPossible)
            #expect(CalendarDate(daysSince1970: date.daysSince1970) == date)
            var iso = RecordBuffer()
            date.append(to: &iso)
            let written = String(decoding: iso.copied(), as: UTF8.self)
            for form in [
                written, "\(date.year)/\(date.month)/\(date.day)", "\(date.year)年\(date.month)月\(date.day)日",
                "\(date.year).\(date.month).\(date.day)", written.filter { $0 != "-" },
            ] {
                #expect(Self.machine.converting(form) == Converted(written), "\(form)")
            }
        }
    }

    @Test(arguments: [
        (0, 1970, 1, 1), (-25_567, 1900, 1, 1), (-25_508, 1900, 3, 1), (11_016, 2000, 2, 29), (20_778, 2026, 11, 21),
    ])
    func knownDays(_ days: Int, _ year: Int, _ month: Int, _ day: Int) {
        #expect(CalendarDate(daysSince1970: days) == CalendarDate(year: year, month: month, day: day))
        #expect(CalendarDate(year: year, month: month, day: day).daysSince1970 == days)
    }
}
