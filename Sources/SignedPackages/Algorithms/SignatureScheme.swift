/// How a signature value is made.
enum SignatureScheme: Sendable, Hashable {
    case rsaPKCS1(DigestAlgorithm)
    case rsaPSS(PSSParameters)
    case ecdsa(DigestAlgorithm)
    case ed25519
    case sm2

    /// Resolves a signature algorithm.
    ///
    /// - Parameters:
    ///   - identifier: The signature algorithm of a SignerInfo, a certificate, a revocation list or an OCSP response.
    ///   - digest: The digest that a SignerInfo names beside it; nil where the signature algorithm must say it all.
    init(_ identifier: AlgorithmIdentifier, digest: DigestAlgorithm? = nil) throws(AlgorithmFault) {
        switch identifier.algorithm {
        case AlgorithmIDs.md5WithRSA, AlgorithmIDs.sha1WithRSA, AlgorithmIDs.ecdsaWithSHA1:
            throw .weak("the signature algorithm is \(identifier.seen)")
        case AlgorithmIDs.rsaPSS:
            self = .rsaPSS(try PSSParameters(identifier.parameters))
        case AlgorithmIDs.rsaEncryption:
            guard let digest else { throw .unsupported("the signature algorithm \(identifier.seen) without a digest") }
            self = .rsaPKCS1(digest)
        case AlgorithmIDs.ecPublicKey:
            // RFC 5753 wants ecdsa-with-…, Windows (CryptSignMessage) names the kind of the key, as with RSA.
            guard let digest, Self.combined.values.contains(.ecdsa(digest)) else {
                throw .unsupported("the signature algorithm \(identifier.seen)")
            }
            self = .ecdsa(digest)
        case AlgorithmIDs.sm2Signature, AlgorithmIDs.sm2WithSM3, AlgorithmIDs.sm2:
            self = .sm2
        case AlgorithmIDs.ed25519:
            self = .ed25519
        default:
            guard let scheme = Self.combined[identifier.algorithm] else {
                throw .unsupported("the signature algorithm \(identifier.seen)")
            }
            self = scheme
        }
        try checkParameters(identifier)
        try checkDigest(digest, identifier)
    }

    /// The digest over what is signed; SHA-512 inside of Ed25519.
    var digest: DigestAlgorithm {
        switch self {
        case .rsaPKCS1(let digest), .ecdsa(let digest): digest
        case .rsaPSS(let parameters): parameters.digest
        case .ed25519: .sha512
        case .sm2: .sm3
        }
    }

    /// Makes sure that the key is one for this scheme, and that it is strong enough.
    func check(_ key: PackagePublicKey) throws(AlgorithmFault) {
        switch (self, key) {
        case (.rsaPKCS1, .rsa(_, _, true)):
            throw .mismatch("the key is for RSASSA-PSS only, the signature is PKCS#1 v1.5")
        case (.rsaPKCS1, .rsa), (.rsaPSS, .rsa), (.ecdsa, .ec), (.ed25519, .ed25519), (.sm2, .sm2): break
        case (_, .other(_, let algorithm)): throw .unsupported("the key is \(algorithm)")
        default: throw .mismatch("a signature by \(name) with a key that is \(key.name)")
        }
        guard case .rsa(_, let bits, _) = key else { return }
        guard bits >= PackagePublicKey.smallestRSA else {
            throw .weak("the RSA key has \(bits) bits, at least \(PackagePublicKey.smallestRSA) are needed")
        }
        guard bits <= PackagePublicKey.largestRSA else { throw .unsupported("an RSA key of \(bits) bits") }
    }

    /// The scheme for people, such as `ECDSA SHA-256`.
    var name: String {
        switch self {
        case .rsaPKCS1(let digest): "RSA \(digest.rawValue)"
        case .rsaPSS(let parameters): "RSA-PSS \(parameters.digest.rawValue)"
        case .ecdsa(let digest): "ECDSA \(digest.rawValue)"
        case .ed25519: "Ed25519"
        case .sm2: "SM2 with SM3"
        }
    }

    /// The scheme with a key, for people, such as `RSA-PSS 2048 SHA-256`.
    func name(with key: PackagePublicKey) -> String {
        switch (self, key) {
        case (.rsaPKCS1(let digest), .rsa(_, let bits, _)): "RSA \(bits) \(digest.rawValue)"
        case (.rsaPSS(let parameters), .rsa(_, let bits, _)): "RSA-PSS \(bits) \(parameters.digest.rawValue)"
        case (.ecdsa(let digest), .ec(_, let curve, _)): "ECDSA \(curve.rawValue) \(digest.rawValue)"
        default: name
        }
    }

    private static let combined: [ObjectID: SignatureScheme] = [
        AlgorithmIDs.sha256WithRSA: .rsaPKCS1(.sha256), AlgorithmIDs.sha384WithRSA: .rsaPKCS1(.sha384),
        AlgorithmIDs.sha512WithRSA: .rsaPKCS1(.sha512), AlgorithmIDs.ecdsaWithSHA256: .ecdsa(.sha256),
        AlgorithmIDs.ecdsaWithSHA384: .ecdsa(.sha384), AlgorithmIDs.ecdsaWithSHA512: .ecdsa(.sha512),
    ]

    private func checkParameters(_ identifier: AlgorithmIdentifier) throws(AlgorithmFault) {
        if case .rsaPSS = self { return }
        // RFC 8410 section 3: Ed25519 has none. Of the others writers put NULL or nothing.
        guard self == .ed25519 ? identifier.parameters == .absent : identifier.hasNoParameters else {
            throw .unsupported("parameters of the signature algorithm \(identifier.seen)")
        }
    }

    private func checkDigest(_ named: DigestAlgorithm?, _ identifier: AlgorithmIdentifier) throws(AlgorithmFault) {
        guard let named, named != digest else { return }
        throw .mismatch(
            "the digest is \(named.rawValue), the signature algorithm \(identifier.seen) uses \(digest.rawValue)")
    }
}
