public import Mappings
public import SignedPackages

extension FilingSigner {
    /// The signer, as provenance tells it.
    public init(_ signer: SignerIdentity) {
        self.init(
            subject: signer.subject, organisationCode: signer.organisationCode, issuer: signer.issuer,
            serial: signer.serial, fingerprint: signer.fingerprint, signedAt: signer.signedAt)
    }
}

extension PackageVerdict {
    /// Who signed a document: the signer of the first good signature that covers it; nil in a bundle that nobody signed.
    public func signer(of document: PackageDocument) -> SignerIdentity? {
        signatures.first { $0.outcome == .passed && $0.covers.contains(document.name) }?.signer
    }

    /// The outcome and who signed, on one line, for the events of a filing.
    var eventText: String {
        let signers = signatures.map { signature in
            guard let signer = signature.signer else { return "\(signature.name): signer unknown" }
            return "\(signature.name): \(signer.subject), serial \(signer.serial), SHA-256 \(signer.fingerprint)"
        }
        return ([outcome.rawValue] + signers).joined(separator: "; ")
    }
}
