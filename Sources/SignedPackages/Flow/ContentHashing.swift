import Crypto

/// Hashes the one content of a SignedData for all its signers and for its name, in one pass.
enum ContentHashing {
    /// What came out.
    struct Result {
        var digests: FinishedDigests
        /// SHA-256, lower-case hexadecimal.
        var name: String
        var size: Int64
    }

    private static let blockSize = 256 << 10

    /// Reads the content from its beginning to its end.
    ///
    /// - Throws: A fault when it is longer than `limit`, or cannot be read.
    static func run(
        _ source: DocumentSource, for run: SignatureRun, name: String, limit: Int64
    ) throws -> Result {
        var digests = try ContentDigests(for: [run.message], certificates: run.certificates)
        let hasName = run.message.signers.contains { (try? DigestAlgorithm($0.digestAlgorithm)) == .sha256 }
        var hash = hasName ? nil : SHA256()
        var bytes = try source.open()
        var block: [UInt8] = []
        var size: Int64 = 0
        while true {
            block.removeAll(keepingCapacity: true)
            try bytes.read(upTo: blockSize, into: &block)
            guard !block.isEmpty else { break }
            size += Int64(block.count)
            guard size <= limit else {
                throw PackageFault(name, .structure, .packageLimit, "more than \(limit) bytes of content")
            }
            digests.update(block.span)
            hash?.update(data: block)
        }
        let finished = try digests.finish()
        let named = finished.plain[.sha256]?.bytes ?? hash.map { Array($0.finalize()) } ?? []
        return Result(digests: finished, name: hex(named), size: size)
    }
}
