/// Who signs: a key, its certificate, and the certificates that lead to a root.
public struct PackageSigner: Sendable {
    let key: PackageSigningKey
    let certificate: PackageCertificate
    let chain: [[UInt8]]
    let scheme: SignatureScheme

    /// Puts a signer together.
    ///
    /// - Parameters:
    ///   - key: The private key.
    ///   - certificates: DER; the signer's own first, then those of its issuers, which go into the package too.
    ///   - pss: Whether an RSA key signs with RSASSA-PSS instead of PKCS#1 v1.5.
    /// - Throws: ``PackageError`` of code ``PackageError/Code/unusableKey`` when the key is not that of the
    ///   certificate.
    public init(key: PackageSigningKey, certificates: [[UInt8]], pss: Bool = false) throws(PackageError) {
        guard let own = certificates.first else { throw .unusableCertificate("it is missing") }
        do throws(PackageFault) {
            certificate = try PackageCertificate(der: own)
        } catch {
            throw .unusableCertificate("it cannot be read: \(error.check.detail)")
        }
        self.key = key
        chain = certificates
        scheme = key.scheme(pss: pss)
        guard case .success(let publicKey) = certificate.key, try key.belongs(to: publicKey) else {
            throw .mismatchedKey("it does not belong to the certificate of \(certificate.label)")
        }
    }
}
