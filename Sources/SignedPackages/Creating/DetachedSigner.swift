/// Signs small things of our own, such as receipts: bytes in, a detached SignedData out.
public struct DetachedSigner: Sendable {
    private let signer: PackageSigner
    private let profile: CMSProfile

    /// - Parameters:
    ///   - signer: The key and its certificates.
    ///   - profile: The object identifiers; nil takes GB/T 35275's for SM2 and RFC 5652's for all others.
    public init(_ signer: PackageSigner, profile: CMSProfile? = nil) {
        self.signer = signer
        self.profile = profile ?? (signer.scheme == .sm2 ? .gbt35275 : .cms)
    }

    /// SignedData over `bytes` in DER, with the signer's certificate and the signing time in it.
    ///
    /// - Parameter signedAt: In seconds since 1970.
    /// - Throws: ``PackageError`` when the key cannot sign.
    public func sign(_ bytes: [UInt8], signedAt: Int64) throws -> [UInt8] {
        try PackageCreator(signers: [signer], profile: profile, signedAt: signedAt, cades: true)
            .detached(BytesInput(bytes))
    }
}
