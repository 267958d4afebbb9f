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
