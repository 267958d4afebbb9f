import Crypto

/// A finished digest, in the type that the signature functions ask for.
enum MessageDigest: Sendable, Hashable {
    case sha256(SHA256Digest)
    case sha384(SHA384Digest)
    case sha512(SHA512Digest)
    case sm3([UInt8])

    /// The digest of bytes in memory.
    init(_ algorithm: DigestAlgorithm, of bytes: some Collection<UInt8>) throws(PackageError) {
        var digester = try Digester(algorithm)
        digester.update(Array(bytes).span)
        self = try digester.finish()
    }

    var algorithm: DigestAlgorithm {
        switch self {
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        case .sm3: .sm3
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .sha256(let digest): Array(digest)
        case .sha384(let digest): Array(digest)
        case .sha512(let digest): Array(digest)
        case .sm3(let digest): digest
        }
    }
}

/// A digest under way. One of the states is there; they are apart so that each is updated in place.
struct Digester: ~Copyable {
    private var sha256: SHA256?
    private var sha384: SHA384?
    private var sha512: SHA512?
    private let sm3: LibcryptoSM3?

    init(_ algorithm: DigestAlgorithm) throws(PackageError) {
        sha256 = algorithm == .sha256 ? SHA256() : nil
        sha384 = algorithm == .sha384 ? SHA384() : nil
        sha512 = algorithm == .sha512 ? SHA512() : nil
        sm3 = algorithm == .sm3 ? try LibcryptoSM3() : nil
    }

    // The buffer is only read, and only while the span's owner is borrowed.
    mutating func update(_ bytes: borrowing Span<UInt8>) {
        bytes.withUnsafeBytes { buffer in
            sha256?.update(bufferPointer: buffer)
            sha384?.update(bufferPointer: buffer)
            sha512?.update(bufferPointer: buffer)
            sm3?.update(buffer)
        }
    }

    consuming func finish() throws(PackageError) -> MessageDigest {
        if let sha256 { return .sha256(sha256.finalize()) }
        if let sha384 { return .sha384(sha384.finalize()) }
        if let sha512 { return .sha512(sha512.finalize()) }
        guard let sm3 else { throw .libcrypto("SM3") }
        return .sm3(try sm3.finish())
    }
}
