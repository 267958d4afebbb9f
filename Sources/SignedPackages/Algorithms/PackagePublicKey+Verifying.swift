import Crypto
import CryptoExtras

extension PackagePublicKey {
    /// How a signature turned out.
    enum Verdict: Sendable, Hashable {
        case right
        case wrong
        /// An SM2 signature that is right only for an empty user id (what OpenSSL 3 uses unless it is told).
        case rightWithEmptyUserID
    }

    /// Checks a signature over a message in memory: attributes, the signed part of a certificate, a revocation list.
    ///
    /// The caller has made sure that the scheme fits the key (``SignatureScheme/check(_:)``); where it does not, the
    /// signature is wrong.
    func verdict(
        on signature: [UInt8], of message: [UInt8], by scheme: SignatureScheme
    ) throws(PackageError) -> Verdict {
        switch (scheme, self) {
        case (.sm2, .sm2(_, let point)):
            if try LibcryptoSM2.verifies(signature, digest: try SM2Digest.e(of: message, point: point), point: point) {
                return .right
            }
            let other = try SM2Digest.e(of: message, point: point, userID: [])
            return try LibcryptoSM2.verifies(signature, digest: other, point: point) ? .rightWithEmptyUserID : .wrong
        case (.ed25519, .ed25519(_, let key)):
            guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key) else { return .wrong }
            return key.isValidSignature(signature, for: message) ? .right : .wrong
        default:
            let digest = try MessageDigest(scheme.digest, of: message)
            return try isRight(signature, digest: digest, by: scheme) ? .right : .wrong
        }
    }

    /// Checks a signature over a digest. For SM2 it is `e`; for Ed25519, which has no such form, always false.
    func isRight(
        _ signature: [UInt8], digest: MessageDigest, by scheme: SignatureScheme
    ) throws(PackageError) -> Bool {
        switch (scheme, self) {
        case (.rsaPKCS1, .rsa(let spki, _, _)):
            return digest.isSigned(signature, spki: spki, padding: .insecurePKCS1v1_5)
        case (.rsaPSS(let parameters), .rsa(let spki, _, _)):
            // swift-crypto knows one digest and a salt of its length; OpenSSL signs with the longest salt that fits.
            guard parameters == PSSParameters(parameters.digest) else {
                return try LibcryptoPSS.verifies(signature, digest: digest.bytes, spki: spki, parameters: parameters)
            }
            return digest.isSigned(signature, spki: spki, padding: .PSS)
        case (.ecdsa, .ec(_, let curve, let point)):
            return digest.isSigned(signature, curve: curve, point: point)
        case (.sm2, .sm2(_, let point)):
            return try LibcryptoSM2.verifies(signature, digest: digest.bytes, point: point)
        default:
            return false
        }
    }
}

extension MessageDigest {
    fileprivate func isSigned(_ signature: [UInt8], spki: [UInt8], padding: _RSA.Signing.Padding) -> Bool {
        guard let key = try? _RSA.Signing.PublicKey(unsafeDERRepresentation: spki) else { return false }
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
        return switch self {
        case .sha256(let digest): key.isValidSignature(signature, for: digest, padding: padding)
        case .sha384(let digest): key.isValidSignature(signature, for: digest, padding: padding)
        case .sha512(let digest): key.isValidSignature(signature, for: digest, padding: padding)
        case .sm3: false
        }
    }

    fileprivate func isSigned(_ signature: [UInt8], curve: PackagePublicKey.Curve, point: [UInt8]) -> Bool {
        switch self {
        case .sha256(let digest): Self.isSigned(digest, signature, curve, point)
        case .sha384(let digest): Self.isSigned(digest, signature, curve, point)
        case .sha512(let digest): Self.isSigned(digest, signature, curve, point)
        case .sm3: false
        }
    }

    private static func isSigned(
        _ digest: some Digest, _ signature: [UInt8], _ curve: PackagePublicKey.Curve, _ point: [UInt8]
    ) -> Bool {
        switch curve {
        case .p256:
            guard let key = try? P256.Signing.PublicKey(x963Representation: point),
                let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: digest)
        case .p384:
            guard let key = try? P384.Signing.PublicKey(x963Representation: point),
                let signature = try? P384.Signing.ECDSASignature(derRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: digest)
        case .p521:
            guard let key = try? P521.Signing.PublicKey(x963Representation: point),
                let signature = try? P521.Signing.ECDSASignature(derRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: digest)
        }
    }
}
