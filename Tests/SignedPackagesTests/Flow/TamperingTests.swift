import Testing

@testable import SignedPackages

/// Turns over each byte of small packages, one at a time: what comes out is what was signed, or nothing.
@Suite struct TamperingTests {
    static let kinds = ["attached", "attached PEM", "detached", "asic-e", "asic-s", "gb/t-35275"]

    static func make(_ kind: String) throws -> (package: [UInt8], name: String, content: [UInt8]?) {
        let creator = try FlowSamples.creator("yutai-signer", with: [])
        switch kind {
        case "attached": return (try FlowSamples.attached(creator), "a.p7m", nil)
        case "attached PEM":
            return (Array(PackageCreator.pem(try FlowSamples.attached(creator)).utf8), "a.p7m", nil)
        case "detached": return (try creator.detached(BytesInput(FlowSamples.xml)), "a.p7s", FlowSamples.xml)
        case "asic-e": return (try FlowSamples.asicE(creator), "a.asice", nil)
        case "asic-s": return (try FlowSamples.asicS(creator), "a.asics", nil)
        default:
            let chinese = try FlowSamples.creator("sm2-yutai-signer", profile: .gbt35275, with: [])
            return (try FlowSamples.attached(chinese), "a.p7m", nil)
        }
    }

    // The issuers are at hand, and not in the packages, which are as small as they can be.
    static func policy() throws -> VerificationPolicy {
        try FlowSamples.policy { $0.intermediates = try ["test-ca", "sm2-ca"].map(SamplePKI.der) }
    }

    @Test(arguments: kinds)
    func noChangedByteIsAccepted(kind: String) async throws {
        let (package, name, content) = try Self.make(kind)
        let contents = try await FlowSamples.verify(
            package, name, content: content, policy: Self.policy()
        ).package().contents()
        let verifier = PackageVerifier(policy: try Self.policy(), now: FlowSamples.now)
        var accepted = 0
        // These two have the same parts as others of which every byte is turned over.
        let step = kind == "attached PEM" || kind == "asic-s" ? 3 : 1
        for index in stride(from: 0, to: package.count, by: step) {
            var changed = package
            changed[index] ^= index % 4 == 0 ? 0xFF : index % 4 == 1 ? 0x01 : 0x20
            let detached = content.map { BytesInput($0) }
            let result = try await verifier.verify(BytesInput(changed), name: name, detachedContent: detached)
            guard case .verified(let found) = result else { continue }
            accepted += 1
            let same = try found.contents() == contents
            #expect(same && found.isSigned, "byte \(index)")
        }
        // Whatever is accepted lies outside of what is signed: times in headers, unused certificates, PEM's line ends.
        #expect(accepted < package.count / 2)
    }

    @Test func noChangedByteOfADetachedDocumentIsAccepted() async throws {
        let (package, name, content) = try Self.make("detached")
        for index in FlowSamples.xml.indices {
            var changed = try #require(content)
            changed[index] ^= 0x01
            let result = try await FlowSamples.verify(package, name, content: changed, policy: Self.policy())
            #expect(result.codes == ["package.document-digest"], "byte \(index)")
        }
    }
}
