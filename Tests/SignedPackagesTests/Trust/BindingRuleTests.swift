import Findings
import Testing

@testable import SignedPackages

@Suite struct BindingRuleTests {
    private func outcome(_ signer: String, _ binding: SignerBinding) throws -> CheckOutcome {
        BindingRule.check(try SamplePKI.certificate(signer), binding).outcome
    }

    @Test func openBindingAcceptsAnySigner() throws {
        #expect(try outcome("other-signer", SignerBinding()) == .passed)
    }

    @Test func oldAndNewCertificateAreEquallyGood() throws {
        let pins = try ["yutai-signer", "yutai-signer-next"].map { try SamplePKI.certificate($0).fingerprint }
        for binding in [SignerBinding(pinned: pins), SignerBinding(pinned: pins.reversed())] {
            #expect(try outcome("yutai-signer", binding) == .passed)
            #expect(try outcome("yutai-signer-next", binding) == .passed)
            #expect(try outcome("yutai-rsa-signer", binding) == .failed)
        }
    }

    @Test func fingerprintAsOpenSSLPrintsIt() throws {
        let plain = try SamplePKI.certificate("yutai-signer").fingerprint.uppercased()
        let pairs = stride(from: 0, to: plain.count, by: 2).map { String(plain.dropFirst($0).prefix(2)) }
        #expect(try outcome("yutai-signer", SignerBinding(pinned: [pairs.joined(separator: ":")])) == .passed)
    }

    @Test func organisationCodeBindsWhateverTheKey() throws {
        let binding = SignerBinding(organisationCodes: ["12370827mb0000000c "])
        for signer in ["yutai-signer", "yutai-rsa-signer", "sm2-yutai-signer"] {
            #expect(try outcome(signer, binding) == .passed)
        }
        for signer in ["other-signer", "sm2-other-signer"] { #expect(try outcome(signer, binding) == .failed) }
    }

    @Test func wrongSignerSaysWhoSignedAndWhoIsDeclared() async throws {
        var policy = try SamplePKI.policy()
        policy.binding = SignerBinding(organisationCodes: ["12370827MB0000000C"])
        let result = try await SamplePKI.check("other-signer", policy)
        #expect(result.codes == ["package.wrong-signer"])
        let detail = result.detail("package.wrong-signer")
        #expect(detail.contains("邻县社会治理服务中心（测试）"))
        #expect(detail.contains("12370826MB"))
        #expect(detail.contains("the source declares organisation codes 12370827MB0000000C"))
    }

    @Test func emptyOrganisationCodeBindsNobody() throws {
        let root = try SamplePKI.certificate("test-root")
        #expect(root.organisationCode == "")
        #expect(BindingRule.check(root, SignerBinding(organisationCodes: [""])).outcome == .failed)
    }

    @Test(arguments: [
        "CN=TEST 鱼台县签名,1.2.156.10260.4.1.4=12370827MB0000000C,O=鱼台县社会治理服务中心（测试）,L=济宁市,ST=山东省,C=CN",
        "subject=C = CN, ST = 山东省, L = 济宁市, O = 鱼台县社会治理服务中心（测试）, 1.2.156.10260.4.1.4 = 12370827MB0000000C, CN = TEST 鱼台县签名",
        "/C=CN/ST=山东省/L=济宁市/O=鱼台县社会治理服务中心（测试）/1.2.156.10260.4.1.4=12370827MB0000000C/CN=TEST 鱼台县签名",
        "c=cn,st=山东省,l=济宁市,o=鱼台县社会治理服务中心（测试）,1.2.156.10260.4.1.4=12370827mb0000000c,cn=test  鱼台县签名",
        #"CN=TEST \E9\B1\BC\E5\8F\B0\E5\8E\BF签名,1.2.156.10260.4.1.4=12370827MB0000000C,O=鱼台县社会治理服务中心（测试）,L=济宁市,ST=山东省,C=CN"#,
    ]) func subjectAsPeopleWriteIt(_ text: String) throws {
        #expect(try outcome("yutai-signer", SignerBinding(subjects: [text])) == .passed)
        #expect(try outcome("other-signer", SignerBinding(subjects: [text])) == .failed)
    }

    /// The forms that `openssl x509 -subject` (1.0.2 to 3.x), Windows and GnuTLS print, each with the name that is meant.
    private static let printedSubjects: [(text: String, attributes: [(type: String, value: String)])] = [
        (
            #"subject=C = CN, O = "鱼台县, 信访局", CN = "A+B \"1\"""#,
            [("2.5.4.6", "CN"), ("2.5.4.10", "鱼台县, 信访局"), ("2.5.4.3", "A+B \"1\"")]
        ),
        (
            #"subject= /C=CN/O=\xE9\xB1\xBC\xE5\x8F\xB0\xE5\x8E\xBF/CN=A, "B""#,
            [("2.5.4.6", "CN"), ("2.5.4.10", "鱼台县"), ("2.5.4.3", "A, \"B\"")]
        ),
        (
            #"subject=1.2.156.10260.4.1.4=#0C03413142,CN=A\+B,C=CN"#,
            [("2.5.4.6", "CN"), ("2.5.4.3", "A+B"), ("1.2.156.10260.4.1.4", "A1B")]
        ),
        (
            "C = CN, postalCode = 272300, businessCategory = Gov, CN = #1 office",
            [("2.5.4.6", "CN"), ("2.5.4.17", "272300"), ("2.5.4.15", "Gov"), ("2.5.4.3", "#1 office")]
        ),
        (
            "E=a@b.cn, CN=x, OID.2.5.4.97=1, S=山东省",
            [("2.5.4.8", "山东省"), ("2.5.4.97", "1"), ("2.5.4.3", "x"), ("1.2.840.113549.1.9.1", "a@b.cn")]
        ),
    ]

    @Test(arguments: printedSubjects.indices) func subjectAsOtherProgramsPrintIt(_ index: Int) {
        let (text, attributes) = Self.printedSubjects[index]
        let name = CertificateName(
            relativeNames: attributes.map { [CertificateName.Attribute(type: $0.type, text: $0.value)] })
        #expect(SubjectText.matches(text, name), "\(text)")
        #expect(SubjectText.matches(name.text, name), "\(name.text)")
    }

    @Test func ownTextOfEverySubjectMatches() throws {
        for name in ["yutai-signer", "sm2-root", "future-signer"] {
            let certificate = try SamplePKI.certificate(name)
            #expect(SubjectText.matches(certificate.subject, certificate.subjectName))
        }
    }

    @Test(arguments: ["", "CN", "=", "CN=TEST 鱼台县签名", "O=,C=CN", "XX=1,C=CN", #"\"#, "/", ",,,"])
    func partOfASubjectIsNoMatch(_ text: String) throws {
        #expect(try outcome("yutai-signer", SignerBinding(subjects: [text])) == .failed)
    }
}
