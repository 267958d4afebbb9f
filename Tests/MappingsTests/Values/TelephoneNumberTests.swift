import Testing

@testable import Mappings

@Suite struct TelephoneNumberTests {
    @Test(arguments: [
        ValueCase("clean", "13900000000", "13900000000"),
        ValueCase("newest range", "19900000000", "19900000000"),
        ValueCase("+86", "+86 139 0000 0000", "13900000000"),
        ValueCase("+86 in brackets", "(+86)139-0000-0000", "13900000000"),
        ValueCase("0086", "0086-13900000000", "13900000000"),
        ValueCase("86", "8613900000000", "13900000000"),
        ValueCase("leading 0", "013900000000", "13900000000"),
        ValueCase("full width", "１３９００００００００", "13900000000"),
        ValueCase("a spreadsheet's decimal", "13900000000.0", "13900000000"),
        ValueCase("apostrophe", "'13900000000", "13900000000"),
        ValueCase("range that is not given out", "12345678901", "rejected", .mobileFormat),
        ValueCase("ten digits", "1390000000", "rejected", .mobileFormat),
        ValueCase("twelve digits", "139000000000", "rejected", .mobileFormat),
        ValueCase("landline", "0537-7900000", "rejected", .mobileLandline),
        ValueCase("two numbers", "13900000000、13900000001", "rejected", .mobileSeveral),
        ValueCase("two numbers on two lines", "13900000000\n13900000001", "rejected", .mobileSeveral),
        ValueCase("scientific notation", "1.39E+10", "rejected", .lostDigits),
        ValueCase("nothing", "", "empty"),
        ValueCase("word for nothing", "无", "null word"),
    ])
    func mobile(_ entry: ValueCase) {
        #expect(ValueMachine(.mobile).converting(entry.raw) == entry.converted)
    }

    @Test(arguments: [
        ValueCase("landline", "0537-7900000", "0537-7900000"),
        ValueCase("without hyphen", "05377900000", "0537-7900000"),
        ValueCase("brackets", "（0537）7900000", "0537-7900000"),
        ValueCase("Beijing", "010-88886666", "010-88886666"),
        ValueCase("three-digit area", "021 6888 8888", "021-68888888"),
        ValueCase("with country code", "+86-0537-7900000", "0537-7900000"),
        ValueCase("extension in words", "0537-7900000转801", "0537-7900000-801"),
        ValueCase("extension with hyphen", "0537-7900000-801", "0537-7900000-801"),
        ValueCase("without area code", "7900000", "7900000"),
        ValueCase("mobile", "139 0000 0000", "13900000000"),
        ValueCase("hotline", "12345", "12345"),
        ValueCase("400", "400-800-1234", "4008001234"),
        ValueCase("too short", "05", "rejected", .phoneFormat),
        ValueCase("words", "见备注", "rejected", .phoneFormat),
    ])
    func phone(_ entry: ValueCase) {
        #expect(ValueMachine(.phone).converting(entry.raw) == entry.converted)
    }

    @Test(arguments: [
        ValueCase("county", "370827", "370827"),
        ValueCase("sub-district", "370827001", "370827001"),
        ValueCase("community", "370827102201", "370827102201"),
        ValueCase("statistical county", "370871", "370871"),
        ValueCase("full width", "３７０８２７", "370827"),
        ValueCase("county that its city does not have", "370899", "370899", .areaCodeUnknown),
        ValueCase("province that does not exist", "990101", "990101", .areaCodeUnknown),
        ValueCase("11 digits", "37040500100", "rejected", .areaCodeFormat),
        ValueCase("name", "鱼台县", "rejected", .areaCodeFormat),
        ValueCase("scientific notation", "3.70827E+11", "rejected", .lostDigits),
    ])
    func areaCode(_ entry: ValueCase) {
        #expect(ValueMachine(.areaCode).converting(entry.raw) == entry.converted)
    }

    @Test(arguments: [
        ValueCase("grid code of 20 digits", "37082700100100000123", "37082700100100000123"),
        ValueCase("full width and blanks", "３７０８２７ ００１", "370827001"),
        ValueCase("letters", "WG-2026a", "WG-2026a"),
        ValueCase("scientific notation", "3.70827E+19", "rejected", .lostDigits),
    ])
    func placeCode(_ entry: ValueCase) {
        #expect(ValueMachine(.placeCode).converting(entry.raw) == entry.converted)
    }
}
