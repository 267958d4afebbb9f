import Foundation
import Testing

@testable import SignedPackages

/// Each way in which a package can be broken has a code of its own, and gives nothing away.
@Suite struct BrokenPackageTests {
    static let mimetype = TestZip.Entry("mimetype", ASiCMediaType.extended)

    /// An ASiC-E container, made entry by entry, so that each can be changed.
    static func container(
        signer: String = "yutai-signer", with issuers: [String]? = nil, listed: [String: [UInt8]]? = nil,
        _ change: (inout TestZip) -> Void = { _ in }
    ) throws -> [UInt8] {
        let listed = listed ?? ["cases.xml": FlowSamples.xml]
        var manifest = ASiCManifest(signature: "META-INF/signature001.p7s", references: [])
        for (name, content) in listed.sorted(by: { $0.key < $1.key }) {
            let digest = try MessageDigest(.sha256, of: content).bytes
            manifest.references.append(.init(name: name, mediaType: "text/xml", algorithm: .sha256, digest: digest))
        }
        let xml = try manifest.xml()
        let signature = try FlowSamples.asicSignature(over: xml, signer: signer, with: issuers)
        var zip = TestZip(
            mimetype, .init("cases.xml", FlowSamples.xml, deflated: true), .init("META-INF/ASiCManifest001.xml", xml),
            .init("META-INF/signature001.p7s", signature))
        change(&zip)
        return zip.bytes
    }

    @Test func theUnchangedContainerIsGood() async throws {
        let package = try await FlowSamples.verify(Self.container(), "a.asice").package()
        #expect(try package.contents() == ["cases.xml": FlowSamples.xml])
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: String
        let make: @Sendable () throws -> [UInt8]

        init(_ name: String, _ code: String, _ make: @escaping @Sendable () throws -> [UInt8]) {
            testDescription = name
            self.code = code
            self.make = make
        }
    }

    static let cases = [
        Case("content changed", "package.document-digest") {
            try container { $0.entries[1] = .init("cases.xml", FlowSamples.csv, deflated: true) }
        },
        Case("digest changed", "package.document-digest") {
            try container { zip in
                let text = String(decoding: zip.entries[2].data, as: UTF8.self)
                let changed = text.replacingOccurrences(of: "DigestValue>", with: "DigestValue> ")
                zip.entries[2] = .init("META-INF/ASiCManifest001.xml", changed)
            }
        },
        Case("wrong signer", "package.wrong-signer") { try container(signer: "other-signer") },
        Case("expired", "package.certificate-expired") { try container(signer: "expired-signer") },
        Case("not yet valid", "package.certificate-not-yet-valid") { try container(signer: "future-signer") },
        Case("revoked", "package.certificate-revoked") { try container(signer: "revoked-signer") },
        Case("unknown root", "package.unknown-root") {
            try container(signer: "unknown-signer", with: ["unknown-root"])
        },
        Case("issuer missing", "package.certificate-missing") { try container(with: []) },
        Case("unlisted file", "package.unlisted-entry") {
            try container { $0.entries.append(.init("more.xml")) }
        },
        Case("unlisted file in META-INF", "package.unlisted-entry") {
            try container { $0.entries.append(.init("META-INF/manifest.xml")) }
        },
        Case("empty folder", "package.unlisted-entry") {
            try container { zip in
                zip.entries.append(.init("folder/", ""))
                zip.entries[4].attributes = 0
            }
        },
        Case("missing file", "package.missing-entry") {
            try container(listed: ["cases.xml": FlowSamples.xml, "more.xml": FlowSamples.csv])
        },
        Case("missing signature", "package.missing-entry") { try container { $0.entries.removeLast() } },
        Case("missing manifest", "package.unlisted-entry") { try container { $0.entries.remove(at: 2) } },
        Case("no signature at all", "package.not-signed") { try container { $0.entries.removeLast(2) } },
        Case("nothing but the media type", "package.not-signed") { try container { $0.entries.removeLast(3) } },
        Case("duplicate entry", "package.duplicate-entry") {
            try container { $0.entries.append($0.entries[1]) }
        },
        Case("path traversal", "package.unsafe-name") { try container { $0.entries.append(.init("../a.xml")) } },
        Case("META-INF in another case", "package.unsafe-name") {
            try container { $0.entries.append(.init("meta-inf/signature.p7s")) }
        },
        Case("zip bomb", "package.expansion") {
            try container { zip in zip.entries[1].both { $0.size = 1 << 30 } }
        },
        Case("truncated", "package.truncated") { try container().dropLast(50) },
        Case("no media type", "package.malformed") { try container { $0.entries.removeFirst() } },
        Case("media type not first", "package.malformed") { try container { $0.entries.swapAt(0, 1) } },
        Case("media type compressed", "package.malformed") {
            try container { $0.entries[0] = .init("mimetype", ASiCMediaType.extended, deflated: true) }
        },
        Case("media type with an extra field", "package.malformed") {
            try container { zip in zip.entries[0].both { $0.extra = [0x55, 0x54, 5, 0, 1, 0, 0, 0, 0] } }
        },
        Case("media type with a line end", "package.malformed") {
            try container { $0.entries[0] = .init("mimetype", ASiCMediaType.extended + "\n") }
        },
        Case("signature with its own content", "package.malformed") {
            let attached = try FlowSamples.attached(FlowSamples.creator("yutai-signer"))
            return try container { $0.entries[3] = .init("META-INF/signature001.p7s", attached) }
        },
        Case("signature of something else", "package.document-digest") {
            let other = try FlowSamples.asicSignature(over: FlowSamples.csv)
            return try container { $0.entries[3] = .init("META-INF/signature001.p7s", other) }
        },
        Case("check sum of a document", "package.malformed") {
            try container { zip in zip.entries[1].both { $0.crc ^= 1 } }
        },
        Case("two documents in ASiC-S", "package.unlisted-entry") {
            try container { zip in
                zip.entries = [
                    .init("mimetype", ASiCMediaType.simple), .init("cases.xml", FlowSamples.xml), .init("more.xml"),
                    .init("META-INF/signature.p7s", zip.entries[3].data),
                ]
            }
        },
        Case("ASiC-S without a document", "package.missing-entry") {
            try container { zip in
                zip.entries = [
                    .init("mimetype", ASiCMediaType.simple), .init("META-INF/signature.p7s", zip.entries[3].data),
                ]
            }
        },
        Case("ASiC-S without a signature", "package.not-signed") {
            try container { zip in
                zip.entries = [.init("mimetype", ASiCMediaType.simple), .init("cases.xml", FlowSamples.xml)]
            }
        },
    ]

    @Test(arguments: cases)
    func eachHasItsCode(broken: Case) async throws {
        let policy = try FlowSamples.policy { $0.binding.organisationCodes = ["12370827MB0000000C"] }
        let result = try await FlowSamples.verify(broken.make(), "a.asice", policy: policy)
        #expect(result.codes.contains(broken.code), "\(result.verdict?.reasons ?? [])")
        // A list made after a certificate's end need not name it, so its revocation is unknown as well.
        if !["expired", "two documents in ASiC-S"].contains(broken.testDescription) {
            #expect(result.codes.count == 1, "\(result.verdict?.reasons ?? [])")
        }
    }

    @Test func everyReasonIsTold() async throws {
        let bytes = try Self.container(signer: "revoked-signer") { zip in
            zip.entries[1] = .init("cases.xml", FlowSamples.csv)
            zip.entries.append(.init("more.xml"))
        }
        let policy = try FlowSamples.policy { $0.binding.pinned = ["00"] }
        #expect(
            try await FlowSamples.verify(bytes, "a.asice", policy: policy).codes == [
                "package.certificate-revoked", "package.document-digest", "package.unlisted-entry",
                "package.wrong-signer",
            ])
    }
}

extension FlowSamples {
    /// A detached CAdES signature.
    static func asicSignature(
        over bytes: [UInt8], signer: String = "yutai-signer", with issuers: [String]? = nil
    ) throws -> [UInt8] {
        try PackageCreator(
            signers: [try self.signer(signer, with: issuers)], signedAt: now - 60, cades: true
        ).detached(BytesInput(bytes))
    }
}
