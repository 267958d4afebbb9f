import Foundation
import Testing

/// Packages between `qiao` and `openssl cms`, both ways, with the real programs.
@Suite struct PackageInteropTests {
    /// How openssl is asked to sign.
    struct Form: Sendable, CustomTestStringConvertible {
        var name: String
        var options: [String]
        var signers = ["yutai-signer"]
        var isDetached = false
        var algorithm = "ECDSA"
        var testDescription: String { name }
    }

    static let pss = ["-keyopt", "rsa_padding_mode:pss"]
    static let forms = [
        Form(name: "attached", options: ["-nodetach", "-outform", "DER"]),
        Form(name: "attached, PEM", options: ["-nodetach", "-outform", "PEM"]),
        Form(name: "attached, BER stream", options: ["-nodetach", "-outform", "DER", "-stream"]),
        Form(name: "attached, BER stream in PEM", options: ["-nodetach", "-outform", "PEM", "-stream"]),
        Form(name: "detached", options: ["-outform", "DER"], isDetached: true),
        Form(name: "detached, PEM", options: ["-outform", "PEM"], isDetached: true),
        Form(name: "CAdES", options: ["-nodetach", "-outform", "DER", "-cades"]),
        Form(name: "CAdES, detached", options: ["-outform", "DER", "-cades"], isDetached: true),
        Form(
            name: "PSS", options: ["-nodetach", "-outform", "DER"] + pss, signers: ["yutai-rsa-signer"],
            algorithm: "RSA-PSS"),
        Form(
            name: "PKCS#1 v1.5, SHA-512", options: ["-nodetach", "-outform", "DER", "-md", "sha512"],
            signers: ["yutai-rsa-signer"], algorithm: "RSA"),
        Form(name: "subject key identifier", options: ["-nodetach", "-outform", "DER", "-keyid"]),
        Form(name: "without signed attributes", options: ["-nodetach", "-outform", "DER", "-noattr"]),
        Form(name: "without S/MIME capabilities", options: ["-nodetach", "-outform", "DER", "-nosmimecap"]),
        Form(
            name: "several signers", options: ["-nodetach", "-outform", "DER"],
            signers: ["yutai-signer", "yutai-signer-next", "yutai-rsa-signer"]),
        Form(
            name: "several signers, detached", options: ["-outform", "DER"],
            signers: ["yutai-signer", "yutai-signer-next"], isDetached: true),
    ]

    static let text = String(repeating: "<诉求>路灯不亮</诉求>\r\n", count: 9000)

    @Test(arguments: forms)
    func whatOpenSSLSignsIsAccepted(form: Form) async throws {
        let folder = try TemporaryFolder()
        let (package, document) = try await signed(form, in: folder)
        let (ended, report) = try await verify(package)
        #expect(ended.exitCode == 0, "\(String(decoding: ended.output, as: UTF8.self))")
        #expect(report.signatures.count == form.signers.count)
        #expect(report.signatures.allSatisfy { $0.outcome == "passed" && $0.profile == "cms" })
        #expect(report.signatures.contains { $0.signer?.algorithm.hasPrefix(form.algorithm) == true })
        #expect(report.documents.map(\.name) == [document.lastPathComponent])
        #expect(report.documents.map(\.size) == [Self.text.utf8.count])
    }

    @Test(arguments: forms.filter { $0.isDetached })
    func whatOpenSSLSignedAndSomebodyChangedIsRefused(form: Form) async throws {
        let folder = try TemporaryFolder()
        let (package, document) = try await signed(form, in: folder)
        try Data((Self.text + " ").utf8).write(to: document)
        let (ended, report) = try await verify(package)
        #expect(ended.exitCode == 2)
        #expect(report.codes.contains("package.document-digest"))
        #expect(report.signatures.allSatisfy { $0.outcome == "failed" })
    }

    private func signed(_ form: Form, in folder: TemporaryFolder) async throws -> (String, URL) {
        let document = try folder.write(Self.text, to: "filing.xml")
        let package = folder.url.appending(path: form.isDetached ? "filing.xml.p7s" : "filing.xml.p7m").path
        let arguments =
            ["cms", "-sign", "-binary", "-in", document.path, "-out", package, "-certfile"]
            + [SamplePackages.certificate("test-ca")] + form.options
        // Options of a key stand behind its -signer.
        let signers = form.signers.flatMap(SamplePackages.opensslSigner)
        let keyOptions = form.options.firstIndex(of: "-keyopt").map { Array(form.options[$0..<$0 + 2]) } ?? []
        let plain = keyOptions.isEmpty ? arguments : Array(arguments.dropLast(2))
        try await openssl(plain + signers + keyOptions)
        return (package, document)
    }

    /// How we are asked to sign, and how openssl is asked to verify.
    struct Making: Sendable, CustomTestStringConvertible {
        var name: String
        var kind: String
        var options: [String] = []
        var signers = ["yutai-signer"]
        var verifying: [String] = []
        var testDescription: String { name }
    }

    static let makings = [
        Making(name: "attached", kind: "cms-attached"),
        Making(name: "detached", kind: "cms-detached"),
        Making(name: "CAdES", kind: "cms-attached", options: ["--cades"], verifying: ["-cades"]),
        Making(name: "CAdES, detached", kind: "cms-detached", options: ["--cades"], verifying: ["-cades"]),
        Making(name: "PKCS#1 v1.5", kind: "cms-attached", signers: ["yutai-rsa-signer"]),
        Making(name: "PSS", kind: "cms-detached", options: ["--pss"], signers: ["yutai-rsa-signer"]),
        Making(name: "several signers", kind: "cms-attached", signers: ["yutai-signer", "yutai-rsa-signer"]),
    ]

    @Test(arguments: makings)
    func whatWeMakeOpenSSLAccepts(making: Making) async throws {
        let folder = try TemporaryFolder()
        let document = try folder.write(Self.text, to: "filing.xml")
        let package = folder.url.appending(path: "filing.package").path
        try await create(
            [document.path, "--kind", making.kind, "-o", package] + making.options
                + making.signers.flatMap(SamplePackages.signer))
        let content = making.kind == "cms-detached" ? ["-content", document.path] : []
        let verified = try await openssl(
            ["cms", "-verify", "-binary", "-inform", "DER", "-in", package] + Self.opensslTrust + content
                + making.verifying)
        #expect(verified.output == Data(Self.text.utf8))
    }

    /// The signature inside of our containers is one that openssl accepts over what the standard says it covers.
    @Test(arguments: [
        ("asic-e", "META-INF/ASiCManifest001.xml", "signature001"), ("asic-s", "filing.xml", "signature"),
    ])
    func theSignatureInOurContainersOpenSSLAccepts(kind: String, covered: String, signature: String) async throws {
        let folder = try TemporaryFolder()
        let document = try folder.write(Self.text, to: "filing.xml")
        let package = folder.url.appending(path: "filing.zip").path
        try await create(
            [document.path, "--kind", kind, "-o", package] + SamplePackages.signer("yutai-signer"))
        let unpacked = try folder.folder("unpacked")
        let unzip = try await run("/usr/bin/env", ["python3", "-m", "zipfile", "-e", package, unpacked.path])
        #expect(unzip.exitCode == 0, "\(unzip.errors)")
        let path = unpacked.appending(path: "META-INF/\(signature).p7s").path
        let verified = try await openssl(
            ["cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", path, "-content"]
                + [unpacked.appending(path: covered).path] + Self.opensslTrust)
        #expect(!verified.output.isEmpty)
        #expect(try Data(contentsOf: unpacked.appending(path: "filing.xml")) == Data(Self.text.utf8))
    }

    @Test func aBundleOfOursListsItsCertificatesInOpenSSL() async throws {
        let folder = try TemporaryFolder()
        let bundle = folder.url.appending(path: "all.p7b").path
        try await create(
            ["--kind", "certificates", "-o", bundle]
                + ["test-ca", "yutai-signer", "sm2-ca"].map(SamplePackages.certificate))
        let printed = try await openssl(["pkcs7", "-inform", "DER", "-in", bundle, "-print_certs", "-noout"])
        #expect(printed.lines.filter { $0.hasPrefix("subject=") }.count == 3)
    }

    private static let opensslTrust = [
        "-CAfile", SamplePackages.certificate("test-root"), "-certfile", SamplePackages.certificate("test-ca"),
        "-purpose", "any",
    ]
}

/// Runs openssl, which must succeed.
@discardableResult
func openssl(_ arguments: [String], in folder: URL? = nil) async throws -> Ended {
    let ended = try await run("/usr/bin/env", ["openssl"] + arguments, in: folder)
    #expect(ended.exitCode == 0, "openssl \(arguments.joined(separator: " ")): \(ended.errors)")
    return ended
}

/// Runs `qiao package create`, which must succeed.
@discardableResult
func create(_ arguments: [String]) async throws -> Ended {
    let chain = ["--chain", SamplePackages.certificate("test-ca")]
    let isBundle = arguments.contains("certificates")
    let ended = try await run(Program.path("qiao"), ["package", "create"] + arguments + (isBundle ? [] : chain))
    #expect(ended.exitCode == 0, "\(ended.errors)")
    return ended
}
