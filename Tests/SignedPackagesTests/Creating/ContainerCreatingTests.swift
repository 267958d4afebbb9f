import Testing

@testable import SignedPackages

/// The containers that we create are verified by the whole flow.
@Suite struct ContainerCreatingTests {
    static let documents = [
        PackageSourceDocument(name: "台账.csv", mediaType: "text/csv", content: BytesInput(Array("编号\n1\n".utf8))),
        PackageSourceDocument(
            name: "cases/1.xml", mediaType: "text/xml", content: BytesInput([UInt8](repeating: 0x20, count: 300_000))),
    ]

    @Test(arguments: [PackageKind.asicE, .asicS], [false, true])
    func isVerified(kind: PackageKind, chinese: Bool) async throws {
        let signer = try (chinese ? TestSigner.sm2 : TestSigner.p256).get()
        let creator = PackageCreator(
            signers: [try CreatingInteropTests.signer(signer)], profile: chinese ? .gbt35275 : .cms,
            signedAt: CreatingInteropTests.now)
        let package = try Self.create(kind, creator)
        let result = try await Self.verify(package, root: try signer.der)
        guard case .verified(let verified) = result else {
            Issue.record("\(result)")
            return
        }
        let names = verified.documents.map(\.name)
        #expect(names == (kind == .asicE ? Self.documents.map(\.name) : [Self.documents[0].name]))
        var changed = package
        let place = try #require(OpenSSLInteropTests.find(Array("\n1\n".utf8), in: package))
        changed[place + 1] = UInt8(ascii: "2")
        if case .verified = try await Self.verify(changed, root: try signer.der) {
            Issue.record("changed content was accepted")
        }
    }

    // What would be refused when it is verified is not made.
    @Test(arguments: [["a.xml", "A.xml"], ["a.xml", "a.xml"], ["mimetype"], ["Mimetype"]])
    func entriesOfOneNameAreNotMade(names: [String]) throws {
        let creator = PackageCreator(
            signers: [try CreatingInteropTests.signer(try TestSigner.p256.get())], profile: .cms,
            signedAt: CreatingInteropTests.now)
        let documents = names.map { PackageSourceDocument(name: $0, mediaType: "", content: BytesInput([0x61])) }
        let error = #expect(throws: PackageError.self) { try creator.asicE(documents) { _ in } }
        #expect(error?.code == .notWritable)
        guard names.count == 1 else { return }
        #expect(throws: PackageError.self) { try creator.asicS(documents[0]) { _ in } }
    }

    private static func create(_ kind: PackageKind, _ creator: PackageCreator) throws -> [UInt8] {
        let collected = Collected()
        if kind == .asicE {
            try creator.asicE(documents) { collected.bytes += $0 }
        } else {
            try creator.asicS(documents[0]) { collected.bytes += $0 }
        }
        return collected.bytes
    }

    private static func verify(_ package: [UInt8], root: [UInt8]) async throws -> VerificationResult {
        var policy = VerificationPolicy(roots: [root])
        policy.validity = .now
        policy.revocation = .off
        let now = try PackageCertificate(der: root).notBefore + 60
        return try await PackageVerifier(policy: policy, now: now).verify(BytesInput(package), name: "x.asice")
    }

    private final class Collected {
        var bytes: [UInt8] = []
    }
}
