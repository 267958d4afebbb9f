import Foundation
import Journal
import Mappings
import SignedPackages
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(3))) struct SignedReceiptTests {
    @Test(arguments: ["yutai-signer", "sm2-yutai-signer", "yutai-rsa-signer"])
    func receiptsCarryADetachedSignature(_ name: String) async throws {
        let scene = try Scene()
        let journal = try await scene.journal()
        let sm2 = name.hasPrefix("sm2")
        let chain = try [name, sm2 ? "sm2-ca" : "test-ca"].map { try TestPackages.bytes("certs/\($0).crt") }
        try scene.folder.write(chain[0] + chain[1], to: "receipts.pem")
        let signing = ReceiptSigning(
            key: .file(TestPackages.path("keys/\(name).key")), certificate: scene.folder.path + "/receipts.pem")
        let signer = try ReceiptSigner(signing, credentials: nil)
        let claim = try await scene.claim("roster.csv", Forms.document(0..<3), by: scene.intake())
        let prepared = try await scene.preparation(journal).prepare(claim, with: Forms.set(Forms.roster))
        let outcome = try #require(try await journal.commit([prepared.filing], at: Scene.now).first)
        await scene.answering(journal, scene.committer(journal), signer: signer).answer(prepared, outcome)
        let files = scene.folder.files("receipts")
        #expect(files.count == 2)
        let receipt = try #require(files.first { $0.hasSuffix(".receipt.xml") })
        func bytes(_ name: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(filePath: "\(scene.folder.path)/receipts/\(name)")))
        }
        let store = TrustStore(TestPackages.settings(sm2: sm2), limits: PackageLimits())
        let result = try await PackageVerifier(policy: try store.policy(), now: 1_795_219_200)
            .verify(
                BytesInput(try bytes(receipt + ".p7s")), name: receipt + ".p7s",
                detachedContent: BytesInput(try bytes(receipt)))
        guard case .verified(let package) = result else {
            Issue.record("\(String(describing: result.verdict?.findings))")
            return
        }
        #expect(package.verdict.signatures.first?.signer?.signedAt == "2026-11-21T00:00:00Z")
    }

    @Test func aCredentialComesFromTheFolderOfTheService() throws {
        let folder = try TemporaryFolder()
        try folder.write(try TestPackages.bytes("keys/yutai-signer.key"), to: "key")
        let signing = ReceiptSigning(key: .credential("key"), certificate: TestPackages.path("certs/yutai-signer.crt"))
        #expect(!(try ReceiptSigner(signing, credentials: folder.path).sign([1], at: Scene.now).isEmpty))
        #expect(throws: GatewayError.self) { _ = try ReceiptSigner(signing, credentials: nil) }
        #expect(throws: GatewayError.self) { _ = try ReceiptSigner(signing, credentials: "/none") }
    }
}
