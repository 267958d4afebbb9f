import SwiftASN1
@_spi(DisableValidityCheck) import X509

/// The verdict of swift-certificates on a path that our own rules accept: two implementations must agree.
///
/// It is asked where it can answer. It cannot where a key or signature algorithm is unknown to it (SM2, RSA-PSS), where
/// names chain only by RFC 5280's comparison (it compares bytes), where name constraints are of a form that it refuses
/// wholesale (directory names, e-mail) or reads more widely than RFC 5280 (URI), and where the signer is itself a root;
/// there our own rules stand alone. Validity is left to ``PathValidity``, which knows more than one time.
enum LibraryVerifier {
    /// What the library has against the path; `nil` when it accepts it or cannot be asked.
    static func objection(to path: CertificatePath) async -> String? {
        guard path.certificates.count > 1, let chain = certificates(of: path), isJudgeable(path, chain) else {
            return nil
        }
        var verifier = Verifier(rootCertificates: CertificateStore([chain[chain.count - 1]])) {
            RFC5280Policy.withValidityCheckDisabled()
            UnderstoodExtensions()
        }
        var diagnostics: [String] = []
        let result = await verifier.validate(
            leaf: chain[0], intermediates: CertificateStore(chain[1..<(chain.count - 1)]),
            diagnosticCallback: { diagnostics.append($0.multilineDescription) })
        switch result {
        case .validCertificate: return nil
        case .couldNotValidate(let failures):
            let reason = failures.first.map { "\($0.policyFailureReason)" } ?? diagnostics.last ?? "no reason given"
            let line = reason.split(whereSeparator: \.isNewline).joined(separator: " ")
            return "swift-certificates refuses the path: \(line)"
        }
    }

    private static func certificates(of path: CertificatePath) -> [Certificate]? {
        let chain = path.certificates.compactMap { try? Certificate(derEncoded: $0.der) }
        return chain.count == path.certificates.count ? chain : nil
    }

    private static func isJudgeable(_ path: CertificatePath, _ chain: [Certificate]) -> Bool {
        let known: Set<Certificate.SignatureAlgorithm> = [
            .ecdsaWithSHA256, .ecdsaWithSHA384, .ecdsaWithSHA512, .sha256WithRSAEncryption, .sha384WithRSAEncryption,
            .sha512WithRSAEncryption, .ed25519,
        ]
        let namesChain = zip(chain, chain.dropFirst()).allSatisfy { $0.issuer == $1.subject }
        let constraints = path.certificates.compactMap(\.extensions.nameConstraints)
        let isSupported = constraints.allSatisfy { constraint in
            (constraint.permitted + constraint.excluded).allSatisfy { name in
                switch name {
                case .domain, .address: true
                case .directory, .email, .uri, .other: false
                }
            }
        }
        return namesChain && isSupported && chain.dropLast().allSatisfy { known.contains($0.signatureAlgorithm) }
    }
}

/// Tells the library which critical extensions our own rules have already judged.
private struct UnderstoodExtensions: VerifierPolicy {
    let verifyingCriticalExtensions = CertificateExtensions.understood.compactMap {
        try? ASN1ObjectIdentifier(dotRepresentation: $0)
    }

    func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult { .meetsPolicy }
}
