import Foundation
import Testing

@testable import SignedPackages

/// Packages that upstream systems make with nothing but `openssl` and `zip`, through the whole flow.
@Suite struct OpenSSLFlowTests {
    private static func sign(_ content: [UInt8], _ signer: String, _ options: [String]) throws -> [UInt8] {
        let file = try OpenSSL.write(content)
        let names = try ["certs/\(signer).crt", "keys/\(signer).key", "certs/test-ca.crt"].map {
            try OpenSSL.write(SamplePKI.bytes($0))
        }
        return try OpenSSL.run(
            [
                "cms", "-sign", "-binary", "-in", file, "-signer", names[0], "-inkey", names[1], "-certfile", names[2],
            ] + options)
    }

    // openssl signs with the time of the machine.
    private static func verify(
        _ package: [UInt8], _ name: String, content: [UInt8]? = nil
    ) async throws -> VerificationResult {
        let policy = try FlowSamples.policy { $0.signingTime.futureTolerance = 100 * 365 * 86400 }
        return try await FlowSamples.verify(package, name, content: content, policy: policy)
    }

    @Test(arguments: [
        ["-outform", "DER", "-nodetach"], ["-outform", "PEM", "-nodetach"],
        ["-outform", "DER", "-nodetach", "-stream"],
        ["-outform", "DER", "-nodetach", "-cades"], ["-outform", "DER", "-nodetach", "-md", "sha512"],
        ["-outform", "DER", "-nodetach", "-keyid"], ["-outform", "DER", "-nodetach", "-noattr"],
    ])
    func attachedIsVerified(options: [String]) async throws {
        for signer in ["yutai-signer", "yutai-rsa-signer"] {
            let package = try Self.sign(FlowSamples.xml, signer, options)
            let verified = try await Self.verify(package, "a.xml.p7m").package()
            #expect(try verified.contents() == ["a.xml": FlowSamples.xml])
        }
    }

    @Test func pssIsVerified() async throws {
        let package = try Self.sign(
            FlowSamples.xml, "yutai-rsa-signer", ["-outform", "DER", "-nodetach", "-keyopt", "rsa_padding_mode:pss"])
        #expect(try await Self.verify(package, "a.p7m").codes == ["verified"])
    }

    @Test func sha1IsRefused() async throws {
        let package = try Self.sign(FlowSamples.xml, "yutai-signer", ["-outform", "DER", "-nodetach", "-md", "sha1"])
        #expect(try await Self.verify(package, "a.p7m").codes == ["package.weak-algorithm"])
    }

    @Test func detachedIsVerified() async throws {
        let package = try Self.sign(FlowSamples.csv, "yutai-signer", ["-outform", "DER"])
        #expect(try await Self.verify(package, "a.csv.p7s", content: FlowSamples.csv).codes == ["verified"])
        #expect(
            try await Self.verify(package, "a.csv.p7s", content: FlowSamples.xml).codes == ["package.document-digest"])
    }

    @Test func aBundleIsRead() async throws {
        let file = try OpenSSL.write(SamplePKI.bytes("certs/yutai-signer.crt"))
        let bundle = try OpenSSL.run("crl2pkcs7", "-nocrl", "-certfile", file, "-outform", "DER")
        let package = try await Self.verify(bundle, "a.p7b").package()
        #expect(try package.certificates(in: package.documents[0]).certificates.count == 1)
    }

    @Test func aContainerMadeByHandIsVerified() async throws {
        let tool = try Tool()
        defer { tool.remove() }
        let digest = try OpenSSL.run("dgst", "-sha256", "-binary", try OpenSSL.write(FlowSamples.xml))
        let manifest = Array(
            ASiCManifestTests.text(uri: "cases.xml", value: Data(digest).base64EncodedString()).utf8)
        try tool.write(Array(ASiCMediaType.extended.utf8), "mimetype")
        try tool.write(FlowSamples.xml, "cases.xml")
        try tool.write(manifest, "META-INF/ASiCManifest.xml")
        try tool.write(
            Self.sign(manifest, "yutai-signer", ["-outform", "DER", "-cades"]), "META-INF/signature001.p7s")
        try tool.run("zip", "-q", "-X", "-0", "a.asice", "mimetype")
        try tool.run("zip", "-q", "-X", "-r", "a.asice", "META-INF", "cases.xml")
        let verified = try await Self.verify(tool.read("a.asice"), "a.asice").package()
        #expect(try verified.contents() == ["cases.xml": FlowSamples.xml])
    }
}
