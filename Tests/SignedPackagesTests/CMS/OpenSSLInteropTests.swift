import Foundation
import Testing

@testable import SignedPackages

/// What `openssl cms -sign` makes is verified, and not when it was changed.
@Suite struct OpenSSLInteropTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var signers: [Result<TestSigner, any Error>]
        var options: [String]
        var detached = false
        var algorithm: String

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "attached, DER", signers: [TestSigner.p256], options: ["-nodetach", "-outform", "DER"],
            algorithm: "ECDSA P-256 SHA-256"),
        Case(
            name: "detached, DER", signers: [TestSigner.p256], options: ["-outform", "DER"], detached: true,
            algorithm: "ECDSA P-256 SHA-256"),
        Case(
            name: "attached, BER in pieces", signers: [TestSigner.p256],
            options: ["-nodetach", "-stream", "-outform", "DER"], algorithm: "ECDSA P-256 SHA-256"),
        Case(
            name: "attached, BER, -indef", signers: [TestSigner.rsa],
            options: ["-nodetach", "-indef", "-outform", "DER"], algorithm: "RSA 2048 SHA-256"),
        Case(
            name: "attached, PEM", signers: [TestSigner.p256], options: ["-nodetach", "-outform", "PEM"],
            algorithm: "ECDSA P-256 SHA-256"),
        Case(
            name: "attached, PEM of BER in pieces", signers: [TestSigner.p256],
            options: ["-nodetach", "-stream", "-outform", "PEM"], algorithm: "ECDSA P-256 SHA-256"),
        Case(
            name: "detached, PEM", signers: [TestSigner.p256], options: ["-outform", "PEM"], detached: true,
            algorithm: "ECDSA P-256 SHA-256"),
        Case(
            name: "CAdES", signers: [TestSigner.p256], options: ["-cades", "-outform", "DER"], detached: true,
            algorithm: "ECDSA P-256 SHA-256"),
        Case(
            name: "CAdES, SHA-512", signers: [TestSigner.p521],
            options: ["-cades", "-md", "sha512", "-nodetach", "-outform", "DER"], algorithm: "ECDSA P-521 SHA-512"),
        Case(
            name: "P-384 with SHA-384", signers: [TestSigner.p384],
            options: ["-md", "sha384", "-nodetach", "-outform", "DER"], algorithm: "ECDSA P-384 SHA-384"),
        Case(
            name: "P-521 with SHA-256", signers: [TestSigner.p521], options: ["-nodetach", "-outform", "DER"],
            algorithm: "ECDSA P-521 SHA-256"),
        Case(
            name: "RSA PKCS#1 v1.5 with SHA-512", signers: [TestSigner.rsa],
            options: ["-md", "sha512", "-nodetach", "-outform", "DER"], algorithm: "RSA 2048 SHA-512"),
        Case(
            name: "RSA-PSS, salt as long as the digest", signers: [TestSigner.rsa],
            options: [
                "-nodetach", "-outform", "DER", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:-1",
            ], algorithm: "RSA-PSS 2048 SHA-256"),
        Case(
            name: "RSA-PSS, the longest salt", signers: [TestSigner.rsa],
            options: ["-nodetach", "-outform", "DER", "-keyopt", "rsa_padding_mode:pss"],
            algorithm: "RSA-PSS 2048 SHA-256"),
        Case(
            name: "RSA-PSS, mask by another digest", signers: [TestSigner.rsa],
            options: [
                "-nodetach", "-outform", "DER", "-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_mgf1_md:sha512",
            ], algorithm: "RSA-PSS 2048 SHA-256"),
        Case(
            name: "without attributes", signers: [TestSigner.p256],
            options: ["-noattr", "-nodetach", "-outform", "DER"],
            algorithm: "ECDSA P-256 SHA-256"),
        Case(
            name: "without attributes, RSA, detached", signers: [TestSigner.rsa],
            options: ["-noattr", "-outform", "DER"], detached: true, algorithm: "RSA 2048 SHA-256"),
        Case(
            name: "by key identifier", signers: [TestSigner.p256], options: ["-keyid", "-nodetach", "-outform", "DER"],
            algorithm: "ECDSA P-256 SHA-256"),
        Case(
            name: "two signers", signers: [TestSigner.p256, TestSigner.rsa], options: ["-nodetach", "-outform", "DER"],
            algorithm: "ECDSA P-256 SHA-256"),
        Case(
            name: "three signers, in pieces", signers: [TestSigner.p256, TestSigner.p384, TestSigner.rsa],
            options: ["-nodetach", "-stream", "-outform", "DER"], algorithm: "ECDSA P-256 SHA-256"),
    ]

    static let content = Array("编号,姓名\r\n1,测试\r\n".utf8) + [UInt8](repeating: 0x41, count: 100_000)

    static func sign(_ sample: Case, _ content: [UInt8]) throws -> [UInt8] {
        let input = try OpenSSL.write(content)
        var arguments = ["cms", "-sign", "-binary", "-in", input]
        for signer in sample.signers {
            let signer = try signer.get()
            arguments += ["-signer", signer.certificate, "-inkey", signer.key]
            // Key options belong to the signer before them.
            if sample.options.contains("-keyopt") { break }
        }
        return try OpenSSL.run(arguments + sample.options)
    }

    @Test(arguments: cases) func isVerified(sample: Case) throws {
        let package = try Self.sign(sample, Self.content)
        let cades = sample.options.contains("-cades")
        let reports = try verify(package, content: sample.detached ? Self.content : nil, cades: cades)
        #expect(reports.count == sample.signers.count)
        for report in reports {
            let good = report.isGood
            #expect(good, "\(report.checks.map(\.detail))")
            #expect((report.signedAt != nil) == !sample.options.contains("-noattr"))
        }
        let algorithms = reports.compactMap(\.identity?.algorithm)
        #expect(algorithms.contains(sample.algorithm), "\(algorithms)")
    }

    // Windows (CryptSignMessage) names the kind of the key where the signature algorithm belongs, as all do with RSA.
    @Test(arguments: ["sha256", "sha384"]) func keyIsNamedAsTheSignatureAlgorithm(digest: String) throws {
        let sample = Case(
            name: "", signers: [TestSigner.p256], options: ["-md", digest, "-nodetach", "-outform", "DER"],
            algorithm: "")
        let last: UInt8 = digest == "sha256" ? 2 : 3
        let named = tlv(0x30, tlv(6, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, last]))
        let key = tlv(0x30, tlv(6, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1]) + [5, 0])
        let package = replacing(named, by: key, in: try Self.sign(sample, Array("甲".utf8)))
        let report = try #require(try verify(package).first)
        let good = report.isGood
        #expect(good, "\(report.checks.map(\.detail))")
        #expect(report.identity?.algorithm == "ECDSA P-256 SHA-\(digest.suffix(3))")
    }

    // Programs after the example of the Windows documentation name the signature algorithm where the digest belongs.
    @Test func signatureAlgorithmIsNamedAsTheDigest() throws {
        let sample = Case(
            name: "", signers: [TestSigner.rsa], options: ["-md", "sha256", "-nodetach", "-outform", "DER"],
            algorithm: "")
        let digest = tlv(0x30, tlv(6, [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1]))
        let signed = try Self.sign(sample, Array("甲".utf8))
        func named(_ last: UInt8) throws -> SignerReport {
            let signature = tlv(0x30, tlv(6, [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, last]) + [5, 0])
            return try #require(try verify(replacing(digest, by: signature, in: signed)).first)
        }
        let (right, wrong, weak) = (try named(11), try named(12), try named(5))
        #expect(right.problems == [])
        #expect(right.identity?.algorithm == "RSA 2048 SHA-256")
        #expect(wrong.problems == ["package.document-digest", "package.signature-invalid"])
        #expect(weak.problems == ["package.weak-algorithm"])
    }

    // DER with every value that is `old` replaced, and all lengths made to fit.
    private func replacing(_ old: [UInt8], by new: [UInt8], in der: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var cursor = DERCursor(der[...])
        while let element = try? cursor.next() {
            if Array(element.encoded) == old {
                result += new
            } else if element.encoded.first.map({ $0 & 0x20 != 0 }) == true {
                result += tlv(der[element.encoded.startIndex], replacing(old, by: new, in: Array(element.content)))
            } else {
                result += element.encoded
            }
        }
        return result
    }

    @Test(arguments: cases) func isRefusedWhenTheContentChanged(sample: Case) throws {
        var content = Self.content
        let package: [UInt8]
        if sample.detached {
            package = try Self.sign(sample, content)
            content[50] ^= 1
        } else {
            // The marker is replaced in the package itself, so that nothing else changes.
            guard !sample.options.contains("PEM") else { return }
            var signed = try Self.sign(sample, content)
            let place = try #require(Self.find(Array("AAAAAAAAAA".utf8), in: signed))
            signed[place + 3] = 0x42
            package = signed
        }
        for report in try verify(package, content: sample.detached ? content : nil) {
            let expected =
                sample.options.contains("-noattr") ? "package.signature-invalid" : "package.document-digest"
            #expect(report.problems == [expected])
        }
    }

    @Test(arguments: cases) func givesItsContentBack(sample: Case) throws {
        guard !sample.detached else { return }
        let package = try Self.sign(sample, Self.content)
        let message = try SignedMessageReader.read(BytesInput(package))
        var content: [UInt8] = []
        try message.streamContent(from: BytesInput(package)) { piece in
            for index in piece.indices { content.append(piece[index]) }
        }
        #expect(content == Self.content)
        #expect(message.content?.size == Int64(Self.content.count))
        #expect((message.pem != nil) == sample.options.contains("PEM"))
        let inPieces = sample.options.contains("-stream") || sample.options.contains("-indef")
        #expect(message.encoding == (inPieces ? .ber : .der))
    }

    @Test func certificatesOnly() throws {
        let (first, second) = (try TestSigner.p256.get(), try TestSigner.rsa.get())
        let bundle = try OpenSSL.run(
            "crl2pkcs7", "-nocrl", "-certfile", first.certificate, "-certfile", second.certificate, "-outform", "DER")
        let message = try SignedMessageReader.read(BytesInput(bundle))
        #expect(message.certificates == [try first.der, try second.der])
        #expect(message.signers.isEmpty)
    }

    @Test func missingCertificateIsNamed() throws {
        let sample = Case(
            name: "", signers: [TestSigner.p256], options: ["-nocerts", "-nodetach", "-outform", "DER"], algorithm: "")
        let package = try Self.sign(sample, Self.content)
        let report = try #require(try verify(package).first)
        #expect(report.problems == ["package.certificate-missing"])
        // It may be handed in beside the package.
        let other = try #require(try verify(package, more: [try TestSigner.p256.get().der]).first)
        #expect(other.isGood)
    }

    @Test(arguments: ["sha1", "md5"]) func weakDigestIsRefused(digest: String) throws {
        let sample = Case(
            name: "", signers: [TestSigner.rsa], options: ["-md", digest, "-nodetach", "-outform", "DER"], algorithm: ""
        )
        let report = try #require(try verify(try Self.sign(sample, Self.content)).first)
        #expect(report.problems == ["package.weak-algorithm"])
    }

    @Test func weakKeyIsRefused() throws {
        let sample = Case(
            name: "", signers: [TestSigner.weakRSA], options: ["-nodetach", "-outform", "DER"], algorithm: "")
        let report = try #require(try verify(try Self.sign(sample, Self.content)).first)
        #expect(report.problems.contains("package.weak-algorithm"))
        #expect(report.checks.contains { $0.check == .keyStrength && $0.outcome == .failed })
    }

    @Test func cadesNeedsTheSigningCertificate() throws {
        let sample = Case(
            name: "", signers: [TestSigner.p256], options: ["-nodetach", "-outform", "DER"], algorithm: "")
        let report = try #require(try verify(try Self.sign(sample, Self.content), cades: true).first)
        #expect(report.problems == ["package.attribute-invalid"])
    }

    @Test func encryptedMessageIsNotSigned() throws {
        let input = try OpenSSL.write(Self.content)
        let signer = try TestSigner.rsa.get()
        let package = try OpenSSL.run(
            "cms", "-encrypt", "-binary", "-in", input, "-outform", "DER", signer.certificate)
        #expect(fault(package) == "package.not-signed")
    }

    @Test func unsignedAttributesAreNotedAndIgnored() throws {
        let sample = Case(
            name: "", signers: [TestSigner.p256], options: ["-nodetach", "-outform", "DER"], algorithm: "")
        let signed = try OpenSSL.write(try Self.sign(sample, Self.content))
        let signer = try TestSigner.otherP256.get()
        // `-resign` adds a signer; what it adds must not disturb the first one.
        let package = try OpenSSL.run(
            "cms", "-resign", "-inform", "DER", "-in", signed, "-signer", signer.certificate, "-inkey", signer.key,
            "-nodetach", "-outform", "DER")
        let reports = try verify(package)
        #expect(reports.map(\.isGood) == [true, true])
    }

    static func find(_ needle: [UInt8], in bytes: [UInt8]) -> Int? {
        (0...(bytes.count - needle.count)).first {
            bytes[$0] == needle[0] && bytes[$0..<($0 + needle.count)] == needle[...]
        }
    }
}
