import Findings
import Testing

@testable import SignedPackages

@Suite struct PackageCertificateTests {
    @Test func fieldsOfAnSM2Certificate() throws {
        let certificate = try SamplePKI.certificate("sm2-yutai-signer")
        #expect(
            certificate.subject
                == "CN=TEST 鱼台县签名 SM2,1.2.156.10260.4.1.4=12370827MB0000000C,O=鱼台县社会治理服务中心（测试）,L=济宁市,ST=山东省,C=CN")
        #expect(certificate.issuer == "CN=TEST CA SM2,O=Qiao TEST PKI,C=CN")
        #expect(certificate.serial == "3101")
        #expect(certificate.version == 3)
        #expect(certificate.organisation == "鱼台县社会治理服务中心（测试）")
        #expect(certificate.organisationCode == "12370827MB0000000C")
        #expect(CertificateTime.text(certificate.notBefore) == "2020-01-01T00:00:00Z")
        #expect(CertificateTime.text(certificate.notAfter) == "2050-01-01T00:00:00Z")
        #expect(certificate.extensions.keyUsage?.text == "digitalSignature, nonRepudiation")
        #expect(certificate.extensions.critical == ["2.5.29.19", "2.5.29.15"])
        #expect(
            certificate.extensions.authorityKeyIdentifier == (try SamplePKI.certificate("sm2-ca").subjectKeyIdentifier))
        #expect(try certificate.key.get().name == "SM2")
    }

    @Test func fingerprintIsTheOneOfOpenSSL() throws {
        let file = try OpenSSL.write(try SamplePKI.der("yutai-signer"), OpenSSL.newName("der"))
        let said = try OpenSSL.run("x509", "-inform", "DER", "-in", file, "-noout", "-fingerprint", "-sha256")
        let text = String(decoding: said, as: UTF8.self).filter { $0 != ":" }.lowercased()
        #expect(text.contains(try SamplePKI.certificate("yutai-signer").fingerprint))
    }

    @Test(arguments: [
        ("91350100M000100Y43", true), ("91350100M000100Y44", false), ("12370827MB0000000C", true),
        ("12370827MB000000", false), ("91350100M000100I43", false), ("", false),
    ]) func checkCharacterOfOrganisationCodes(_ code: String, _ isValid: Bool) {
        #expect(OrganisationCode.isValid(code) == isValid)
    }

    @Test(
        arguments: [
            ("91350100M000100Y43", "91350100M000100Y43"), ("NTRCN-91350100M000100Y43", "91350100M000100Y43"),
            (" 91350100m000100y43 ", "91350100M000100Y43"), ("鱼台县", nil), ("NTRCN-91350100M000100Y44", nil),
        ] as [(String, String?)]) func organisationCodeWithinOtherAttributes(_ text: String, _ code: String?)
    {
        #expect(OrganisationCode.found(in: text) == code)
    }

    @Test(arguments: [
        [UInt8](), [0x30], [0x30, 0x80], [0x30, 0x00], [0x30, 0x03, 0x02, 0x01, 0x00], Array("-----BEGIN".utf8),
    ]) func whatIsNoCertificateIsMalformed(_ bytes: [UInt8]) {
        let fault = #expect(throws: PackageFault.self) { _ = try PackageCertificate(der: bytes) }
        #expect(fault?.check.kind == .packageMalformed)
    }

    @Test func bytesBehindACertificateAreRefused() throws {
        let der = try SamplePKI.der("yutai-signer")
        #expect(throws: PackageFault.self) { _ = try PackageCertificate(der: der + [0]) }
        for length in stride(from: 0, to: der.count, by: 7) {
            #expect(throws: PackageFault.self) { _ = try PackageCertificate(der: Array(der.prefix(length))) }
        }
    }

    // Whatever stands in the bytes, reading ends in a value or in a fault.
    @Test func damagedBytesNeverCrash() throws {
        var generator = SplitMix(seed: 35_275)
        let samples = [
            try SamplePKI.der("yutai-signer"), try SamplePKI.der("sm2-ca"), try SamplePKI.der("test-ocsp"),
            try SamplePKI.list("test-ca"), try SamplePKI.list("sm2-ca"),
        ]
        var read = 0
        for _ in 0..<3000 {
            var bytes = samples[Int.random(in: samples.indices, using: &generator)]
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
            }
            if let certificate = try? PackageCertificate(der: bytes) {
                read += 1
                _ = certificate.subject + certificate.serial + certificate.organisationCode
            }
            if (try? RevocationList(der: bytes)) != nil { read += 1 }
            _ = try? OCSPResponse(der: bytes)
        }
        // Most changes hit keys, names and signatures, which any value may fill.
        #expect(read > 500)
    }
}

/// A generator that gives the same numbers in every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
