import Findings

/// Checks all signers of one SignedData over one content: the signature first, then the trust in whoever made it.
struct SignatureRun {
    let message: SignedMessage
    /// The certificates at hand: those of the message, then those of the policy.
    let certificates: [PackageCertificate]
    private let verifier: PackageVerifier
    // The policy's material with the revocation data of the message, parsed once for all signers.
    private let known: PolicyMaterial
    private let effort: SearchEffort

    /// - Parameters:
    ///   - known: The policy of the verifier, parsed.
    ///   - effort: What all signatures of one package may cost together.
    init(_ message: SignedMessage, _ verifier: PackageVerifier, _ known: PolicyMaterial, _ effort: SearchEffort) {
        self.message = message
        self.verifier = verifier
        self.known = known.adding(crls: message.crls, ocspResponses: message.ocspResponses)
        self.effort = effort
        let policy = verifier.policy
        // A certificate that cannot be read is no certificate: what needs it fails for want of it.
        certificates = (message.certificates + policy.intermediates + policy.roots).compactMap {
            try? PackageCertificate(der: $0)
        }
    }

    /// The verdict on every signer.
    ///
    /// - Parameters:
    ///   - name: The name of the entry that holds the message; nil for a package that is the message.
    ///   - content: What the content is called.
    ///   - covers: The documents that are covered.
    ///   - cades: Whether the rules of CAdES count.
    func verdicts(
        name: String?, content: String, covers: [String], digests: FinishedDigests, cades: Bool
    ) async throws(PackageError) -> [SignatureVerdict] {
        var verdicts: [SignatureVerdict] = []
        for (index, signer) in message.signers.enumerated() {
            let number = "signature \(index + 1)"
            let label = name.map { message.signers.count == 1 ? $0 : "\($0) \(number)" } ?? number
            let report = try checkSigner(
                signer, name: label, document: content, message: message, certificates: certificates,
                digests: digests, cades: cades)
            var checks = report.checks
            checks.append(signingTime(report, label))
            var evidence = SignatureEvidence()
            if let certificate = report.certificate {
                let trust = await trust(in: certificate, report)
                checks += trust.checks
                evidence = SignatureEvidence(
                    chain: trust.chain, crls: trust.crls, ocspResponses: trust.ocspResponses)
            }
            verdicts.append(
                SignatureVerdict(
                    name: label, signer: report.identity, profile: message.profile, checks: checks, covers: covers,
                    evidence: evidence))
        }
        return verdicts
    }

    private func trust(in certificate: PackageCertificate, _ report: SignerReport) async -> TrustResult {
        await checkTrust(
            signer: certificate, others: certificates.filter { $0.der != certificate.der }, known: known,
            signedAt: report.signedAt, now: verifier.now, effort: effort)
    }

    private func signingTime(_ report: SignerReport, _ label: String) -> PackageCheck {
        let rule = verifier.policy.signingTime
        guard let signedAt = report.signedAt else {
            let refuses = rule.missing == .refuse
            return PackageCheck(
                label, .signingTime, refuses ? .failed : .passed, refuses ? .packageSigningTime : nil,
                detail: "the signer claims no time")
        }
        let age = verifier.now - signedAt
        let text = SigningTime.text(signedAt)
        var flaw: String?
        if -age > rule.futureTolerance {
            flaw =
                "\(text) lies \(-age) seconds ahead of \(SigningTime.text(verifier.now));"
                + " \(rule.futureTolerance) are tolerated: is a clock wrong?"
        } else if let maximum = rule.maximumAge, age > maximum {
            flaw = "\(text) lies \(age) seconds back; \(maximum) are allowed"
        }
        guard let flaw else { return .passed(label, .signingTime, text) }
        return PackageCheck(
            label, .signingTime, rule.outside == .refuse ? .failed : .passed, .packageSigningTime, detail: flaw)
    }
}
