import Testing

@testable import Mappings

@Suite struct SocialCreditCodeTests {
    static let machine = ValueMachine(.socialCreditCode)

    @Test(arguments: [
        ValueCase("published example", "91110000600037341L", "91110000600037341L"),
        ValueCase("lower case", "91110000600037341l", "91110000600037341L"),
        ValueCase("full width", "９１１１００００６０００３７３４１Ｌ", "91110000600037341L"),
        ValueCase("hyphens and blanks", "91110000 60003734-1 L", "91110000600037341L"),
        ValueCase("leading apostrophe", "'91110000600037341L", "91110000600037341L"),
        ValueCase(
            "issued although its check is wrong", "91350203M0001FUE2P", "91350203M0001FUE2P", .socialCreditCodeChecksum,
            .socialCreditCodeOrganisation),
        ValueCase("wrong check", "91110000600037341M", "91110000600037341M", .socialCreditCodeChecksum),
    ])
    func keeps(_ entry: ValueCase) {
        let converted = Self.machine.converting(entry.raw)
        #expect(converted.value == entry.expected)
        #expect(
            converted.issues.contains(.socialCreditCodeChecksum) == entry.issues.contains(.socialCreditCodeChecksum))
    }

    @Test(arguments: [
        ValueCase("letter I", "9111000060003734IL", "rejected", .socialCreditCodeCharacters),
        ValueCase("letter O", "9111000O600037341L", "rejected", .socialCreditCodeCharacters),
        ValueCase("letter Z as check", "91110000600037341Z", "rejected", .socialCreditCodeCharacters),
        ValueCase("letters in the area", "91A10000600037341L", "rejected", .socialCreditCodeCharacters),
        ValueCase("17 characters", "91110000600037341", "rejected", .socialCreditCodeLength),
        ValueCase("organisation code alone", "D2143569-X", "rejected", .socialCreditCodeLength),
        ValueCase("old business registration number", "370827200001234", "rejected", .socialCreditCodeLength),
        ValueCase("scientific notation", "3.70405E+17", "rejected", .lostDigits),
    ])
    func rejectsWhatCannotHaveBeenIssued(_ entry: ValueCase) {
        #expect(Self.machine.converting(entry.raw) == entry.converted)
    }

    @Test(arguments: [
        ("11", "370405", "003000014"), ("12", "370827", "MB0000013"), ("51", "370403", "MJ000001X"),
        ("91", "370829", "MA3C00019"),
    ])
    func generatedCodesPass(_ head: String, _ area: String, _ organisation: String) {
        let body = head + area + organisation.dropLast() + Self.organisationCheck(String(organisation.dropLast()))
        let valid = body + Self.check(body)
        #expect(Self.machine.converting(valid) == Converted(valid))
        for wrong in "0123456789ABCDEFGHJKLMNPQRTUWXY" where valid.last != wrong {
            #expect(Self.machine.converting(valid.dropLast() + String(wrong)).issues == [.socialCreditCodeChecksum])
        }
    }

    @Test func organisationCodeOfTheStandard() {
        #expect(isOrganisationCode("D2143569X"))
        #expect(!isOrganisationCode("D21435690"))
        #expect(!isOrganisationCode("D2143569"))
    }

    @Test func innerOrganisationCodeIsToldAlone() {
        let body = "91370829" + "MA3C0001" + "0"
        let code = body + Self.check(body)
        #expect(Self.machine.converting(code) == Converted(code, [.socialCreditCodeOrganisation]))
    }

    private func isOrganisationCode(_ code: String) -> Bool {
        SocialCreditCode.isOrganisationCode(Array(code.utf8).span)
    }

    // Written from the tables of the standards, unlike the machine, which has none.
    private static func check(_ body: String) -> String {
        let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
        let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
        let sum = zip(body, weights).reduce(0) { $0 + (alphabet.firstIndex(of: $1.0) ?? 0) * $1.1 }
        return String(alphabet[(31 - sum % 31) % 31])
    }

    private static func organisationCheck(_ body: String) -> String {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        let sum = zip(body, [3, 7, 9, 10, 5, 8, 4, 2]).reduce(0) { $0 + (alphabet.firstIndex(of: $1.0) ?? 0) * $1.1 }
        let check = 11 - sum % 11
        return check == 10 ? "X" : check == 11 ? "0" : String(check)
    }
}
