/// The public key of a certificate, as far as signatures can be checked with it.
enum PackagePublicKey: Sendable, Hashable {
    /// An elliptic curve of FIPS 186.
    enum Curve: String, Sendable, Hashable, CaseIterable {
        case p256 = "P-256"
        case p384 = "P-384"
        case p521 = "P-521"
    }

    /// RSA; `pssOnly` when the certificate restricts it to RSASSA-PSS. `spki` is the SubjectPublicKeyInfo.
    case rsa(spki: [UInt8], bits: Int, pssOnly: Bool)
    /// ECDSA; `point` in X9.63 form.
    case ec(spki: [UInt8], curve: Curve, point: [UInt8])
    /// Ed25519; `key` has 32 bytes.
    case ed25519(spki: [UInt8], key: [UInt8])
    /// SM2; `point` uncompressed, 65 bytes.
    case sm2(spki: [UInt8], point: [UInt8])
    /// Anything else, by name or object identifier.
    case other(spki: [UInt8], algorithm: String)

    /// The smallest RSA modulus that is accepted, in bits.
    static let smallestRSA = 2048
    /// The largest RSA modulus that is accepted, in bits: larger ones only cost time.
    static let largestRSA = 16384

    /// Reads a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
    init(spki: [UInt8]) throws(PackageFault) {
        self = try PackageFault.decoding("public key", check: .algorithms) { () throws(EncodingFault) in
            try Self.parse(spki)
        }
    }

    /// The SubjectPublicKeyInfo in DER.
    var spki: [UInt8] {
        switch self {
        case .rsa(let spki, _, _), .ec(let spki, _, _), .ed25519(let spki, _), .sm2(let spki, _), .other(let spki, _):
            spki
        }
    }

    /// What kind of key it is, for people.
    var name: String {
        switch self {
        case .rsa(_, let bits, _): "RSA \(bits)"
        case .ec(_, let curve, _): curve.rawValue
        case .ed25519: "Ed25519"
        case .sm2: "SM2"
        case .other(_, let algorithm): algorithm
        }
    }

    private static func parse(_ spki: [UInt8]) throws(EncodingFault) -> PackagePublicKey {
        let info = try DERElement(spki[...])
        try info.expect(DERTag.sequence, "a public key")
        var members = info.children
        let algorithm = try AlgorithmIdentifier(try members.next(DERTag.sequence, "the algorithm of the key"))
        let bits = try members.next(DERTag.bitString, "the key").content
        try members.end("a public key")
        guard bits.first == 0 else { throw EncodingFault("a key that is not a whole number of bytes") }
        let key = Array(bits.dropFirst())
        switch algorithm.algorithm {
        case AlgorithmIDs.rsaEncryption, AlgorithmIDs.rsaPSS:
            let size = try modulusBits(key)
            return .rsa(spki: spki, bits: size, pssOnly: algorithm.algorithm == AlgorithmIDs.rsaPSS)
        case AlgorithmIDs.ed25519:
            return .ed25519(spki: spki, key: key)
        case AlgorithmIDs.ecPublicKey, AlgorithmIDs.sm2:
            return try elliptic(spki, algorithm, key)
        default:
            return .other(spki: spki, algorithm: algorithm.seen)
        }
    }

    private static func elliptic(
        _ spki: [UInt8], _ algorithm: AlgorithmIdentifier, _ point: [UInt8]
    ) throws(EncodingFault) -> PackagePublicKey {
        var curve = algorithm.algorithm
        if curve == AlgorithmIDs.ecPublicKey {
            guard case .other(let parameters) = algorithm.parameters,
                let name = try? DERElement(parameters[...]).objectID()
            else { return .other(spki: spki, algorithm: "EC with explicit parameters") }
            curve = name
        }
        switch curve {
        case AlgorithmIDs.p256: return .ec(spki: spki, curve: .p256, point: point)
        case AlgorithmIDs.p384: return .ec(spki: spki, curve: .p384, point: point)
        case AlgorithmIDs.p521: return .ec(spki: spki, curve: .p521, point: point)
        case AlgorithmIDs.sm2:
            guard point.count == 65, point[0] == 4 else { return .other(spki: spki, algorithm: "SM2, compressed") }
            return .sm2(spki: spki, point: point)
        default: return .other(spki: spki, algorithm: "EC on curve \(curve)")
        }
    }

    // RFC 8017 appendix A.1.1.
    private static func modulusBits(_ key: [UInt8]) throws(EncodingFault) -> Int {
        var members = try DERElement(key[...]).children
        let modulus = try members.next(DERTag.integer, "the modulus").integer().drop { $0 == 0 }
        _ = try members.next(DERTag.integer, "the exponent")
        try members.end("an RSA key")
        guard let first = modulus.first else { throw EncodingFault("an RSA key with modulus 0") }
        return modulus.count * 8 - first.leadingZeroBitCount
    }
}
