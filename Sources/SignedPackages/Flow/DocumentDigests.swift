import Crypto

/// The digests of one document, in one pass: SHA-256 always, because it names the document, and what its signers used.
struct DocumentDigests {
    private var sha256 = SHA256()
    private var sha384: SHA384?
    private var sha512: SHA512?
    private let sm3: LibcryptoSM3?
    private(set) var size: Int64 = 0

    init(_ algorithms: Set<DigestAlgorithm>) throws(PackageError) {
        sha384 = algorithms.contains(.sha384) ? SHA384() : nil
        sha512 = algorithms.contains(.sha512) ? SHA512() : nil
        sm3 = algorithms.contains(.sm3) ? try LibcryptoSM3() : nil
    }

    mutating func update(_ bytes: [UInt8]) {
        size += Int64(bytes.count)
        bytes.withUnsafeBytes { buffer in
            sha256.update(bufferPointer: buffer)
            sha384?.update(bufferPointer: buffer)
            sha512?.update(bufferPointer: buffer)
            sm3?.update(buffer)
        }
    }

    /// The digests of what was fed; nothing can be fed afterwards.
    func finish() throws(PackageError) -> [DigestAlgorithm: [UInt8]] {
        var digests: [DigestAlgorithm: [UInt8]] = [.sha256: Array(sha256.finalize())]
        digests[.sha384] = sha384.map { Array($0.finalize()) }
        digests[.sha512] = sha512.map { Array($0.finalize()) }
        if let sm3 { digests[.sm3] = try sm3.finish() }
        return digests
    }
}
