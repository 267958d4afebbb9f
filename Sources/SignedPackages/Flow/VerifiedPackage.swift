import Crypto

/// A package whose verdict allows its use: the only way to the content of a package. Only ``PackageVerifier`` makes one.
public struct VerifiedPackage: Sendable {
    /// The verdict, with every check and what it rests on.
    public let verdict: PackageVerdict
    private let sources: [DocumentSource]

    private static let blockSize = 256 << 10

    // Not public: whoever has a value of this type has a package that was verified.
    init(_ verdict: PackageVerdict, sources: [DocumentSource]) {
        self.verdict = verdict
        self.sources = sources
    }

    /// The documents, in the order of the package.
    public var documents: [PackageDocument] { verdict.documents }

    /// Whether anybody signed it. Only a bundle of certificates can be without a signature.
    public var isSigned: Bool { !verdict.signatures.isEmpty }

    /// A reader that starts at the document's first byte.
    ///
    /// - Throws: `PackageError.Code.noSuchDocument` for a document of another package; what ``DocumentReader`` throws.
    public func reader(for document: PackageDocument) throws -> DocumentReader {
        guard let index = documents.firstIndex(of: document) else {
            throw PackageError(
                .noSuchDocument, place: document.name, next: "Ask for one of the documents of this package.")
        }
        return try DocumentReader(document, sources[index])
    }

    /// Hands the document to `body`, block by block, in bounded memory.
    ///
    /// - Throws: What `body` throws, and what ``DocumentReader/read(upTo:)`` throws: until this returns, what was made of
    ///   the bytes must not be used.
    public func stream(_ document: PackageDocument, _ body: (borrowing Span<UInt8>) throws -> Void) throws {
        let reader = try reader(for: document)
        var block: [UInt8] = []
        while true {
            block.removeAll(keepingCapacity: true)
            try reader.read(upTo: Self.blockSize, into: &block)
            guard !block.isEmpty else { return }
            try body(block.span)
        }
    }
}
