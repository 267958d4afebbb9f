import Findings

/// The validity periods of a path's certificates against the times that the policy names. Both ends of a period are
/// valid seconds (RFC 5280 section 4.1.2.5).
enum PathValidity {
    /// One check per certificate and time that does not fit; one passed check when all do.
    static func checks(
        of path: CertificatePath, rule: ValidityRule, signedAt: Int64?, now: Int64, subject: String
    ) -> [PackageCheck] {
        let times = moments(rule, signedAt: signedAt, now: now)
        let failures = path.certificates.flatMap { certificate in
            times.compactMap { failure(of: certificate, at: $0.time, meaning: $0.meaning) }
        }
        guard failures.isEmpty else { return failures }
        let from = path.certificates.map(\.notBefore).max() ?? 0
        let until = path.certificates.map(\.notAfter).min() ?? 0
        let when = times.map { "\($0.meaning) (\(CertificateTime.text($0.time)))" }.joined(separator: " and ")
        let period = "\(CertificateTime.text(from)) to \(CertificateTime.text(until))"
        return [
            .passed(
                subject, .validity, "all certificates of the path are valid \(when); their common period is \(period)")
        ]
    }

    private static func moments(
        _ rule: ValidityRule, signedAt: Int64?, now: Int64
    ) -> [(time: Int64, meaning: String)] {
        let signing = signedAt.map { (time: $0, meaning: "at the claimed signing time") }
        switch rule {
        case .now: return [(now, "now")]
        case .atSigning: return [signing ?? (now, "now, as no signing time is claimed")]
        case .both: return [signing, (now, "now")].compactMap(\.self)
        }
    }

    private static func failure(of certificate: PackageCertificate, at time: Int64, meaning: String) -> PackageCheck? {
        let when = "\(meaning) (\(CertificateTime.text(time)))"
        if time < certificate.notBefore {
            let start = CertificateTime.text(certificate.notBefore)
            return .failed(
                certificate.label, .validity, .packageCertificateNotYetValid, "valid from \(start), not yet \(when)")
        }
        if time > certificate.notAfter {
            let end = CertificateTime.text(certificate.notAfter)
            return .failed(
                certificate.label, .validity, .packageCertificateExpired, "valid until \(end), expired \(when)")
        }
        return nil
    }
}
