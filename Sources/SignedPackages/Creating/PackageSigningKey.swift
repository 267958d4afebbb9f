import Crypto
import CryptoExtras
import SwiftASN1

/// A private key to sign packages or receipts with: RSA, ECDSA on P-256, P-384 or P-521, Ed25519, or SM2.
public struct PackageSigningKey: Sendable {
    enum Material: Sendable {
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case p521(P521.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
        case sm2(LibcryptoPrivateKey)
    }

    let material: Material

    /// Reads an unencrypted private key: PKCS#8 (RFC 5958), SEC 1 (RFC 5915) or PKCS#1 (RFC 8017), as `openssl` writes
    /// them.
    ///
    /// - Parameter pem: The text of the file. Other blocks before the key, such as `EC PARAMETERS`, are skipped.
    /// - Throws: ``PackageError`` of code ``PackageError/Code/unusableKey``.
    public init(pem: [UInt8]) throws(PackageError) {
        let blocks: [PEMDocument]
        do {
            blocks = try PEMDocument.parseMultiple(pemString: String(decoding: pem, as: UTF8.self))
        } catch {
            throw .unusableKey("the file is not PEM (\(error))")
        }
        guard let block = blocks.first(where: { $0.discriminator.hasSuffix("PRIVATE KEY") }) else {
            throw .unusableKey("the file has no PRIVATE KEY block")
        }
        guard block.discriminator != "ENCRYPTED PRIVATE KEY" else { throw .unusableKey("the key is encrypted") }
        guard let material = Self.material(block.derBytes) else {
            throw .unusableKey("it is no RSA key of 2048 bits or more, P-256, P-384, P-521, Ed25519 or SM2 key")
        }
        self.material = material
    }

    /// What kind of key it is, such as `P-256` or `RSA 2048`.
    public var name: String {
        switch material {
        case .rsa(let key): "RSA \(key.keySizeInBits)"
        case .p256: "P-256"
        case .p384: "P-384"
        case .p521: "P-521"
        case .ed25519: "Ed25519"
        case .sm2: "SM2"
        }
    }

    // The algorithm decides; swift-crypto's readers do not look at the curve.
    private static func material(_ der: [UInt8]) -> Material? {
        guard let algorithm = algorithm(der) else { return nil }
        switch algorithm {
        case AlgorithmIDs.p256: return (try? P256.Signing.PrivateKey(derRepresentation: der)).map { .p256($0) }
        case AlgorithmIDs.p384: return (try? P384.Signing.PrivateKey(derRepresentation: der)).map { .p384($0) }
        case AlgorithmIDs.p521: return (try? P521.Signing.PrivateKey(derRepresentation: der)).map { .p521($0) }
        case AlgorithmIDs.sm2: return LibcryptoPrivateKey(der: der).map { .sm2($0) }
        case AlgorithmIDs.rsaEncryption:
            return (try? _RSA.Signing.PrivateKey(derRepresentation: der)).map { .rsa($0) }
        case AlgorithmIDs.ed25519:
            return ed25519Seed(der).flatMap { try? Curve25519.Signing.PrivateKey(rawRepresentation: $0) }
                .map { .ed25519($0) }
        default: return nil
        }
    }

    // The curve of an EC key, the algorithm of any other. PKCS#8 has an algorithm behind its version, SEC 1 the key and
    // then the curve, PKCS#1 the modulus.
    private static func algorithm(_ der: [UInt8]) -> ObjectID? {
        guard var members = try? DERElement(der[...]).children, (try? members.next(DERTag.integer, "a version")) != nil,
            let second = try? members.next()
        else { return nil }
        switch second.tag {
        case DERTag.integer: return AlgorithmIDs.rsaEncryption
        case DERTag.octetString:
            guard let curve = try? members.nextIf(DERTag.contextConstructed(0)) else { return nil }
            return try? DERElement(curve.content).objectID()
        default:
            guard let identifier = try? AlgorithmIdentifier(second) else { return nil }
            guard identifier.algorithm == AlgorithmIDs.ecPublicKey else { return identifier.algorithm }
            guard case .other(let curve) = identifier.parameters else { return nil }
            return try? DERElement(curve[...]).objectID()
        }
    }

    // RFC 8410 section 7: the seed is an OCTET STRING within the OCTET STRING of PKCS#8.
    private static func ed25519Seed(_ der: [UInt8]) -> [UInt8]? {
        guard var members = try? DERElement(der[...]).children, (try? members.next(DERTag.integer, "a version")) != nil,
            (try? members.next(DERTag.sequence, "an algorithm")) != nil,
            let key = try? members.next(DERTag.octetString, "a key")
        else { return nil }
        return (try? DERElement(key.content)).map { Array($0.content) }
    }
}

extension PackageError {
    /// A key that cannot be used, and why.
    static func unusableKey(_ cause: String) -> PackageError {
        PackageError(
            .unusableKey, place: "private key", underlying: cause,
            next: "Give an unencrypted PKCS#8 PEM file, such as openssl genpkey or openssl pkey writes.")
    }

    static func unusableCertificate(_ cause: String) -> PackageError {
        PackageError(
            .unusableKey, place: "certificate", underlying: cause,
            next: "Give the signer's own certificate, in PEM or DER.")
    }

    static func mismatchedKey(_ cause: String) -> PackageError {
        PackageError(
            .unusableKey, place: "private key", underlying: cause,
            next: "Give each key together with the certificate that was issued for it, both in the same order.")
    }
}
