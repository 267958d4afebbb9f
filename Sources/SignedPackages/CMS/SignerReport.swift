/// What was found about one signer, without asking whether the signer is trusted.
struct SignerReport: Sendable {
    /// The checks, in the order in which they were made. All of them are made, whatever the earlier ones gave.
    var checks: [PackageCheck]
    /// Who signed; nil when the certificate is not there.
    var identity: SignerIdentity?
    /// When the signer claims to have signed, in seconds since 1970.
    var signedAt: Int64?
    /// The certificate that the signer names.
    var certificate: PackageCertificate?
}

/// Checks everything about a signer that needs no trust: the agreement of algorithms, the strength of the key, the
/// signed attributes, the digest of the content, and the signature value.
///
/// - Parameters:
///   - name: The signature in messages, such as `signature 1`.
///   - document: The content in messages.
///   - certificates: Where the signer's certificate is looked for.
///   - digests: Of the content, made by ``ContentDigests`` for this message and these certificates.
///   - cades: Whether the rules of CAdES (ETSI EN 319 122-1) count: signing-certificate-v2 must be there.
/// - Throws: When a library fails; nothing that the package holds makes it throw.
func checkSigner(
    _ signer: SignerBlock, name: String, document: String, message: SignedMessage, certificates: [PackageCertificate],
    digests: FinishedDigests, cades: Bool
) throws(PackageError) -> SignerReport {
    let certificate = signer.certificate(in: certificates)
    var check = SignerCheck(
        signer: signer, name: name, document: document, message: message, certificate: certificate, digests: digests,
        cades: cades)
    return try check.run()
}
