import Findings
import Foundation

@testable import SignedPackages

/// The committed test PKI of `samples/pki`, which its README describes.
enum SamplePKI {
    /// 2026-11-21 01:00:00 UTC, when the lists that are not stale are fresh.
    static let now: Int64 = 1_795_222_800

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../samples/pki").standardizedFileURL

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: path)))
    }

    static func der(_ name: String) throws -> [UInt8] {
        try TrustFiles.certificates(try bytes("certs/\(name).crt"))[0]
    }

    static func certificate(_ name: String) throws -> PackageCertificate { try PackageCertificate(der: try der(name)) }

    static func list(_ name: String) throws -> [UInt8] { try TrustFiles.crls(try bytes("crls/\(name).crl"))[0] }

    /// A policy that trusts both roots and knows the fresh lists.
    static func policy(
        roots: [String] = ["test-root", "sm2-root"], lists: [String] = ["test-root", "test-ca", "sm2-root", "sm2-ca"]
    ) throws -> VerificationPolicy {
        VerificationPolicy(
            roots: try roots.map(der), crls: try lists.map(list), validity: .now, revocation: .required)
    }

    /// Checks a signer of the PKI with the certificates that come with it.
    static func check(
        _ signer: String, with others: [String] = ["test-ca", "sm2-ca"], _ policy: VerificationPolicy,
        signedAt: Int64? = nil, now: Int64 = SamplePKI.now
    ) async throws -> TrustResult {
        await checkTrust(
            signer: try certificate(signer), others: try others.map(certificate), policy: policy, signedAt: signedAt,
            now: now)
    }
}

extension TrustResult {
    /// The codes of all checks that did not pass.
    var codes: Set<String> { Set(checks.filter { $0.outcome != .passed }.compactMap(\.kind?.code)) }

    /// What the checks together come to.
    var outcome: CheckOutcome { CheckOutcome.combined(checks.map(\.outcome)) }

    /// The cause of the first check with this code.
    func detail(_ code: String) -> String { checks.first { $0.kind?.code == code }?.detail ?? "" }

    /// The outcome of a kind of check: the worst of them.
    func outcome(_ check: CheckName) -> CheckOutcome {
        CheckOutcome.combined(checks.filter { $0.check == check }.map(\.outcome))
    }
}
