import Findings

/// What `checkTrust` found: the checks in their order, and what they rest on.
struct TrustResult: Sendable {
    /// Chain, validity, key usage, revocation and binding; none is left out because another failed, unless there is no
    /// path to look at.
    var checks: [PackageCheck]
    /// The path that was judged, the signer first, DER; the signer alone where there is none.
    var chain: [[UInt8]]
    /// The revocation lists that decided something, DER.
    var crls: [[UInt8]]
    /// The OCSP responses that decided something, DER.
    var ocspResponses: [[UInt8]]
}

/// Whether a signer is to be trusted under the policy of a source.
///
/// All paths to the source's own roots are tried; the first that is good counts, else the one with the fewest
/// objections is reported. Asynchronous because the verifier of swift-certificates is.
///
/// - Parameters:
///   - signer: The certificate that made the signature.
///   - others: The certificates that came with the package; never trusted by themselves.
///   - known: The policy, parsed, with the revocation data that came with the package.
///   - signedAt: The signing time that the signer claims, in seconds since 1970.
///   - now: The time of the verdict, in seconds since 1970.
///   - effort: What the searches for all signers of one package may cost together.
func checkTrust(
    signer: PackageCertificate, others: [PackageCertificate], known: PolicyMaterial, signedAt: Int64?, now: Int64,
    effort: SearchEffort = SearchEffort()
) async -> TrustResult {
    let material = TrustMaterial(known, others: others, now: now, effort: effort)
    let search = material.search(from: signer)
    let binding = BindingRule.check(signer, known.policy.binding)
    var best: TrustResult?
    for path in search.paths {
        let result = await TrustResult(path, in: material, signedAt: signedAt)
        if result.objections < best?.objections ?? .max { best = result }
        if result.objections == 0 { break }
    }
    guard var result = best else {
        let checks = [search.cause(signer, known), SignerUsage.check(signer), binding]
        return TrustResult(checks: checks, chain: [signer.der], crls: [], ocspResponses: [])
    }
    if effort.isExhausted {
        let detail = "more than \(SearchEffort.maximumSignatureChecks) signatures would have to be checked"
        result.checks.append(.failed(signer.label, .chain, .packageChainInvalid, detail))
    }
    result.checks.append(binding)
    return result
}

/// The same for a policy that is not parsed yet, and revocation data, DER, that came with the package.
func checkTrust(
    signer: PackageCertificate, others: [PackageCertificate], policy: VerificationPolicy, signedAt: Int64?, now: Int64,
    crls: [[UInt8]] = [], ocspResponses: [[UInt8]] = []
) async -> TrustResult {
    await checkTrust(
        signer: signer, others: others,
        known: PolicyMaterial(policy).adding(crls: crls, ocspResponses: ocspResponses), signedAt: signedAt, now: now)
}

extension TrustResult {
    /// Failed checks weigh more than those that cannot be decided.
    fileprivate var objections: Int {
        checks.reduce(0) { sum, check in
            switch check.outcome {
            case .passed: sum
            case .indeterminate: sum + 1
            case .failed: sum + 100
            }
        }
    }

    fileprivate init(_ path: CertificatePath, in material: TrustMaterial, signedAt: Int64?) async {
        let signer = path.certificates[0]
        var checks = PathRules.objections(to: path, subject: signer.label)
        if checks.isEmpty, let objection = await LibraryVerifier.objection(to: path) {
            checks = [.failed(signer.label, .chain, .packageChainInvalid, objection)]
        }
        if checks.isEmpty {
            let root = "root SHA-256 \(path.anchor.fingerprint)"
            checks = [.passed(signer.label, .chain, "\(path.text) (\(root))")]
        }
        checks += PathValidity.checks(
            of: path, rule: material.policy.validity, signedAt: signedAt, now: material.now, subject: signer.label)
        checks.append(SignerUsage.check(signer))
        var revocation = RevocationSearch(path, in: material)
        checks += RevocationRuling.checks(of: path, &revocation, rule: material.policy.revocation, signedAt: signedAt)
        self.init(
            checks: checks, chain: path.certificates.map(\.der), crls: revocation.usedLists,
            ocspResponses: revocation.usedResponses)
    }
}

extension PathSearch {
    /// Why there is no path: the dead end that came furthest. An untrusted root says more than a missing issuer.
    fileprivate func cause(_ signer: PackageCertificate, _ known: PolicyMaterial) -> PackageCheck {
        let furthest = deadEnds.max { $0.depth < $1.depth }?.check
        var check =
            furthest
            ?? .failed(
                signer.label, .chain, .packageChainInvalid, "too many certificates with the same names to search")
        if let unreadable = known.unreadableCertificates.first { check.detail += "; unreadable: \(unreadable)" }
        return check
    }
}
