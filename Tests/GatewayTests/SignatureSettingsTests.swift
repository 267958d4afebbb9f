import Findings
import Foundation
import Inbound
import Mappings
import SignedPackages
import Testing

@testable import Gateway

@Suite struct SignatureSettingsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func load(_ yaml: String) async throws -> SettingsLoad {
        try folder.write(yaml, to: "qiao.yaml")
        return await SettingsLoader(file: folder.path + "/qiao.yaml").load()
    }

    private func told(_ problems: [MappingProblem]) -> [String] {
        problems.map { $0.description.replacing(folder.path + "/", with: "") }
    }

    @Test func everyKeyIsRead() async throws {
        let fingerprint = String(repeating: "AB:", count: 31) + "AB"
        let load = try await load(
            """
            state: /s
            limits:
              package-entries: 7
              package-expansion: 50
              package-document-size: 1GiB
              package-signature-size: 1MiB
            receipts:
              sign-with: receipt-key
              certificate: /c/receipts.pem
            sources:
              a:
                signature: required
                trust: [/t/root.pem, /t/ca.pem]
                crls: /t/ca.crl
                ocsp: [/t/signer.ocsp]
                signers:
                  pinned: ["\(fingerprint)"]
                  subjects: ["CN=a,O=b"]
                  organisation-codes: [12370827MB0000000C]
                signatures: 2
                validity: at-signing
                revocation: required
                crl-max-age: 7d
                signing-time:
                  max-age: 24h
                  future-tolerance: 90s
                  outside: finding
                  missing: refuse
                pair-wait: 5m
              b:
                signature: forbidden
            """)
        #expect(told(load.problems) == [])
        let settings = try #require(load.settings)
        #expect(settings.limits.package.entries == 7)
        #expect(settings.limits.package.expansionRatio == 50)
        #expect(settings.limits.package.documentBytes == 1 << 30)
        #expect(settings.limits.package.signatureBytes == 1 << 20)
        #expect(
            settings.receiptSigning == ReceiptSigning(key: .credential("receipt-key"), certificate: "/c/receipts.pem"))
        var expected = SignatureSettings()
        expected.demand = .required
        expected.trust = ["/t/root.pem", "/t/ca.pem"]
        expected.crls = ["/t/ca.crl"]
        expected.ocsp = ["/t/signer.ocsp"]
        expected.signers = SignerBinding(
            pinned: [String(repeating: "ab", count: 32)], subjects: ["CN=a,O=b"],
            organisationCodes: ["12370827MB0000000C"])
        expected.signatures = .atLeast(2)
        expected.validity = .atSigning
        expected.revocation = .required
        expected.crlMaxAge = .seconds(7 * 86_400)
        expected.signingTime = SigningTimeRule(
            maximumAge: 86_400, futureTolerance: 90, outside: .finding, missing: .refuse)
        expected.pairWait = .seconds(300)
        #expect(settings.sources[0].signature == expected)
        expected = SignatureSettings()
        expected.demand = .forbidden
        #expect(settings.sources[1].signature == expected)
    }

    static let mistakes: [SettingsMistake] = [
        SettingsMistake(
            "demand that does not exist", "state: /s\nsources:\n  a:\n    signature: require",
            "qiao.yaml:4:16: error: “signature” must be one of required, optional, forbidden, not “require” "
                + "(did you mean “required”?)"),
        SettingsMistake(
            "nobody to trust", "state: /s\nsources:\n  a:\n    signature: required",
            "qiao.yaml:4:16: error: “signature: required” needs “trust”: PEM files with the roots that signers of this "
                + "source are under"),
        SettingsMistake(
            "key about signatures mistyped", "state: /s\nsources:\n  a:\n    trusts: /t",
            "qiao.yaml:4:5: error: unknown key “trusts” in source “a” (did you mean “trust”?)"),
        SettingsMistake(
            "key of the signers mistyped", "state: /s\nsources:\n  a:\n    signers: { subject: x }",
            "qiao.yaml:4:16: error: unknown key “subject” in “signers” of source “a” (did you mean “subjects”?)"),
        SettingsMistake(
            "key of the signing time mistyped", "state: /s\nsources:\n  a:\n    signing-time: { maxage: 1h }",
            "qiao.yaml:4:21: error: unknown key “maxage” in “signing-time” of source “a” (did you mean “max-age”?)"),
        SettingsMistake(
            "relative path", "state: /s\nsources:\n  a:\n    trust: root.pem",
            "qiao.yaml:4:12: error: “trust” must be an absolute path, not “root.pem”: a service has no working folder "
                + "of yours"),
        SettingsMistake(
            "fingerprint that is none", "state: /s\nsources:\n  a:\n    signers: { pinned: abc }",
            "qiao.yaml:4:24: error: “pinned” must be SHA-256 fingerprints of certificates, 64 hexadecimal digits each, "
                + "not “abc”"),
        SettingsMistake(
            "subject that is none", "state: /s\nsources:\n  a:\n    signers: { subjects: [鱼台县信访局] }",
            "qiao.yaml:4:26: error: “subjects” must be subjects as `openssl x509 -subject` prints them, such as "
                + "“C = CN, O = …, CN = …”, not “鱼台县信访局”"),
        SettingsMistake(
            "number of signatures that is none", "state: /s\nsources:\n  a:\n    signatures: most",
            "qiao.yaml:4:17: error: “signatures” must be “all” or a whole number above 0, not “most”"),
        SettingsMistake(
            "age that is none", "state: /s\nsources:\n  a:\n    crl-max-age: old",
            "qiao.yaml:4:18: error: “crl-max-age” must be a duration such as 90s, 10m, 24h or 7d, not “old”"),
        SettingsMistake(
            "rule that does not exist", "state: /s\nsources:\n  a:\n    signing-time: { outside: ignore }",
            "qiao.yaml:4:30: error: “outside” must be one of finding, refuse, not “ignore”"),
        SettingsMistake(
            "key without certificate", "state: /s\nreceipts:\n  sign-with: /k.pem",
            "qiao.yaml:3:3: error: “receipts” needs both “sign-with”, a private key, and “certificate”, the PEM file "
                + "that goes with it"),
        SettingsMistake(
            "credential with a folder", "state: /s\nreceipts:\n  sign-with: a/b\n  certificate: /c.pem",
            "qiao.yaml:3:14: error: “sign-with” must be an absolute path or the name of a systemd credential, "
                + "not “a/b”"),
    ]

    @Test(arguments: mistakes)
    func mistakesAreToldWithTheirPlace(_ mistake: SettingsMistake) async throws {
        let load = try await load(mistake.yaml)
        #expect(told(load.problems) == mistake.told)
        #expect(load.settings == nil)
    }

    private func check(_ yaml: String) async throws -> [String] {
        let settings = try #require(try await load(yaml).settings)
        return told(
            SettingsCheck.problems(settings, mappings: .empty, file: folder.path + "/qiao.yaml", isStarting: true))
    }

    @Test func trustFilesThatCannotBeUsedAreProblemsWithTheirPlace() async throws {
        try folder.write("no certificate", to: "junk.pem")
        let root = TestPackages.path("certs/test-root.crt")
        let problems = try await check(
            """
            state: /s
            sources:
              a:
                trust: [\(root), \(folder.path)/none.pem, \(folder.path)/junk.pem]
                crls: \(root)
            """)
        #expect(problems.count == 3)
        #expect(problems[0].hasPrefix("qiao.yaml:4:"))
        #expect(problems[0].contains("“trust” of source “a”: none.pem cannot be read: No such file or directory"))
        #expect(problems[1].contains("“trust” of source “a”: package.unusable-trust: junk.pem"))
        #expect(problems[2].hasPrefix("qiao.yaml:5:11: error: “crls” of source “a”: package.unusable-trust"))
    }

    @Test func trustWithoutARootIsAProblem() async throws {
        let problems = try await check(
            "state: /s\nsources:\n  a:\n    trust: \(TestPackages.path("certs/test-ca.crt"))")
        #expect(problems.count == 1)
        #expect(problems[0].hasPrefix("qiao.yaml:4:12: error: “trust” of source “a” holds no root"))
    }

    @Test func staleListsAreWarnings() async throws {
        let names = ["certs/test-root.crt", "certs/test-ca.crt"].map(TestPackages.path).joined(separator: ", ")
        let problems = try await check(
            """
            state: /s
            sources:
              a:
                trust: [\(names)]
                crls: \(TestPackages.path("crls/test-ca-stale.crl"))
            """)
        #expect(problems.count == 1)
        #expect(problems[0].hasPrefix("qiao.yaml:5:11: warning: the revocation list of"))
        #expect(problems[0].contains("is stale (made 2024-01-01"))
    }

    /// The list of the CA says nothing about the CA itself: every filing would be rejected.
    @Test(arguments: [
        ("revocation: required", ["test-ca"], ["CN=TEST ROOT P-256,O=Qiao TEST PKI,C=CN"]),
        ("revocation: required", ["test-root"], ["CN=TEST CA P-256,O=Qiao TEST PKI,C=CN"]),
        ("revocation: required", ["test-root", "test-ca"], []), ("revocation: where-available", ["test-ca"], []),
    ])
    func listsThatARequiredRevocationLacksAreWarnings(rule: String, lists: [String], lacking: [String]) async throws {
        let trust = ["certs/test-root.crt", "certs/test-ca.crt"].map(TestPackages.path).joined(separator: ", ")
        let crls = lists.map { TestPackages.path("crls/\($0).crl") }.joined(separator: ", ")
        let problems = try await check(
            """
            state: /s
            sources:
              a:
                trust: [\(trust)]
                crls: [\(crls)]
                \(rule)
            """)
        #expect(
            problems
                == lacking.map {
                    "qiao.yaml:6:17: warning: “revocation: required” of source “a” needs a list of “\($0)” under “crls”: "
                        + "without it, all that is signed below it is rejected"
                })
    }

    @Test func keysThatDoNotFitAreProblems() async throws {
        let problems = try await check(
            """
            state: /s
            receipts:
              sign-with: \(TestPackages.path("keys/other-signer.key"))
              certificate: \(TestPackages.path("certs/yutai-signer.crt"))
            """)
        #expect(problems.count == 1)
        #expect(problems[0].hasPrefix("qiao.yaml:3:14: error: receipts: "))
        #expect(problems[0].contains("package.unusable-key"))
    }
}
