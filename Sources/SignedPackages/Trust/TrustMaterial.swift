/// Everything that one call of `checkTrust` has to go by, parsed once.
///
/// A class because the searches that share it fill its memory as they go; it never leaves the call that made it.
final class TrustMaterial {
    /// What the source's policy and the package bring.
    let known: PolicyMaterial
    /// Certificates that may stand between signer and root.
    let pool: [PackageCertificate]
    /// The time of the verdict, in seconds since 1970.
    let now: Int64
    private let bySubject: [CertificateName: [PackageCertificate]]
    /// What the searches have cost so far, with those for the other signers of the package.
    let effort: SearchEffort
    private var searched: [PackageCertificate: PathSearch] = [:]

    /// Puts together what there is.
    ///
    /// - Parameters:
    ///   - known: The policy's own material, with the revocation data of the package.
    ///   - others: The certificates of the package; never trusted by themselves.
    ///   - effort: What the searches for all signers of one package may cost together.
    init(
        _ known: PolicyMaterial, others: [PackageCertificate], now: Int64, effort: SearchEffort = SearchEffort()
    ) {
        self.known = known
        self.now = now
        self.effort = effort
        pool = Self.unique(others + known.intermediates)
        bySubject = Dictionary(grouping: Self.unique(known.anchors + pool), by: \.subjectName)
    }

    /// The policy of the source.
    var policy: VerificationPolicy { known.policy }

    private static func unique(_ items: [PackageCertificate]) -> [PackageCertificate] {
        var seen: Set<PackageCertificate> = []
        return items.filter { seen.insert($0).inserted }
    }

    /// All paths from a certificate to the roots, searched for once.
    func search(from certificate: PackageCertificate) -> PathSearch {
        if let search = searched[certificate] { return search }
        let search = PathSearch(from: certificate, in: self)
        searched[certificate] = search
        return search
    }

    /// Certificates of that subject, roots first.
    func certificates(of subject: CertificateName) -> [PackageCertificate] { bySubject[subject] ?? [] }

    /// Whether a path may end in the certificate.
    func isAnchor(_ certificate: PackageCertificate) -> Bool { known.anchors.contains(certificate) }

    /// Whether the key of `issuer` made the signature of `certificate`.
    func signature(of certificate: PackageCertificate, by issuer: PackageCertificate) -> SignatureOutcome {
        effort.signature(certificate.fingerprint, by: issuer) { key in
            CertificateSignature.check(
                certificate.signature, over: certificate.signedBytes, algorithm: certificate.signatureAlgorithm,
                key: key)
        }
    }

    /// Whether the key of `issuer` made the signature of a revocation list.
    func signature(of list: RevocationList, by issuer: PackageCertificate) -> SignatureOutcome {
        effort.signature(list.fingerprint, by: issuer) { key in
            CertificateSignature.check(
                list.signature, over: list.signedBytes, algorithm: list.signatureAlgorithm, key: key)
        }
    }

    /// Whether the key of `issuer` made the signature of an OCSP response.
    func signature(of response: OCSPResponse, by issuer: PackageCertificate) -> SignatureOutcome {
        effort.signature(response.fingerprint, by: issuer) { key in
            CertificateSignature.check(
                response.signature, over: response.signedBytes, algorithm: response.signatureAlgorithm, key: key)
        }
    }
}
