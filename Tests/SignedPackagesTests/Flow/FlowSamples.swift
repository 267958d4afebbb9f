import Findings

@testable import SignedPackages

/// Packages of every kind, signed with the test PKI of `samples/pki`.
enum FlowSamples {
    static let now = SamplePKI.now
    static let xml = Array("<?xml version=\"1.0\"?><a>文书</a>\n".utf8)
    static let csv = Array("姓名,职务\r\n测试,楼长\r\n".utf8)
    static let documents = [
        PackageSourceDocument(name: "cases.xml", mediaType: "text/xml", content: BytesInput(xml)),
        PackageSourceDocument(name: "名册.csv", mediaType: "text/csv", content: BytesInput(csv)),
    ]

    /// The policy of a source that trusts the test PKI, with all lists at hand.
    static func policy(_ change: (inout VerificationPolicy) throws -> Void = { _ in }) throws -> VerificationPolicy {
        var policy = try SamplePKI.policy()
        policy.validity = .both
        try change(&policy)
        return policy
    }

    static func signer(_ name: String, with issuers: [String]? = nil) throws -> PackageSigner {
        let issuers = try (issuers ?? [name.hasPrefix("sm2") ? "sm2-ca" : "test-ca"]).map(SamplePKI.der)
        let key = try PackageSigningKey(pem: try SamplePKI.bytes("keys/\(name).key"))
        return try PackageSigner(key: key, certificates: [try SamplePKI.der(name)] + issuers)
    }

    static func creator(
        _ signers: String..., profile: CMSProfile = .cms, signedAt: Int64 = now - 60, with issuers: [String]? = nil
    ) throws -> PackageCreator {
        PackageCreator(
            signers: try signers.map { try signer($0, with: issuers) }, profile: profile, signedAt: signedAt)
    }

    static func attached(_ creator: PackageCreator, _ content: [UInt8] = xml) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try creator.attached(BytesInput(content)) { bytes += $0 }
        return bytes
    }

    static func asicE(
        _ creator: PackageCreator, _ documents: [PackageSourceDocument] = documents
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try creator.asicE(documents) { bytes += $0 }
        return bytes
    }

    static func asicS(_ creator: PackageCreator, _ document: PackageSourceDocument = documents[0]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try creator.asicS(document) { bytes += $0 }
        return bytes
    }

    static func verify(
        _ package: [UInt8], _ name: String, content: [UInt8]? = nil, policy: VerificationPolicy? = nil, now: Int64 = now
    ) async throws -> VerificationResult {
        let verifier = PackageVerifier(policy: try policy ?? Self.policy(), now: now)
        return try await verifier.verify(
            BytesInput(package), name: name, detachedContent: content.map { BytesInput($0) })
    }
}

extension VerificationResult {
    /// The package; fails the test with all reasons when it was refused.
    func package() throws -> VerifiedPackage {
        switch self {
        case .verified(let package): return package
        case .refused(let verdict): throw Refused(reasons: verdict.reasons)
        case .unsigned: throw Refused(reasons: ["unsigned"])
        }
    }

    struct Refused: Error {
        var reasons: [String]
    }

    /// The codes of what refuses the package, each once; `verified` or `unsigned` where nothing does.
    var codes: Set<String> {
        switch self {
        case .verified: ["verified"]
        case .refused(let verdict): Set(verdict.findings.filter { $0.severity == .fatal }.map(\.code))
        case .unsigned: ["unsigned"]
        }
    }
}

extension PackageVerdict {
    /// What did not pass.
    var reasons: [String] {
        allChecks.filter { $0.outcome != .passed }.map { "\($0.subject): \($0.check) \($0.outcome): \($0.detail)" }
    }
}

extension VerifiedPackage {
    /// The whole of a small document.
    func bytes(of document: PackageDocument) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try stream(document) { block in
            for index in block.indices { bytes.append(block[index]) }
        }
        return bytes
    }

    /// All documents by name.
    func contents() throws -> [String: [UInt8]] {
        try Dictionary(uniqueKeysWithValues: documents.map { ($0.name, try bytes(of: $0)) })
    }
}
