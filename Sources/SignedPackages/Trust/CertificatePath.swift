import Findings

/// A chain of certificates that issued one another: the signer's first, a root of the source last.
///
/// That names chain and signatures verify is established by the search that made it; ``PathRules`` judges the rest.
struct CertificatePath: Sendable {
    /// The certificates; never empty.
    let certificates: [PackageCertificate]

    /// The root that the path ends in.
    var anchor: PackageCertificate { certificates[certificates.count - 1] }

    /// The path for people, the signer first.
    var text: String { certificates.map(\.label).joined(separator: " ← ") }

    /// The issuer of a certificate of the path; `nil` for the root.
    func issuer(at index: Int) -> PackageCertificate? {
        index + 1 < certificates.count ? certificates[index + 1] : nil
    }
}

/// Why a search for an issuer ended before a root.
struct DeadEnd: Sendable, Hashable {
    /// How far the search came, to prefer the cause that is nearest to a root.
    var depth: Int
    /// The check that says so.
    var check: PackageCheck
}

/// Looks for paths from a certificate to the roots of the source: depth first, roots before others, matching key
/// identifiers before others (RFC 4158). Only issuers whose key verifies the signature are followed.
struct PathSearch {
    /// How many paths are tried before the best of them is reported.
    static let maximumPaths = 16
    /// How many candidates are looked at in all.
    static let maximumSteps = 2000

    private let material: TrustMaterial
    private(set) var paths: [CertificatePath] = []
    private(set) var deadEnds: [DeadEnd] = []
    private var steps = 0

    /// Searches all paths from `leaf`.
    init(from leaf: PackageCertificate, in material: TrustMaterial) {
        self.material = material
        if material.isAnchor(leaf) {
            paths = [CertificatePath(certificates: [leaf])]
        } else {
            follow([leaf])
        }
    }

    private mutating func follow(_ partial: [PackageCertificate]) {
        let tip = partial[partial.count - 1]
        steps += 1
        guard steps <= Self.maximumSteps, paths.count < Self.maximumPaths, material.effort.takeStep() else { return }
        guard partial.count < material.policy.limits.pathLength else {
            let limit = material.policy.limits.pathLength
            return end(partial, .packageChainInvalid, "the path is longer than \(limit) certificates")
        }
        let named = material.certificates(of: tip.issuerName).filter { $0 != tip }
        guard !named.isEmpty else { return endWithoutIssuer(partial) }
        var refusals: [(issuer: PackageCertificate, outcome: SignatureOutcome)] = []
        var hasFollowed = false
        for issuer in ordered(named, for: tip) where !isRepeated(issuer, in: partial) {
            let outcome = material.signature(of: tip, by: issuer)
            guard outcome == .valid else {
                refusals.append((issuer, outcome))
                continue
            }
            hasFollowed = true
            if material.isAnchor(issuer) {
                paths.append(CertificatePath(certificates: partial + [issuer]))
            } else {
                follow(partial + [issuer])
            }
        }
        if !hasFollowed { endRefused(partial, refusals) }
    }

    // The order decides only which path is found first, and which cause is told when none is good.
    private func ordered(_ issuers: [PackageCertificate], for tip: PackageCertificate) -> [PackageCertificate] {
        func rank(_ issuer: PackageCertificate) -> Int {
            var rank = material.isAnchor(issuer) ? 0 : 4
            if let wanted = tip.extensions.authorityKeyIdentifier {
                rank += issuer.subjectKeyIdentifier == wanted ? 0 : issuer.subjectKeyIdentifier == nil ? 1 : 2
            }
            if !(issuer.notBefore...max(issuer.notBefore, issuer.notAfter)).contains(material.now) { rank += 1 }
            return rank
        }
        return issuers.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(
            \.element)
    }

    // The same name and key a second time can only make a path longer (RFC 4158 section 5.2).
    private func isRepeated(_ issuer: PackageCertificate, in partial: [PackageCertificate]) -> Bool {
        partial.contains { $0.subjectName == issuer.subjectName && $0.publicKeyInfo == issuer.publicKeyInfo }
    }

    private mutating func endWithoutIssuer(_ partial: [PackageCertificate]) {
        let tip = partial[partial.count - 1]
        if tip.isSelfIssued, material.signature(of: tip, by: tip) == .valid {
            let roots =
                material.known.anchors.isEmpty ? "the source has no roots" : "it is not among the roots of the source"
            return end(
                partial, .packageUnknownRoot, "the path ends in \(tip.label) (SHA-256 \(tip.fingerprint)): \(roots)")
        }
        end(partial, .packageCertificateMissing, "issuer not found: \(tip.issuer), which issued \(tip.label)")
    }

    private mutating func endRefused(
        _ partial: [PackageCertificate], _ refusals: [(issuer: PackageCertificate, outcome: SignatureOutcome)]
    ) {
        let tip = partial[partial.count - 1]
        if tip.isSelfIssued, material.signature(of: tip, by: tip) == .valid { return endWithoutIssuer(partial) }
        guard let refusal = refusals.first else {
            return end(partial, .packageChainInvalid, "the certificates issue each other in a circle at \(tip.label)")
        }
        // A CA that changes its key keeps its name, and its new key may be of another kind.
        if let key = tip.extensions.authorityKeyIdentifier,
            refusals.allSatisfy({ $0.outcome.isMisfit && $0.issuer.isAnother(than: key) })
        {
            let (old, cause) = (refusal.issuer, "issuer not found: \(tip.issuer), which issued \(tip.label)")
            let difference = "\(old.label) (SHA-256 \(old.fingerprint)) has another key than \(hex(key))"
            return end(partial, .packageCertificateMissing, "\(cause); \(difference)")
        }
        let kind: FindingKind =
            switch refusal.outcome {
            case .weak: .packageWeakAlgorithm
            case .unsupported: .packageUnsupportedAlgorithm
            case .emptyUserID: .packageSM2UserID
            case .valid, .invalid: .packageChainInvalid
            }
        end(partial, kind, "the signature on \(tip.label): \(refusal.outcome.cause(signer: refusal.issuer))")
    }

    private mutating func end(_ partial: [PackageCertificate], _ kind: FindingKind, _ detail: String) {
        deadEnds.append(
            DeadEnd(depth: partial.count, check: .failed(partial[0].label, .chain, kind, detail)))
    }
}

extension PackageCertificate {
    fileprivate func isAnother(than keyIdentifier: [UInt8]) -> Bool {
        subjectKeyIdentifier.map { $0 != keyIdentifier } ?? false
    }
}

extension SignatureOutcome {
    // What a key that did not sign gives.
    fileprivate var isMisfit: Bool {
        switch self {
        case .invalid, .unsupported: true
        case .valid, .emptyUserID, .weak: false
        }
    }
}
