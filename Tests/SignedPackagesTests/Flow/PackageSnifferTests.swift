import Testing

@testable import SignedPackages

@Suite struct PackageSnifferTests {
    @Test(arguments: [
        ("a.xml.p7m", PackageKind.cmsAttached), ("A.XML.P7M", .cmsAttached), ("a.p7", .cmsAttached),
        ("a.csv.p7s", .cmsDetached), ("a.p7b", .certificates), ("a.p7c", .certificates), ("a.asice", .asicE),
        ("a.sce", .asicE), ("a.asics", .asicS), ("a.scs", .asicS), ("a.csv", nil), ("p7s", nil), ("", nil),
        ("a.zip", nil),
    ])
    func namesDecide(name: String, kind: PackageKind?) {
        #expect(PackageSniffer.kind(name: name, head: Array("x".utf8)) == kind)
    }

    @Test func contentsDecideWithoutAName() throws {
        func kind(_ bytes: [UInt8]) -> PackageKind? {
            PackageSniffer.kind(name: "a.dat", head: Array(bytes.prefix(PackageSniffer.headSize)))
        }
        let creator = try FlowSamples.creator("yutai-signer")
        let attached = try FlowSamples.attached(creator)
        #expect(kind(attached) == .cmsAttached)
        #expect(kind(Array(PackageCreator.pem(attached).utf8)) == .cmsAttached)
        #expect(kind(Array("\r\n-----BEGIN PKCS7-----\n".utf8)) == .cmsAttached)
        let chinese = try FlowSamples.creator("sm2-yutai-signer", profile: .gbt35275)
        #expect(kind(try FlowSamples.attached(chinese)) == .cmsAttached)
        #expect(kind([0x30, 0x80] + attached.dropFirst(4)) == .cmsAttached)
        #expect(kind(try FlowSamples.asicE(creator)) == .asicE)
        #expect(kind(try FlowSamples.asicS(creator)) == .asicS)
        #expect(kind(TestZip(.init("a.xml")).bytes) == nil)
        #expect(kind(try SamplePKI.der("test-ca")) == nil)
        #expect(kind(Array("-----BEGIN CERTIFICATE-----".utf8)) == nil)
        #expect(kind([0x30]) == nil)
    }

    @Test func documentsAndSignaturesFindEachOther() {
        #expect(PackageNames.document(ofSignature: "a.csv.p7s") == "a.csv")
        #expect(PackageNames.document(ofSignature: "名册.csv.P7S") == "名册.csv")
        #expect(PackageNames.document(ofSignature: "a.csv") == nil)
        #expect(PackageNames.document(ofSignature: ".p7s") == nil)
        #expect(PackageNames.signatures(ofDocument: "a.csv").first == "a.csv.p7s")
        #expect(PackageNames.document(inside: "a.xml.p7m") == "a.xml")
        #expect(PackageNames.document(inside: "a.p7") == "a")
        #expect(PackageNames.document(inside: "a") == "a")
    }
}
