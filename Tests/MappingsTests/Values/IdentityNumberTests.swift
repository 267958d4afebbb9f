import Testing

@testable import Mappings

@Suite struct IdentityNumberTests {
    static let machine = ValueMachine(.identityNumber)

    @Test(arguments: [
        ValueCase("clean", "370405190305070016", "370405190305070016"),
        ValueCase("standard's example with X", "11010519491231002X", "11010519491231002X"),
        ValueCase("standard's example of 1880", "440524188001010014", "440524188001010014"),
        ValueCase("holder older than the county code", "370405197001019010", "370405197001019010"),
        ValueCase("also a valid social credit code", "370405190101010038", "370405190101010038"),
        ValueCase("lower-case x", "11010519491231002x", "11010519491231002X"),
        ValueCase("full-width X", "11010519491231002Ｘ", "11010519491231002X"),
        ValueCase("multiplication sign", "11010519491231002×", "11010519491231002X"),
        ValueCase("Cyrillic small ha", "11010519491231002х", "11010519491231002X"),
        ValueCase("Cyrillic capital ha", "11010519491231002Х", "11010519491231002X"),
        ValueCase("Roman numeral ten", "11010519491231002Ⅹ", "11010519491231002X"),
        ValueCase("full-width digits", "３７０４０５１９０３０５０７００１６", "370405190305070016"),
        ValueCase("leading apostrophe", "'370405190305070016", "370405190305070016"),
        ValueCase("leading curly apostrophe", "‘370405190305070016", "370405190305070016"),
        ValueCase("leading tab", "\t370405190305070016", "370405190305070016"),
        ValueCase("formula text", "=\"370405190305070016\"", "370405190305070016"),
        ValueCase("blanks in groups", "370405 19030507 0016", "370405190305070016"),
        ValueCase("ideographic space and no-break space", "　370405190305070016\u{A0}", "370405190305070016"),
        ValueCase("zero-width space and byte order mark", "\u{FEFF}3704051903\u{200B}05070016", "370405190305070016"),
        ValueCase("15 digits", "370405030507001", "370405190305070016", .identityNumberUpgraded),
        ValueCase("15 digits whose 18 end in 000", "370405030528200", "370405190305282000", .identityNumberUpgraded),
        ValueCase(
            "15 digits of someone over a hundred", "370405840507996", "370405188405079963", .identityNumberUpgraded),
    ])
    func accepts(_ entry: ValueCase) {
        #expect(Self.machine.converting(entry.raw) == entry.converted)
    }

    @Test(arguments: [
        ValueCase("scientific notation", "3.70405E+17", "rejected", .identityNumberLostDigits),
        ValueCase("scientific notation in full width", "３．７０４０５Ｅ＋１７", "rejected", .identityNumberLostDigits),
        ValueCase("rounded to fifteen digits", "370405190305070000", "rejected", .identityNumberLostDigits),
        ValueCase("masked by the filer", "370405********0016", "rejected", .identityNumberMasked),
        ValueCase("17 digits", "37040519030507001", "rejected", .identityNumberLength),
        ValueCase("19 digits", "3704051903050700166", "rejected", .identityNumberLength),
        ValueCase("letter within", "3704O5190305070016", "rejected", .identityNumberCharacters),
        ValueCase("X before the end", "37040519030507X016", "rejected", .identityNumberCharacters),
        ValueCase("Han characters", "身份证号码", "rejected", .identityNumberCharacters),
        ValueCase("29 February 1901", "370405190102290013", "rejected", .identityNumberDate),
        ValueCase("month 13", "370405190113010012", "rejected", .identityNumberDate),
        ValueCase("15 digits with day 32", "370405030532001", "rejected", .identityNumberDate),
        ValueCase("sequence 000", "37040519030507000X", "rejected", .identityNumberSequence),
        ValueCase("wrong check", "370405190305070017", "rejected", .identityNumberChecksum),
        ValueCase("neighbours swapped", "370405190305070106", "rejected", .identityNumberChecksum),
        ValueCase("passport", "E12345678", "rejected", .identityNumberOtherDocument),
        ValueCase("officer's card", "军字第1234567号", "rejected", .identityNumberOtherDocument),
        ValueCase("longer than anything", String(repeating: "3", count: 200), "rejected", .tooLong),
    ])
    func rejectsAndNeverRepairs(_ entry: ValueCase) {
        #expect(Self.machine.converting(entry.raw) == entry.converted)
    }

    @Test(arguments: ["", "  ", "\t", "\u{3000}", "\u{FEFF}"])
    func blankIsEmpty(_ raw: String) {
        #expect(Self.machine.converting(raw) == .empty)
    }

    @Test(arguments: ["无", " 无 ", "空", "暂无", "/", "—", "——", "N/A", "n/a", "#N/A", "(空)", "（空）", "NULL", "blank"])
    func wordForNothingIsAbsent(_ raw: String) {
        #expect(Self.machine.converting(raw) == .nullWord)
    }

    @Test func countyThatNeverExistedInACoveredCityIsToldAndKept() {
        #expect(
            Self.machine.converting(number("370499190305070"))
                == Converted(number("370499190305070"), [.identityNumberArea]))
    }

    @Test(arguments: [
        "370421", "370420", "370802", "370823", "370882", "520114", "370827", "520115", "110105", "810000",
    ])
    func retiredAndForeignCountiesAreKnown(_ area: String) {
        let valid = number(area + "190305070")
        #expect(Self.machine.converting(valid) == Converted(valid))
    }

    @Test func everyValidNumberPassesAndEveryChangedDigitFails() {
        var generator = SeededGenerator(seed: 11_643)
        for _ in 0..<400 {
            let valid = Self.random(using: &generator)
            // 000 at the end is taken as lost digits, whatever the check says.
            guard !valid.hasSuffix("000") else { continue }
            #expect(Self.machine.converting(valid) == Converted(valid))
            let position = Int.random(in: 0..<17, using: &generator)
            for digit in "0123456789" where Array(valid)[position] != digit {
                var changed = Array(valid)
                changed[position] = digit
                #expect(Self.machine.converting(String(changed)).value == "rejected", "\(String(changed))")
            }
        }
    }

    @Test func everySwapOfDifferentNeighboursFails() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            var digits = Array(Self.random(using: &generator))
            let position = Int.random(in: 0..<16, using: &generator)
            guard digits[position] != digits[position + 1] else { continue }
            digits.swapAt(position, position + 1)
            #expect(Self.machine.converting(String(digits)).value == "rejected", "\(String(digits))")
        }
    }

    @Test func tellsBirthAndSex() {
        let number = Array("370827190805070023".utf8)
        let birth = CalendarDate(identityNumber: number.span)
        #expect(birth == CalendarDate(year: 1908, month: 5, day: 7))
        let sex = IdentityNumber.sex(of: number.span)
        #expect(sex == 2)
    }

    /// Appends the two missing characters of a number of 15: a sequence digit, and the check.
    private func number(_ head: String) -> String {
        Self.checked(head + "01")
    }

    static func checked(_ body: String) -> String {
        body + String(UnicodeScalar(IdentityNumber.checkCharacter(of: Array(body.utf8).span)))
    }

    static func random(using generator: inout SeededGenerator) -> String {
        let areas = ["370402", "370403", "370405", "370827", "370828", "370829", "520115", "330106"]
        let day = CalendarDate(daysSince1970: Int.random(in: -25_567 ... -21_916, using: &generator))
        let birth = Int(day.year) * 10_000 + Int(day.month) * 100 + Int(day.day)
        let sequence = String(Int.random(in: 1001...1999, using: &generator)).dropFirst()
        return checked((areas.randomElement(using: &generator) ?? "370827") + String(birth) + sequence)
    }
}
