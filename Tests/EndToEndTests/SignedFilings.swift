import Foundation
import SignedPackages
import Testing

/// A gateway whose sources must sign, and packages for it.
struct SignedFilings {
    static let pki = Program.repository.appending(path: "samples/pki")

    let folder: TemporaryFolder
    let root: URL

    init() throws {
        folder = try TemporaryFolder()
        root = folder.url
        try folder.write(Forms.caseMapping, to: "mappings/test/cases.yaml")
        for name in ["inbound/yutai", "inbound/sm2", "out", "drops"] { _ = try folder.folder(name) }
        for (name, prefix) in [("yutai", "test"), ("sm2", "sm2")] {
            try trust(["\(prefix)-root", "\(prefix)-ca"], of: name)
            try copy("crls/\(prefix)-ca.crl", to: "\(name).crl")
        }
        let chain = try ["yutai-signer", "test-ca"].map { try text("certs/\($0).crt") }
        try folder.write(chain.joined(), to: "receipts.pem")
    }

    /// Settings with one source that signs with usual keys and one that signs with SM2.
    func yaml(_ extra: String = "signers: { organisation-codes: [12370827MB0000000C] }") -> String {
        func source(_ name: String) -> String {
            """
              \(name):
                inbound: \(root.path)/inbound/\(name)
                receipts: \(root.path)/receipts/\(name)
                signature: required
                trust: \(root.path)/\(name).pem
                crls: \(root.path)/\(name).crl
                pair-wait: 3s
                \(extra)
            """
        }
        return """
            state: \(root.path)/state
            mappings: \(root.path)/mappings
            log: { level: debug, format: text }
            receipts:
              sign-with: \(Self.pki.path)/keys/yutai-signer.key
              certificate: \(root.path)/receipts.pem
            sources:
            \(source("yutai"))
            \(source("sm2"))
            routes:
              lines:
                exporter: [qiao-export-jsonl, --output, \(root.path)/out/records.jsonl]
                sensitive: reveal
            """
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: Self.pki.appending(path: name), encoding: .utf8)
    }

    func trust(_ certificates: [String], of source: String) throws {
        try folder.write(try certificates.map { try text("certs/\($0).crt") }.joined(), to: "\(source).pem")
    }

    func copy(_ name: String, to target: String) throws {
        try Data(contentsOf: Self.pki.appending(path: name)).write(to: root.appending(path: target))
    }

    /// What `openssl cms -sign` makes of a document.
    func openssl(_ text: String, by signer: String = "yutai-signer", detached: Bool = false, _ more: String...)
        async throws -> Data
    {
        let name = UUID().uuidString
        let document = try folder.write(text, to: "drops/\(name).xml").path
        let keys = Self.pki.path
        let issuer = signer.hasPrefix("unknown") ? "unknown-root" : "test-ca"
        let ended = try await run(
            "/usr/bin/openssl",
            [
                "cms", "-sign", "-binary", "-outform", "DER", "-md", "sha256", "-in", document,
                "-signer", "\(keys)/certs/\(signer).crt", "-inkey", "\(keys)/keys/\(signer).key",
                "-certfile", "\(keys)/certs/\(issuer).crt", "-out", document + ".p7",
            ] + (detached ? [] : ["-nodetach"]) + more)
        try #require(ended.exitCode == 0, "\(ended.errors)")
        return try Data(contentsOf: URL(filePath: document + ".p7"))
    }

    func signer(_ name: String, issuer: String) throws -> PackageSigner {
        try PackageSigner(
            key: PackageSigningKey(pem: Array(text("keys/\(name).key").utf8)),
            certificates: [name, issuer].flatMap {
                try TrustFiles.certificates(Array(text("certs/\($0).crt").utf8))
            })
    }

    /// A container of several documents.
    func asicE(_ documents: [(name: String, text: String)]) throws -> Data {
        let box = Box()
        let creator = PackageCreator(
            signers: [try signer("yutai-signer", issuer: "test-ca")], signedAt: Int64(Date().timeIntervalSince1970))
        try creator.asicE(
            documents.map {
                PackageSourceDocument(
                    name: $0.name, mediaType: "application/xml", content: BytesInput(Array($0.text.utf8)))
            }
        ) { box.data.append(contentsOf: $0) }
        return box.data
    }

    /// SignedData as GB/T 35275 says, with SM2 and SM3.
    func gbt35275(_ text: String) throws -> Data {
        var data = Data()
        let creator = PackageCreator(
            signers: [try signer("sm2-yutai-signer", issuer: "sm2-ca")], profile: .gbt35275,
            signedAt: Int64(Date().timeIntervalSince1970))
        try creator.attached(BytesInput(Array(text.utf8))) { data.append(contentsOf: $0) }
        return data
    }

    private final class Box {
        var data = Data()
    }

    /// Puts a complete file into an inbound folder in one step.
    func drop(_ data: Data, as name: String, into source: String = "yutai") throws {
        let staged = root.appending(path: "drops/\(UUID().uuidString)")
        try data.write(to: staged)
        try FileManager.default.moveItem(at: staged, to: root.appending(path: "inbound/\(source)/\(name)"))
    }

    /// The receipt of a file, once it is there.
    func receipt(_ name: String, _ source: String = "yutai") async throws -> String {
        let folder = root.appending(path: "receipts/\(source)")
        var text = ""
        try await eventually("the receipt of \(name)") {
            let receipt = folder.entries.first { $0.hasPrefix(name + ".") && $0.hasSuffix(".receipt.xml") }
            guard let receipt else { return false }
            text = try String(contentsOf: folder.appending(path: receipt), encoding: .utf8)
            return true
        }
        return text
    }

    var exported: [String] { root.appending(path: "out/records.jsonl").endedLines }
}
