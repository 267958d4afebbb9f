import Testing

@testable import SignedPackages

@Suite struct PackageInspectorTests {
    private func inspect(_ bytes: [UInt8], _ name: String) throws -> PackageDescription {
        try PackageInspector().inspect(BytesInput(bytes), name: name)
    }

    @Test func aContainerIsShown() throws {
        let description = try inspect(FlowSamples.asicE(FlowSamples.creator("yutai-signer")), "a")
        #expect(description.kind == .asicE)
        #expect(!description.verified)
        #expect(description.entries.map(\.name).first == "mimetype")
        #expect(description.manifests[0].references.map(\.name) == ["cases.xml", "名册.csv"])
        #expect(description.messages[0].signers.count == 1)
        #expect(description.messages[0].signers[0].signedAt == "2026-11-21T00:59:00Z")
        #expect(description.messages[0].certificates.count == 2)
        #expect(description.faults.isEmpty)
        #expect(description.lines[0].hasPrefix("NOT VERIFIED"))
    }

    @Test func aMessageIsShown() throws {
        let description = try inspect(FlowSamples.attached(FlowSamples.creator("sm2-yutai-signer")), "a.p7m")
        #expect(description.kind == .cmsAttached)
        #expect(description.messages[0].signers[0].subject.contains("CN="))
        #expect(description.messages[0].signers[0].attributes.contains("message-digest"))
    }

    @Test func whatIsBrokenIsShownWithItsFaults() throws {
        let bytes = TestZip(BrokenPackageTests.mimetype, .init("../a.xml")).bytes
        let description = try inspect(bytes, "a.asice")
        #expect(description.faults.map(\.kind) == [.packageUnsafeName])
        #expect(description.entries.count == 2)
        #expect(try inspect(FlowSamples.csv, "a.p7s").faults.count == 1)
        #expect(try inspect(FlowSamples.csv, "a.csv").kind == nil)
    }
}
