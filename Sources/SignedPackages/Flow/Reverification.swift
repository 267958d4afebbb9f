/// An old verdict, repeated from what was kept, and the verdict of today.
public struct Reverification: Sendable, Hashable, Codable {
    /// The same package under the kept policy and evidence, as of the time of the old verdict.
    public var then: PackageVerdict
    /// The same package as of today.
    public var today: PackageVerdict
    /// Whether the repetition came to the same outcome, for the package and for every signature.
    public var isRepeated: Bool
}

extension PackageVerifier {
    /// Repeats an old verdict from the package, the kept policy and the kept evidence, and says what today's would be.
    ///
    /// - Parameters:
    ///   - verdict: The verdict as it was kept.
    ///   - package: The bytes of the same file.
    ///   - name: The file's name then.
    ///   - detachedContent: The document beside the file, where there was one.
    ///   - policy: What the source demands today; the kept policy when it is nil.
    ///   - now: Today, seconds since 1970.
    /// - Throws: As ``verify(_:name:detachedContent:)`` does; `PackageError.Code.changed` when the bytes are no package.
    public static func reverify(
        _ verdict: PackageVerdict, package: any PackageInput, name: String,
        detachedContent: (any PackageInput)? = nil, policy: VerificationPolicy? = nil, now: Int64
    ) async throws -> Reverification {
        let kept = verdict.policyWithEvidence
        let then = try await PackageVerifier(policy: kept, now: verdict.at)
            .verify(package, name: name, detachedContent: detachedContent)
        let today = try await PackageVerifier(policy: policy ?? kept, now: now)
            .verify(package, name: name, detachedContent: detachedContent)
        guard let then = then.verdict, let today = today.verdict else {
            throw PackageError(
                .changed, place: name, underlying: "the kept bytes are no signed package",
                next: "Look in the archive for the file that this verdict was given on.")
        }
        let outcomes = { (verdict: PackageVerdict) in [verdict.outcome] + verdict.signatures.map(\.outcome) }
        return Reverification(then: then, today: today, isRepeated: outcomes(then) == outcomes(verdict))
    }
}

extension PackageVerdict {
    /// The policy, with the certificates and revocation data that the signatures rested on.
    var policyWithEvidence: VerificationPolicy {
        var policy = policy
        for evidence in signatures.map(\.evidence) {
            policy.intermediates += evidence.chain.filter { !policy.intermediates.contains($0) }
            policy.crls += evidence.crls.filter { !policy.crls.contains($0) }
            policy.ocspResponses += evidence.ocspResponses.filter { !policy.ocspResponses.contains($0) }
        }
        return policy
    }
}
