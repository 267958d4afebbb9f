import Foundation
import SignedPackages

@testable import Gateway

/// The test PKI of the samples, and packages made with it.
enum TestPackages {
    static let pki = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "samples/pki")

    static func path(_ name: String) -> String { pki.appending(path: name).path }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: pki.appending(path: name)))
    }

    static func certificate(_ name: String) throws -> [UInt8] {
        try TrustFiles.certificates(bytes("certs/\(name).crt"))[0]
    }

    static func signer(_ name: String) throws -> PackageSigner {
        let issuers = name.hasPrefix("sm2") ? ["sm2-ca"] : name.hasPrefix("unknown") ? ["unknown-root"] : ["test-ca"]
        return try PackageSigner(
            key: PackageSigningKey(pem: bytes("keys/\(name).key")),
            certificates: try ([name] + issuers).map(certificate))
    }

    /// 2026-11-21T07:59:00+08:00, a minute before the clock of the tests.
    static let signedAt: Int64 = 1_795_219_200 - 60

    static func creator(_ signer: String, at time: Int64 = signedAt) throws -> PackageCreator {
        PackageCreator(
            signers: [try Self.signer(signer)], profile: signer.hasPrefix("sm2") ? .gbt35275 : .cms, signedAt: time)
    }

    static func attached(_ text: String, by signer: String = "yutai-signer", at time: Int64 = signedAt) throws
        -> [UInt8]
    {
        var bytes: [UInt8] = []
        try creator(signer, at: time).attached(BytesInput(Array(text.utf8))) { bytes += $0 }
        return bytes
    }

    static func detached(_ text: String, by signer: String = "yutai-signer") throws -> [UInt8] {
        try creator(signer).detached(BytesInput(Array(text.utf8)))
    }

    static func asicE(_ documents: [(name: String, bytes: [UInt8])], by signer: String = "yutai-signer") throws
        -> [UInt8]
    {
        let box = Box()
        try creator(signer).asicE(
            documents.map { PackageSourceDocument(name: $0.name, mediaType: "", content: BytesInput($0.bytes)) }
        ) { box.bytes += $0 }
        return box.bytes
    }

    // The writer of containers keeps its output's closure.
    private final class Box {
        var bytes: [UInt8] = []
    }

    /// What a source of the samples demands.
    static func settings(_ demand: SignatureSettings.Demand = .required, sm2: Bool = false) -> SignatureSettings {
        var settings = SignatureSettings()
        settings.demand = demand
        let prefix = sm2 ? "sm2" : "test"
        settings.trust = [path("certs/\(prefix)-root.crt"), path("certs/\(prefix)-ca.crt")]
        settings.crls = [path("crls/\(prefix)-root.crl"), path("crls/\(prefix)-ca.crl")]
        settings.signers.organisationCodes = ["12370827MB0000000C"]
        return settings
    }
}
