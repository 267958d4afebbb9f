import Findings

/// Whether a certificate's key may sign documents.
enum SignerUsage {
    // Purposes that are plainly something else. A certificate that names others too, or private ones, may sign.
    private static let foreign = [
        "1.3.6.1.5.5.7.3.1": "serverAuth", "1.3.6.1.5.5.7.3.3": "codeSigning", "1.3.6.1.5.5.7.3.8": "timeStamping",
        "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    ]

    /// Key usage must have digitalSignature or nonRepudiation where it is there; extended key usage must not be for
    /// other purposes alone. There is no single purpose for document signatures that issuers agree on (RFC 9336 is
    /// young), so none is demanded.
    static func check(_ signer: PackageCertificate) -> PackageCheck {
        let usage = signer.extensions.keyUsage
        if let usage, !usage.digitalSignature, !usage.nonRepudiation {
            return .failed(
                signer.label, .keyUsage, .packageKeyUsage,
                "key usage is \(usage.text); a signer needs digitalSignature or nonRepudiation")
        }
        if let purposes = signer.extensions.extendedKeyUsage, !purposes.isEmpty,
            purposes.allSatisfy({ foreign[$0] != nil })
        {
            let names = purposes.compactMap { foreign[$0] }.joined(separator: ", ")
            return .failed(
                signer.label, .keyUsage, .packageKeyUsage, "extended key usage is for \(names) alone, not for documents"
            )
        }
        let bits = usage.map { "key usage is \($0.text)" } ?? "no key usage is set, so none is excluded"
        return .passed(signer.label, .keyUsage, bits)
    }
}
