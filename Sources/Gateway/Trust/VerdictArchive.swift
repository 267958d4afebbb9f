import Foundation
import Inbound
public import Journal
public import SignedPackages

/// Verdicts as the journal keeps them: JSON, in which certificates and revocation data stand by their digests, because
/// thousands of verdicts rest on the same ones.
public struct VerdictArchive: Sendable {
    private let journal: Journal

    /// Reads the verdicts of a journal.
    public init(_ journal: Journal) {
        self.journal = journal
    }

    /// The verdict that a filing was committed with, and all that it rests on; nil when it had none.
    ///
    /// - Throws: `JournalError`; ``GatewayError`` when what it rests on is not there any more.
    public func verdict(of identity: FilingIdentity) async throws -> PackageVerdict? {
        guard let bytes = try await journal.verdict(of: identity) else { return nil }
        let digests = try Self.digests(in: bytes)
        let evidence = try await journal.evidence(digests)
        guard evidence.count == digests.count else {
            throw GatewayError(
                .fault,
                "the journal lacks \(digests.count - evidence.count) items that the verdict on \(identity) rests on")
        }
        return try Self.decode(bytes, evidence: evidence)
    }

    /// The verdict without what it rests on, which a receipt does not tell.
    func outline(of identity: FilingIdentity) async throws -> PackageVerdict? {
        guard let bytes = try await journal.verdict(of: identity) else { return nil }
        return try Self.decode(bytes, evidence: [:])
    }

    static func encode(_ verdict: PackageVerdict) throws -> JournaledVerdict {
        var evidence: [FilingDigest: [UInt8]] = [:]
        var kept = KeptVerdict(verdict: verdict)
        for path in KeptVerdict.lists(of: verdict) {
            kept.verdict[keyPath: path] = []
            kept.items.append(
                verdict[keyPath: path].map { item in
                    let hash = FilingHash(of: item)
                    // A FilingHash has 32 bytes, which is all that a FilingDigest asks for.
                    evidence[FilingDigest(bytes: hash.bytes)!] = item
                    return hash.hexadecimal
                })
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return JournaledVerdict(
            bytes: [UInt8](try encoder.encode(kept)),
            evidence: evidence.map { JournaledVerdict.Evidence(digest: $0.key, bytes: $0.value) })
    }

    /// Puts a verdict together again; evidence that is not given is left out.
    static func decode(_ bytes: [UInt8], evidence: [FilingDigest: [UInt8]]) throws -> PackageVerdict {
        var kept = try JSONDecoder().decode(KeptVerdict.self, from: Data(bytes))
        for (path, items) in zip(KeptVerdict.lists(of: kept.verdict), kept.items) {
            kept.verdict[keyPath: path] = items.compactMap { KeptVerdict.digest($0).flatMap { evidence[$0] } }
        }
        return kept.verdict
    }

    private static func digests(in bytes: [UInt8]) throws -> Set<FilingDigest> {
        let kept = try JSONDecoder().decode(KeptVerdict.self, from: Data(bytes))
        return Set(kept.items.joined().compactMap(KeptVerdict.digest))
    }
}

/// A verdict without byte strings, and their digests.
private struct KeptVerdict: Codable {
    var verdict: PackageVerdict
    /// For each of ``lists(of:)`` in order, SHA-256 of its items, hexadecimal.
    var items: [[String]] = []

    /// Where a verdict holds byte strings: in its policy, and in the evidence of each signature. The order never changes.
    static func lists(of verdict: PackageVerdict) -> [WritableKeyPath<PackageVerdict, [[UInt8]]>] {
        [\.policy.roots, \.policy.intermediates, \.policy.crls, \.policy.ocspResponses]
            + verdict.signatures.indices.flatMap { index in
                [
                    \PackageVerdict.signatures[index].evidence.chain, \.signatures[index].evidence.crls,
                    \.signatures[index].evidence.ocspResponses,
                ]
            }
    }

    static func digest(_ text: String) -> FilingDigest? {
        FilingHash(hexadecimal: text).flatMap { FilingDigest(bytes: $0.bytes) }
    }
}
