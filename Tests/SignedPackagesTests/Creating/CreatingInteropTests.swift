import Foundation
import Testing

@testable import SignedPackages

/// What we create, `openssl cms -verify` accepts, and so do we; but not when it was changed.
@Suite struct CreatingInteropTests {
    static let content = Array("编号,姓名\r\n1,测试\r\n".utf8) + [UInt8](repeating: 0x5A, count: 300_000)
    static let now: Int64 = 1_795_222_800

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var signers: [Result<TestSigner, any Error>]
        var pss = false
        var cades = false

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "P-256", signers: [TestSigner.p256]),
        Case(name: "P-256, CAdES", signers: [TestSigner.p256], cades: true),
        Case(name: "P-384, CAdES", signers: [TestSigner.p384], cades: true),
        Case(name: "P-521", signers: [TestSigner.p521]),
        Case(name: "RSA", signers: [TestSigner.rsa]),
        Case(name: "RSA-PSS, CAdES", signers: [TestSigner.rsa], pss: true, cades: true),
        Case(name: "two signers", signers: [TestSigner.rsa, TestSigner.p256]),
        Case(name: "three signers, three digests", signers: [TestSigner.p521, TestSigner.p384, TestSigner.p256]),
    ]

    static func creator(_ sample: Case, profile: CMSProfile = .cms) throws -> PackageCreator {
        let signers = try sample.signers.map { try signer(try $0.get(), pss: sample.pss) }
        return PackageCreator(signers: signers, profile: profile, signedAt: now, cades: sample.cades)
    }

    static func signer(_ signer: TestSigner, pss: Bool = false) throws -> PackageSigner {
        try PackageSigner(
            key: try PackageSigningKey(pem: try OpenSSL.read(signer.key)), certificates: [try signer.der], pss: pss)
    }

    static func attached(_ creator: PackageCreator, _ content: [UInt8]) throws -> [UInt8] {
        var package: [UInt8] = []
        try creator.attached(BytesInput(content)) { package += $0 }
        return package
    }

    @Test(arguments: cases) func opensslAcceptsAttached(sample: Case) throws {
        let package = try OpenSSL.write(try Self.attached(try Self.creator(sample), Self.content))
        // `-cades` makes it look at signing-certificate-v2, and needs a root.
        let trust = sample.cades ? ["-cades", "-CAfile", try sample.signers[0].get().certificate] : ["-noverify"]
        let out = try OpenSSL.run(
            ["cms", "-verify", "-binary", "-inform", "DER", "-in", package, "-purpose", "any"] + trust)
        let same = out == Self.content
        #expect(same)
    }

    @Test(arguments: cases) func opensslAcceptsDetached(sample: Case) throws {
        let content = try OpenSSL.write(Self.content)
        let signature = try OpenSSL.write(try Self.creator(sample).detached(BytesInput(Self.content)))
        try OpenSSL.run(
            "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", content, "-noverify", "-out",
            "/dev/null")
        let changed = try OpenSSL.write(Self.content + [0])
        #expect(throws: OpenSSL.Failure.self) {
            try OpenSSL.run(
                "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", changed, "-noverify",
                "-out", "/dev/null")
        }
    }

    @Test(arguments: cases) func weAccept(sample: Case) throws {
        let package = try Self.attached(try Self.creator(sample), Self.content)
        let reports = try verify(package, cades: sample.cades)
        #expect(reports.count == sample.signers.count)
        for report in reports {
            let (good, signedAt) = (report.isGood, report.signedAt)
            #expect(good, "\(report.checks.map(\.detail))")
            #expect(signedAt == Self.now)
        }
        let message = try SignedMessageReader.read(BytesInput(package))
        #expect(message.encoding == .der)
    }

    @Test func pemIsAcceptedByOpenSSLAndByUs() throws {
        let signature = try Self.creator(Self.cases[0]).detached(BytesInput(Self.content))
        let pem = PackageCreator.pem(signature)
        let (file, content) = (try OpenSSL.write(pem.utf8), try OpenSSL.write(Self.content))
        try OpenSSL.run(
            "cms", "-verify", "-binary", "-inform", "PEM", "-in", file, "-content", content, "-noverify", "-out",
            "/dev/null")
        let good = try verify(Array(pem.utf8), content: Self.content).map(\.isGood)
        #expect(good == [true])
    }

    @Test func ed25519IsVerifiedByUs() throws {
        // The `cms` command of OpenSSL 3.0 knows no Ed25519.
        let sample = Case(name: "", signers: [TestSigner.ed25519], cades: true)
        let package = try Self.attached(try Self.creator(sample), Self.content)
        let report = try #require(try verify(package, cades: true).first)
        let (good, algorithm) = (report.isGood, report.identity?.algorithm)
        #expect(good)
        #expect(algorithm == "Ed25519")
    }

    @Test func ed25519ValueIsOneThatOpenSSLAccepts() throws {
        let signer = try TestSigner.ed25519.get()
        let key = try PackageSigningKey(pem: try OpenSSL.read(signer.key))
        let signature = try OpenSSL.write(try key.sign(Self.content, by: .ed25519))
        let content = try OpenSSL.write(Self.content)
        try OpenSSL.run("pkeyutl", "-verify", "-rawin", "-inkey", signer.key, "-in", content, "-sigfile", signature)
    }

    @Test(arguments: CMSProfile.allCases) func sm2IsVerifiedByUs(profile: CMSProfile) throws {
        let sample = Case(name: "", signers: [TestSigner.sm2], cades: true)
        let package = try Self.attached(try Self.creator(sample, profile: profile), Self.content)
        let report = try #require(try verify(package, cades: true).first)
        let (good, algorithm) = (report.isGood, report.identity?.algorithm)
        #expect(good)
        #expect(algorithm == "SM2 with SM3")
        #expect(try SignedMessageReader.read(BytesInput(package)).profile == profile)
    }

    @Test func sm2ValueIsOneThatOpenSSLAccepts() throws {
        let signer = try TestSigner.sm2.get()
        let key = try PackageSigningKey(pem: try OpenSSL.read(signer.key))
        let signature = try OpenSSL.write(try key.sign(Self.content, by: .sm2))
        let content = try OpenSSL.write(Self.content)
        try OpenSSL.write(try OpenSSL.run("pkey", "-in", signer.key, "-pubout"), "sm2.pub")
        try OpenSSL.run(
            "dgst", "-sm3", "-verify", "sm2.pub", "-sigopt", "distid:1234567812345678", "-signature", signature, content
        )
    }

    @Test func chineseIdentifiersNeedSM2() throws {
        let creator = try Self.creator(Self.cases[0], profile: .gbt35275)
        #expect(throws: PackageError.self) { try creator.detached(BytesInput(Self.content)) }
    }

    @Test func bundleIsReadByOpenSSLAndByUs() throws {
        let certificates = [try TestSigner.rsa.get().der, try TestSigner.sm2.get().der, try TestSigner.rsa.get().der]
        let bundle = PackageCreator.bundle(certificates)
        let file = try OpenSSL.write(bundle)
        let printed = try OpenSSL.run("pkcs7", "-inform", "DER", "-in", file, "-print_certs", "-noout")
        #expect(String(decoding: printed, as: UTF8.self).contains("CN = sm2"))
        let message = try SignedMessageReader.read(BytesInput(bundle))
        let same = Set(message.certificates) == Set(certificates) && message.certificates.count == 2
        #expect(same)
    }

    @Test func emptyContentIsAContent() throws {
        let package = try Self.attached(try Self.creator(Self.cases[0]), [])
        let out = try OpenSSL.run(
            "cms", "-verify", "-binary", "-inform", "DER", "-in", try OpenSSL.write(package), "-noverify")
        #expect(out.isEmpty)
        #expect(try verify(package).map(\.isGood) == [true])
    }

    @Test(arguments: [127, 128, 255, 256, 65_535, 65_536])
    func lengthsAroundTheEdgesOfDER(size: Int) throws {
        let content = [UInt8](repeating: 7, count: size)
        let package = try Self.attached(try Self.creator(Self.cases[0]), content)
        #expect(try verify(package).map(\.isGood) == [true])
    }

    @Test func receiptSignature() throws {
        let receipt = Array("<receipt/>".utf8)
        for signer in [TestSigner.p256, TestSigner.sm2] {
            let signature = try DetachedSigner(try Self.signer(try signer.get())).sign(receipt, signedAt: Self.now)
            #expect(try verify(signature, content: receipt, cades: true).map(\.isGood) == [true])
            #expect(try verify(signature, content: receipt + [0], cades: true).map(\.isGood) == [false])
        }
    }

    @Test func keyOfAnotherCertificateIsRefused() throws {
        let key = try PackageSigningKey(pem: try OpenSSL.read(try TestSigner.p256.get().key))
        let certificate = try TestSigner.otherP256.get().der
        #expect(throws: PackageError.self) { _ = try PackageSigner(key: key, certificates: [certificate]) }
        #expect(throws: PackageError.self) { _ = try PackageSigner(key: key, certificates: []) }
    }

    @Test(arguments: [
        ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes256", "-pass", "pass:x"],
        ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"],
        ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
        ["genpkey", "-algorithm", "X25519"],
    ])
    func unusableKeysAreRefused(command: [String]) throws {
        let pem = try OpenSSL.run(command)
        #expect(throws: PackageError.self) { _ = try PackageSigningKey(pem: pem) }
    }

    @Test(arguments: [
        (["ecparam", "-genkey", "-name", "prime256v1"], "P-256"),
        (["ecparam", "-genkey", "-name", "secp384r1"], "P-384"),
        (["ecparam", "-genkey", "-name", "SM2"], "SM2"), (["genrsa", "-traditional", "2048"], "RSA 2048"),
        (["genrsa", "3072"], "RSA 3072"), (["genpkey", "-algorithm", "ED25519"], "Ed25519"),
    ])
    func keyFormats(command: [String], name: String) throws {
        #expect(try PackageSigningKey(pem: try OpenSSL.run(command)).name == name)
    }
}
