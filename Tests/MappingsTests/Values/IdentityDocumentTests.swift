import Testing

@testable import Mappings

@Suite struct IdentityDocumentTests {
    @Test(arguments: [
        ValueCase("ordinary passport", "E12345678", "E12345678"),
        ValueCase("passport, lower case", "ea1234567", "EA1234567"),
        ValueCase("officer's card", "军字第1234567号", "军字第1234567号"),
        ValueCase("home return permit", "H12345678", "H12345678"),
        ValueCase("Taiwan permit", "12345678", "12345678"),
        ValueCase("permanent residence", "USA110012345678", "USA110012345678"),
        ValueCase("identity number", "37040519030507001６", "370405190305070016"),
        ValueCase("identity number with a wrong check", "370405190305070017", "rejected", .identityNumberChecksum),
        ValueCase("disability card", "37040519030507001643", "37040519030507001643"),
        ValueCase("disability card, check X, replaced", "37082719030106118x12b1", "37082719030106118X12B1"),
        ValueCase("disability card of no category", "37040519030507001693", "rejected", .identityNumberLength),
        ValueCase("disability card of no degree", "37040519030507001645", "rejected", .identityNumberLength),
        ValueCase("disability card with a wrong check", "37040519030507001743", "rejected", .identityNumberChecksum),
        ValueCase("a digit too many", "3704051903050700164", "rejected", .identityNumberLength),
        ValueCase("lost digits", "3.70405E+17", "rejected", .identityNumberLostDigits),
        ValueCase("no known pattern", "特字-99", "特字-99", .identityDocumentUnknown), ValueCase("nothing", "", "empty"),
        ValueCase("word for nothing", "无", "null word"),
    ])
    func converts(_ entry: ValueCase) {
        #expect(ValueMachine(.identityDocumentNumber).converting(entry.raw) == entry.converted)
    }

    @Test(
        arguments: [
            ("1903-05-07", 1, []), ("1903-05", 1, []), ("1903", 1, []), ("", 0, []), ("", 9, []),
            ("1903-05-08", 1, [.identityNumberBirthDate]), ("1904", 1, [.identityNumberBirthDate]),
            ("1903-05-07", 2, [.identityNumberSex]), ("1903-06", 2, [.identityNumberBirthDate, .identityNumberSex]),
        ] as [(String, Int32, [ValueIssue])])
    func contradictionsAreToldAndNothingIsChanged(_ birth: String, _ sex: Int32, _ issues: [ValueIssue]) {
        let found = IdentityCrossCheck.issues(
            identityNumber: Array("370405190305070016".utf8).span, birthDate: Array(birth.utf8).span, sex: sex)
        #expect(found.list == issues)
    }

    @Test func withoutAnIdentityNumberNothingContradicts() {
        let found = IdentityCrossCheck.issues(identityNumber: Span(), birthDate: Array("1903-05-08".utf8).span, sex: 2)
        #expect(found.isEmpty)
    }
}
