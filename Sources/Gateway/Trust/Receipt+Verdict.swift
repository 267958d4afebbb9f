import Findings
import Receipts
import SignedPackages

extension Receipt {
    /// Takes what a verdict says about the signatures.
    mutating func take(_ verdict: PackageVerdict) {
        signature = verdict.signatures.isEmpty && verdict.outcome == .passed ? .notSigned : Signature(verdict.outcome)
        let unmet = verdict.checks.filter { $0.outcome != .passed }
        let package =
            unmet.isEmpty
            ? [] : [Signer(name: "package", verdict: Signature(verdict.outcome), checks: unmet.map(Check.init))]
        signers = package + verdict.signatures.map(Signer.init)
        if outcome == .rejected { reached = max(reached, .signature) }
    }
}

extension Receipt.Signature {
    init(_ outcome: CheckOutcome) {
        switch outcome {
        case .passed: self = .passed
        case .failed: self = .failed
        case .indeterminate: self = .indeterminate
        }
    }
}

extension Receipt.Signer {
    init(_ signature: SignatureVerdict) {
        let signer = signature.signer
        self.init(
            name: signature.name, verdict: Receipt.Signature(signature.outcome), subject: signer?.subject ?? "",
            serial: signer?.serial ?? "", fingerprint: signer?.fingerprint ?? "", algorithm: signer?.algorithm ?? "",
            signedAt: signer?.signedAt ?? "", covers: signature.covers,
            checks: signature.checks.filter { $0.outcome != .passed }.map(Receipt.Check.init))
    }
}

extension Receipt.Check {
    init(_ check: PackageCheck) {
        self.init(
            name: check.check.rawValue, verdict: Receipt.Signature(check.outcome), code: check.kind?.code ?? "",
            detail: "\(check.subject): \(check.detail)")
    }
}
