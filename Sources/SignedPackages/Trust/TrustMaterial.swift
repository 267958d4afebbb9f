/// Everything that one call of `checkTrust` has to go by, parsed once, with the signatures it has checked remembered.
///
/// A class because the searches that share it fill its memory as they go; it never leaves the call that made it.
final class TrustMaterial {
    /// How many signatures of certificates and lists one call checks at most, so that a package that is full of
    /// certificates with the same name cannot keep us busy.
    static let maximumSignatureChecks = 1000

    /// What the source's policy and the package bring.
    let known: PolicyMaterial
    /// Certificates that may stand between signer and root.
    let pool: [PackageCertificate]
    /// The time of the verdict, in seconds since 1970.
    let now: Int64
    private let bySubject: [CertificateName: [PackageCertificate]]
    private var checked: [SignatureKey: SignatureOutcome] = [:]
    private var searched: [PackageCertificate: PathSearch] = [:]

    private struct SignatureKey: Hashable {
        var signed: String
        var signer: [UInt8]
    }

    /// Puts together what there is.
    ///
    /// - Parameters:
    ///   - known: The policy's own material, with the revocation data of the package.
    ///   - others: The certificates of the package; never trusted by themselves.
    init(_ known: PolicyMaterial, others: [PackageCertificate], now: Int64) {
        self.known = known
        self.now = now
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
        signature(certificate.fingerprint, by: issuer) { key in
            CertificateSignature.check(
                certificate.signature, over: certificate.signedBytes, algorithm: certificate.signatureAlgorithm,
                key: key)
        }
    }

    /// Whether the key of `issuer` made the signature of a revocation list.
    func signature(of list: RevocationList, by issuer: PackageCertificate) -> SignatureOutcome {
        signature(list.fingerprint, by: issuer) { key in
            CertificateSignature.check(
                list.signature, over: list.signedBytes, algorithm: list.signatureAlgorithm, key: key)
        }
    }

    /// Whether the key of `issuer` made the signature of an OCSP response.
    func signature(of response: OCSPResponse, by issuer: PackageCertificate) -> SignatureOutcome {
        signature(response.fingerprint, by: issuer) { key in
            CertificateSignature.check(
                response.signature, over: response.signedBytes, algorithm: response.signatureAlgorithm, key: key)
        }
    }

    private func signature(
        _ signed: String, by issuer: PackageCertificate, check: (PackagePublicKey) -> SignatureOutcome
    ) -> SignatureOutcome {
        let known = SignatureKey(signed: signed, signer: issuer.publicKeyInfo)
        if let outcome = checked[known] { return outcome }
        guard checked.count < Self.maximumSignatureChecks else {
            return .unsupported("more than \(Self.maximumSignatureChecks) signatures would have to be checked")
        }
        let outcome: SignatureOutcome
        switch issuer.key {
        case .success(let key): outcome = check(key)
        case .failure(let fault): outcome = .unsupported("the key of \(issuer.label): \(fault.check.detail)")
        }
        checked[known] = outcome
        return outcome
    }
}
