import Crypto

/// Reads a document of a verified package from its first byte to its last, and hashes it again on the way.
///
/// The bytes are those that were verified only once the end was reached without an error: what was made of them before
/// must be thrown away when ``read(upTo:)`` throws. A reader belongs to one task.
public final class DocumentReader {
    private let document: PackageDocument
    private var bytes: DocumentBytes
    private var hash = SHA256()
    private var count: Int64 = 0
    private var ended = false

    init(_ document: PackageDocument, _ source: DocumentSource) throws {
        self.document = document
        do {
            bytes = try source.open()
        } catch {
            throw Self.changed(document, error)
        }
    }

    /// The next bytes, up to `count` of them; empty only at the end.
    ///
    /// - Throws: `PackageError.Code.changed` when the bytes are not those that were verified; the input's own errors.
    public func read(upTo count: Int) throws -> [UInt8] {
        var buffer: [UInt8] = []
        try read(upTo: count, into: &buffer)
        return buffer
    }

    /// Appends the next bytes, up to `count` of them; none only at the end. Throws as ``read(upTo:)`` does.
    public func read(upTo count: Int, into buffer: inout [UInt8]) throws {
        guard !ended, count > 0 else { return }
        let before = buffer.count
        do {
            try bytes.read(upTo: count, into: &buffer)
        } catch {
            throw Self.changed(document, error)
        }
        let taken = buffer.count - before
        self.count += Int64(taken)
        guard taken > 0 else { return try finish() }
        buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[before...])) }
        guard self.count <= document.size else { throw Self.changed(document, nil) }
    }

    private func finish() throws {
        ended = true
        guard count == document.size, hash.finalize().elementsEqual(Self.digest(document)) else {
            throw Self.changed(document, nil)
        }
    }

    private static func digest(_ document: PackageDocument) -> [UInt8] {
        let digits = document.digest.utf8.map { UInt8(($0 & 0xF) + ($0 > 0x39 ? 9 : 0)) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    // A fault in what was verified means that it is no longer what was verified.
    private static func changed(_ document: PackageDocument, _ fault: PackageFault?) -> any Error {
        if let error = fault?.reading { return error }
        return PackageError(
            .changed, place: document.name, underlying: fault?.check.detail, retryHelps: true,
            next: "Throw away what was read of it, and verify the package again.")
    }
}
