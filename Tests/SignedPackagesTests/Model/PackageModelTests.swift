import Findings
import Foundation
import Testing

@testable import SignedPackages

@Suite struct PackageModelTests {
    @Test func codesAreUniqueAndBilingual() {
        let codes = PackageFindings.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        for kind in PackageFindings.all {
            #expect(kind.code.hasPrefix("package."))
            #expect(kind.message.chinese.contains("{0}") && kind.message.chinese.contains("{1}"))
            #expect(kind.message.english.contains("{0}") && kind.message.english.contains("{1}"))
        }
    }

    @Test func checksGiveFindings() {
        let failed = PackageCheck("a.xml", .documentDigest, .failed, .packageDocumentDigest, detail: "cause")
        #expect(failed.finding(decisive: true)?.severity == .fatal)
        #expect(failed.finding(decisive: false)?.severity == .warning)
        #expect(failed.finding(decisive: true)?.message.english.contains("a.xml") == true)
        let noted = PackageCheck("signature 1", .signingTime, .passed, .packageSigningTime, detail: "cause")
        #expect(noted.finding(decisive: true)?.severity == .warning)
        #expect(PackageCheck("a", .entries, .passed, detail: "").finding(decisive: true) == nil)
    }

    @Test func outcomesCombine() {
        #expect(CheckOutcome.combined([]) == .passed)
        #expect(CheckOutcome.combined([.passed, .indeterminate]) == .indeterminate)
        #expect(CheckOutcome.combined([.indeterminate, .failed, .passed]) == .failed)
    }

    @Test func checksOfNewerVersionsKeepTheirCode() throws {
        let json = #"{"subject":"a","check":"entries","outcome":"failed","code":"package.new","detail":"b"}"#
        let check = try JSONDecoder().decode(PackageCheck.self, from: Data(json.utf8))
        #expect(check.kind?.code == "package.new")
        #expect(check.finding(decisive: true)?.message.english == "a: b")
    }

    @Test func policiesOfOlderVersionsHaveDefaults() throws {
        let policy = try JSONDecoder().decode(VerificationPolicy.self, from: Data(#"{"limits":{"entries":7}}"#.utf8))
        var expected = VerificationPolicy()
        expected.limits.entries = 7
        #expect(policy == expected)
    }

    @Test func policiesSurviveTheirEncoding() throws {
        var policy = VerificationPolicy(
            roots: [[1, 2, 3]], crls: [[4]], binding: SignerBinding(pinned: ["aa"], organisationCodes: ["b"]),
            required: .atLeast(2), validity: .atSigning, revocation: .required, maximumCRLAge: 5,
            signingTime: SigningTimeRule(maximumAge: 6, outside: .finding, missing: .refuse))
        policy.limits.nesting = 3
        let data = try JSONEncoder().encode(policy)
        #expect(try JSONDecoder().decode(VerificationPolicy.self, from: data) == policy)
    }

    @Test func bytesAreReadWithinTheirBounds() throws {
        let input = BytesInput([1, 2, 3, 4, 5])
        #expect(try input.bytes(at: 3, count: 10) == [4, 5])
        #expect(try input.bytes(at: 5, count: 1) == [])
        #expect(try input.bytes(at: -1, count: 1) == [])
        #expect(try InputSlice(input, start: 1, size: 3).bytes(at: 1, count: 10) == [3, 4])
    }
}
