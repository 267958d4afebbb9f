import Findings

extension RevocationSearch {
    /// What the OCSP responses say about a certificate.
    mutating func responseStatus(
        of certificate: PackageCertificate, issuer: PackageCertificate
    ) -> RevocationStatus {
        var result = RevocationStatus.missing("no OCSP response")
        for response in material.known.responses {
            guard let single = response.single(for: certificate, issuer: issuer) else { continue }
            let name = "the OCSP response of \(CertificateTime.text(response.producedAt))"
            if let obstacle = obstacle(to: response, single, issuer: issuer) {
                if case .missing = result { result = .unusable(obstacle.kind, "\(name): \(obstacle.cause)") }
                continue
            }
            use(response)
            switch single.status {
            case .revoked(let date, let reason): return .revoked(date: date, reason: reason, source: name)
            case .good: result = .good("good in \(name)")
            case .unknown:
                if case .missing = result {
                    result = .unusable(
                        .packageRevocationUnknown, "\(name): the responder does not know the certificate")
                }
            }
        }
        return result
    }

    private func obstacle(
        to response: OCSPResponse, _ single: OCSPResponse.Single, issuer: PackageCertificate
    ) -> (kind: FindingKind, cause: String)? {
        if !response.unknownCritical.isEmpty {
            return (.packageCRLInvalid, "it has a critical extension that is not understood")
        }
        if let stale = staleness(thisUpdate: single.thisUpdate, nextUpdate: single.nextUpdate) { return stale }
        let delegated = response.certificates + material.pool
        var cause = "the certificate of its responder is not there"
        for responder in [issuer] + delegated where response.names(responder) {
            let outcome = material.signature(of: response, by: responder)
            guard outcome == .valid else {
                cause = "its signature: \(outcome.cause(signer: responder))"
                continue
            }
            guard responder.publicKeyInfo != issuer.publicKeyInfo || responder.subjectName != issuer.subjectName
            else { return nil }
            guard let objection = objection(toResponder: responder, of: issuer) else { return nil }
            cause = objection
        }
        return (.packageCRLInvalid, cause)
    }

    // RFC 6960 section 4.2.2.2: issued directly by the issuer of the certificate in question, for this purpose.
    private func objection(toResponder responder: PackageCertificate, of issuer: PackageCertificate) -> String? {
        let label = "the responder \(responder.label)"
        guard responder.issuerName == issuer.subjectName, material.signature(of: responder, by: issuer) == .valid else {
            return "\(label) was not appointed by \(issuer.label)"
        }
        guard responder.extensions.extendedKeyUsage?.contains("1.3.6.1.5.5.7.3.9") == true else {
            return "\(label) is not allowed to sign OCSP responses (extended key usage)"
        }
        if let usage = responder.extensions.keyUsage, !usage.digitalSignature {
            return "the key usage of \(label) is \(usage.text), without digitalSignature"
        }
        guard responder.notBefore <= material.now, material.now <= responder.notAfter else {
            return "\(label) is valid from \(CertificateTime.text(responder.notBefore)) to "
                + CertificateTime.text(responder.notAfter)
        }
        guard responder.extensions.unknownCritical.isEmpty else {
            return "\(label) has a critical extension that is not understood"
        }
        return responder.extensions.isExemptFromOCSP ? nil : revocationObjection(toResponder: responder, of: issuer)
    }

    private func revocationObjection(
        toResponder responder: PackageCertificate, of issuer: PackageCertificate
    ) -> String? {
        guard let index = path.certificates.firstIndex(of: issuer), pending.count < Self.maximumDepth else {
            return "\(responder.label) would vouch for itself"
        }
        let own = CertificatePath(certificates: [responder] + path.certificates[index...])
        var search = RevocationSearch(own, in: material, pending: pending.union([responder]))
        switch search.listStatus(of: responder, issuer: issuer) {
        case .good: return nil
        case .revoked: return "the responder \(responder.label) was revoked"
        case .missing(let cause), .unusable(_, let cause):
            guard material.policy.revocation == .required else { return nil }
            return "nothing says whether \(responder.label) was revoked: \(cause)"
        }
    }
}
