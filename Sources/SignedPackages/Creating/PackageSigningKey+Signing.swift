import Crypto
import CryptoExtras

extension PackageSigningKey {
    /// The scheme that suits the key.
    ///
    /// - Parameter pss: Whether an RSA key signs with RSASSA-PSS instead of PKCS#1 v1.5.
    func scheme(pss: Bool) -> SignatureScheme {
        switch material {
        case .rsa: pss ? .rsaPSS(PSSParameters(.sha256)) : .rsaPKCS1(.sha256)
        case .p256: .ecdsa(.sha256)
        case .p384: .ecdsa(.sha384)
        case .p521: .ecdsa(.sha512)
        case .ed25519: .ed25519
        case .sm2: .sm2
        }
    }

    /// Signs a message in memory; ECDSA and SM2 signatures in DER.
    func sign(_ message: [UInt8], by scheme: SignatureScheme) throws(PackageError) -> [UInt8] {
        do {
            switch material {
            case .rsa(let key):
                let padding: _RSA.Signing.Padding = if case .rsaPSS = scheme { .PSS } else { .insecurePKCS1v1_5 }
                return Array(try key.signature(for: SHA256.hash(data: message), padding: padding).rawRepresentation)
            case .p256(let key): return Array(try key.signature(for: SHA256.hash(data: message)).derRepresentation)
            case .p384(let key): return Array(try key.signature(for: SHA384.hash(data: message)).derRepresentation)
            case .p521(let key): return Array(try key.signature(for: SHA512.hash(data: message)).derRepresentation)
            case .ed25519(let key): return Array(try key.signature(for: message))
            case .sm2(let key):
                return try LibcryptoSM2.sign(try SM2Digest.e(of: message, point: try key.point()), with: key)
            }
        } catch let error as PackageError {
            throw error
        } catch {
            throw PackageError(
                .library, place: "signing with \(name)", underlying: "\(error)",
                next: "Check the key with openssl pkey -check.")
        }
    }

    /// Whether a certificate's key is this key's public part.
    func belongs(to key: PackagePublicKey) throws(PackageError) -> Bool {
        switch (material, key) {
        case (.rsa(let own), .rsa(let spki, _, _)):
            // The PKCS#1 key is the last member of every SubjectPublicKeyInfo.
            spki.suffix(own.publicKey.pkcs1DERRepresentation.count)
                .elementsEqual(own.publicKey.pkcs1DERRepresentation)
        case (.p256(let own), .ec(_, .p256, let point)): own.publicKey.x963Representation.elementsEqual(point)
        case (.p384(let own), .ec(_, .p384, let point)): own.publicKey.x963Representation.elementsEqual(point)
        case (.p521(let own), .ec(_, .p521, let point)): own.publicKey.x963Representation.elementsEqual(point)
        case (.ed25519(let own), .ed25519(_, let key)): own.publicKey.rawRepresentation.elementsEqual(key)
        case (.sm2(let own), .sm2(_, let point)): try own.point() == point
        default: false
        }
    }
}

extension SignatureScheme {
    /// The signature algorithm that a SignerInfo names.
    ///
    /// RFC 3370 section 3.2 for RSA, RFC 5754 for ECDSA, RFC 8419 for Ed25519, GB/T 35275 clause 5 for SM2.
    func identifier(_ profile: CMSProfile) -> AlgorithmIdentifier {
        switch self {
        case .rsaPKCS1: AlgorithmIdentifier(AlgorithmIDs.rsaEncryption, .null)
        case .rsaPSS(let parameters): AlgorithmIdentifier(AlgorithmIDs.rsaPSS, .other(parameters.der))
        case .ecdsa(.sha384): AlgorithmIdentifier(AlgorithmIDs.ecdsaWithSHA384)
        case .ecdsa(.sha512): AlgorithmIdentifier(AlgorithmIDs.ecdsaWithSHA512)
        case .ecdsa: AlgorithmIdentifier(AlgorithmIDs.ecdsaWithSHA256)
        case .ed25519: AlgorithmIdentifier(AlgorithmIDs.ed25519)
        case .sm2:
            AlgorithmIdentifier(profile == .gbt35275 ? AlgorithmIDs.sm2Signature : AlgorithmIDs.sm2WithSM3)
        }
    }
}
