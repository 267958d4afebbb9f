import Findings

/// What follows from the revocation status of a path's certificates.
///
/// | status | required | where available |
/// |---|---|---|
/// | good | passed | passed |
/// | revoked, for whatever reason and at whatever time | failed | failed |
/// | stale data | failed | indeterminate |
/// | data that cannot be believed, or is undecided | indeterminate | indeterminate |
/// | no data | indeterminate | passed, and says so |
///
/// A certificate that was revoked after the claimed signing time is refused like any other: that time is the signer's
/// own word, and whoever stole a key can claim any time.
enum RevocationRuling {
    /// One check for every certificate below the root; one in all when revocation is not looked at.
    static func checks(
        of path: CertificatePath, _ search: inout RevocationSearch, rule: RevocationRule, signedAt: Int64?
    ) -> [PackageCheck] {
        let signer = path.certificates[0].label
        guard rule != .off else {
            return [.passed(signer, .revocation, "not looked at: the source switched it off")]
        }
        guard path.certificates.count > 1 else {
            return [.passed(signer, .revocation, "the signer's certificate is itself a root of the source")]
        }
        return path.certificates.indices.dropLast().map { index in
            let label = path.certificates[index].label
            switch search.status(at: index) {
            case .good(let source): return .passed(label, .revocation, source)
            case .revoked(let date, let reason, let source):
                let detail = revocation(date, reason, source, signedAt: signedAt)
                return .failed(label, .revocation, .packageCertificateRevoked, detail)
            case .missing(let cause) where rule == .required:
                return .indeterminate(label, .revocation, .packageRevocationUnknown, cause)
            case .missing(let cause): return .passed(label, .revocation, "not known, and not required: \(cause)")
            case .unusable(.packageCRLStale, let cause) where rule == .required:
                return .failed(label, .revocation, .packageCRLStale, cause)
            case .unusable(let kind, let cause): return .indeterminate(label, .revocation, kind, cause)
            }
        }
    }

    private static func revocation(
        _ date: Int64, _ reason: RevocationReason?, _ source: String, signedAt: Int64?
    ) -> String {
        let why = reason.map { "\($0)" } ?? "no reason given"
        var detail = "revoked at \(CertificateTime.text(date)) (\(why)) according to \(source)"
        if let signedAt, signedAt < date {
            detail += "; the claimed signing time \(CertificateTime.text(signedAt)) is earlier, but proves nothing"
        }
        return detail
    }
}
