/// The two passes over a content: hashing and copying, in pieces.
enum ContentPasses {
    /// The digests of a content, in one pass.
    static func digests(
        of content: some PackageInput, _ algorithms: [DigestAlgorithm]
    ) throws -> [DigestAlgorithm: MessageDigest] {
        var sha256 = algorithms.contains(.sha256) ? try Digester(.sha256) : nil
        var sha384 = algorithms.contains(.sha384) ? try Digester(.sha384) : nil
        var sha512 = algorithms.contains(.sha512) ? try Digester(.sha512) : nil
        var sm3 = algorithms.contains(.sm3) ? try Digester(.sm3) : nil
        try copy(content) { block in
            sha256?.update(block.span)
            sha384?.update(block.span)
            sha512?.update(block.span)
            sm3?.update(block.span)
        }
        var digests: [DigestAlgorithm: MessageDigest] = [:]
        if let digest = try sha256.take()?.finish() { digests[.sha256] = digest }
        if let digest = try sha384.take()?.finish() { digests[.sha384] = digest }
        if let digest = try sha512.take()?.finish() { digests[.sha512] = digest }
        if let digest = try sm3.take()?.finish() { digests[.sm3] = digest }
        return digests
    }

    /// Hands a content on in pieces, all of it or an error.
    static func copy(_ content: some PackageInput, output: ([UInt8]) throws -> Void) throws {
        var offset: Int64 = 0
        var block: [UInt8] = []
        while offset < content.size {
            block.removeAll(keepingCapacity: true)
            let count = Int(min(Int64(InputWindow.streaming), content.size - offset))
            try content.read(at: offset, count: count, into: &block)
            guard !block.isEmpty else { throw PackageError.tooShort(at: offset) }
            try output(block)
            offset += Int64(block.count)
        }
    }
}
