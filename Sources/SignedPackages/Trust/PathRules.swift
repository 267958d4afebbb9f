import Findings

/// The rules of RFC 5280 section 6.1 for a path whose names and signatures already fit: basic constraints, path length,
/// key usage of issuers, critical extensions, name constraints, and keys that are too weak.
///
/// Certificate policies are not demanded, so section 6.1's policy tree is not built; a certificate that makes
/// policyConstraints, policyMappings or inhibitAnyPolicy critical is refused as one with an unknown critical extension.
enum PathRules {
    /// Every objection to a path, the root's first; empty when it is good.
    ///
    /// - Parameter subject: Whom the path is for, in the checks.
    static func objections(to path: CertificatePath, subject: String) -> [PackageCheck] {
        var checks: [PackageCheck] = []
        func object(_ kind: FindingKind, _ detail: String) {
            checks.append(.failed(subject, .chain, kind, detail))
        }
        let certificates = path.certificates
        for index in certificates.indices.reversed() {
            let certificate = certificates[index]
            let unknown = certificate.extensions.unknownCritical
            if !unknown.isEmpty {
                let names = unknown.joined(separator: ", ")
                object(
                    .packageChainInvalid,
                    "\(certificate.label) has a critical extension that is not understood: \(names)")
            }
            if let weakness = weakness(of: certificate) { object(.packageWeakAlgorithm, weakness) }
            if index > 0 {
                checks += issuerObjections(path, at: index).map { .failed(subject, .chain, $0.kind, $0.detail) }
            }
        }
        return checks
    }

    // Keys that sign in the path are judged with their signatures too; the root's and the signer's are not.
    private static func weakness(of certificate: PackageCertificate) -> String? {
        guard case .success(.rsa(_, let bits, _)) = certificate.key, bits < PackagePublicKey.smallestRSA else {
            return nil
        }
        return
            "the RSA key of \(certificate.label) has \(bits) bits, at least \(PackagePublicKey.smallestRSA) are needed"
    }

    private static func issuerObjections(
        _ path: CertificatePath, at index: Int
    ) -> [(kind: FindingKind, detail: String)] {
        let issuer = path.certificates[index]
        var objections: [(kind: FindingKind, detail: String)] = []
        // Roots from before version 3 say nothing about themselves; only the operator can put one there.
        let isOldRoot = issuer.version < 3 && index == path.certificates.count - 1
        if !issuer.isAuthority && !isOldRoot {
            let reason =
                issuer.extensions.basicConstraints == nil ? "has no basicConstraints" : "is not a CA (cA is false)"
            objections.append((.packageChainInvalid, "\(issuer.label) issued a certificate but \(reason)"))
        }
        if let usage = issuer.extensions.keyUsage, !usage.keyCertSign {
            let detail = "\(issuer.label) issued a certificate but its key usage is \(usage.text), without keyCertSign"
            objections.append((.packageKeyUsage, detail))
        }
        if let detail = lengthObjection(path, at: index) { objections.append((.packageChainInvalid, detail)) }
        if let detail = nameObjection(path, at: index) { objections.append((.packageChainInvalid, detail)) }
        return objections
    }

    // Self-issued certificates and the last one do not count (section 4.2.1.9).
    private static func lengthObjection(_ path: CertificatePath, at index: Int) -> String? {
        let issuer = path.certificates[index]
        guard let allowed = issuer.extensions.basicConstraints?.pathLength else { return nil }
        let between = path.certificates[1..<index].filter { !$0.isSelfIssued }.count
        guard between > allowed else { return nil }
        return "\(issuer.label) allows \(allowed) issuers below it (pathLenConstraint), the path has \(between)"
    }

    // Self-issued certificates are exempt unless they are the last (section 6.1.3 b and c).
    private static func nameObjection(_ path: CertificatePath, at index: Int) -> String? {
        guard let constraints = path.certificates[index].extensions.nameConstraints else { return nil }
        for lower in 0..<index {
            let certificate = path.certificates[lower]
            guard lower == 0 || !certificate.isSelfIssued else { continue }
            if let objection = constraints.objection(to: certificate) {
                return "\(certificate.label) under \(path.certificates[index].label): \(objection)"
            }
        }
        return nil
    }
}
