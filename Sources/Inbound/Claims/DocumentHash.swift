import Crypto
import Dispatch

/// Some bytes of a document, read into a buffer that is used again and again.
///
/// It is handed between the thread that reads and the one that hashes: from ``DocumentHash/update(_:)`` until the next but one
/// call both only read it, and nobody writes to it.
final class DocumentBlock: @unchecked Sendable {
    fileprivate(set) var bytes: [UInt8]
    fileprivate(set) var count = 0

    init(size: Int) {
        bytes = [UInt8](repeating: 0, count: size)
    }

    /// Reads as much as there is room for; false at the end of the file.
    func read(_ descriptor: Descriptor, at offset: Int) throws(Errno) -> Bool {
        count = try Kernel.read(descriptor, into: &bytes, count: bytes.count, at: offset)
        return count > 0
    }
}

/// The SHA-256 of a document, computed on another thread while the document is looked at and read on.
///
/// One block is hashed at a time: `update` and `finish` wait for the one before, and only then is the digest touched.
final class DocumentHash: @unchecked Sendable {
    private var digest = SHA256()
    private let queue: DispatchQueue?
    private let work = DispatchGroup()

    /// - Parameter isAside: Whether another thread is worth its while; a small document is hashed by the caller.
    init(isAside: Bool) {
        queue = isAside ? DispatchQueue(label: "qiao.hash") : nil
    }

    /// Whether blocks are hashed on another thread.
    var isAside: Bool { queue != nil }

    /// Hashes a block behind those before. It must not be read into before the call after the next.
    func update(_ block: DocumentBlock) {
        guard let queue else { return hash(block) }
        work.wait()
        queue.async(group: work) { self.hash(block) }
    }

    /// What was hashed; more can be added to the result.
    func finish() -> SHA256 {
        work.wait()
        return digest
    }

    private func hash(_ block: DocumentBlock) {
        block.bytes.withUnsafeBytes {
            digest.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<block.count]))
        }
    }
}
