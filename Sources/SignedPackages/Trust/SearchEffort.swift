/// What looking for trust in all the signers of one package may cost together, with the signatures that were checked
/// remembered: a package that is full of signers and of certificates with the same name cannot keep us busy.
///
/// A class because all searches for one package share it; it never leaves the call that verifies the package.
final class SearchEffort {
    /// How many signatures of certificates and lists are checked at most.
    static let maximumSignatureChecks = 1000
    /// How many certificates are looked at as a step of a path at most.
    static let maximumSteps = 20_000

    /// Whether a signature was left unchecked. A list might have said something then, so nothing that was found passes.
    private(set) var isExhausted = false

    private var checked: [SignatureKey: SignatureOutcome] = [:]
    private var steps = 0

    private struct SignatureKey: Hashable {
        var signed: String
        var signer: [UInt8]
    }

    /// Counts a step; false when there have been too many.
    func takeStep() -> Bool {
        steps += 1
        return steps <= Self.maximumSteps
    }

    /// Whether the key of `issuer` made the signature on what has this fingerprint.
    func signature(
        _ signed: String, by issuer: PackageCertificate, check: (PackagePublicKey) -> SignatureOutcome
    ) -> SignatureOutcome {
        let known = SignatureKey(signed: signed, signer: issuer.publicKeyInfo)
        if let outcome = checked[known] { return outcome }
        guard checked.count < Self.maximumSignatureChecks else {
            isExhausted = true
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
