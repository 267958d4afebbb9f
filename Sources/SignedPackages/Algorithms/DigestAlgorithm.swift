/// The digests that signatures may use.
enum DigestAlgorithm: String, Sendable, Hashable, CaseIterable {
    case sha256 = "SHA-256"
    case sha384 = "SHA-384"
    case sha512 = "SHA-512"
    case sm3 = "SM3"

    /// Resolves what a signature names as its digest.
    ///
    /// Some writers put a signature algorithm there: SM2's where GB/T 35275 has SM3, and RSA's, as an example of the
    /// Windows documentation does. It can only mean the digest in it.
    init(_ identifier: AlgorithmIdentifier) throws(AlgorithmFault) {
        switch identifier.algorithm {
        case AlgorithmIDs.sha256, AlgorithmIDs.sha256WithRSA: self = .sha256
        case AlgorithmIDs.sha384, AlgorithmIDs.sha384WithRSA: self = .sha384
        case AlgorithmIDs.sha512, AlgorithmIDs.sha512WithRSA: self = .sha512
        case AlgorithmIDs.sm3, AlgorithmIDs.sm2WithSM3, AlgorithmIDs.sm2Signature: self = .sm3
        case AlgorithmIDs.md5, AlgorithmIDs.sha1, AlgorithmIDs.md5WithRSA, AlgorithmIDs.sha1WithRSA:
            throw .weak("the digest is \(identifier.seen)")
        default: throw .unsupported("the digest \(identifier.seen)")
        }
        guard identifier.hasNoParameters else { throw .unsupported("parameters of the digest \(identifier.seen)") }
    }

    /// The digest's own object identifier.
    var id: ObjectID {
        switch self {
        case .sha256: AlgorithmIDs.sha256
        case .sha384: AlgorithmIDs.sha384
        case .sha512: AlgorithmIDs.sha512
        case .sm3: AlgorithmIDs.sm3
        }
    }

    /// Bytes of a digest.
    var size: Int {
        switch self {
        case .sha256, .sm3: 32
        case .sha384: 48
        case .sha512: 64
        }
    }
}
