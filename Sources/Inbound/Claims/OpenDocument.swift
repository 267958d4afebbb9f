import Crypto
import Findings
import Glibc
import TextEncodings

/// An open file that is read as a filing, claimed or not.
struct OpenDocument: Sendable {
    /// Bytes that are read at once: as many as stay near the processor that hashes them.
    static let blockSize = 1 << 17
    /// The same, where another thread hashes them: enough for handing over to be worth its while.
    static let asideBlockSize = 1 << 19
    /// Bytes of a document from which on it is hashed on another thread, where there is another processor for it.
    static let asideSize = Processors.count > 1 ? 8 << 20 : Int.max
    /// Bytes of the head that an inspection keeps.
    static let headSize = 64 << 10

    let descriptor: Descriptor
    /// Names the file in messages.
    let path: String

    /// Reads the whole file once: hashes it, tells its encoding, keeps its head.
    ///
    /// - Parameters:
    ///   - limit: A file over it is hashed as well, since its receipt needs an identity, but no more.
    ///   - signature: The detached signature beside it, which is hashed behind it.
    ///   - asideSize: Bytes of a document from which on it is hashed on another thread.
    ///   - afterBlock: Lets a test change the file at the right moment.
    /// - Throws: `changed` when the file changed meanwhile, `cancelled` between two blocks, or what the disk says.
    func inspect(
        limit: Int, signature: OpenDocument? = nil, asideSize: Int = Self.asideSize, afterBlock: () -> Void = {}
    ) throws(InboundError) -> FilingInspection {
        let before = try shape()
        let size = before.size
        let isTooLarge = size > limit
        let hash = DocumentHash(isAside: size >= asideSize)
        var survey = EncodingSurvey()
        var head: [UInt8] = []
        let after = try readAll(before, into: hash, afterBlock: afterBlock) { block in
            if !isTooLarge { survey.survey(block.bytes.span.extracting(0..<block.count)) }
            head += block.bytes[..<min(Self.headSize - head.count, block.count)]
        }
        var findings: [Finding] = []
        if size == 0 { findings.append(Finding(.filingEmpty)) }
        if isTooLarge { findings.append(Finding(.filingTooLarge, arguments: ["\(size)", "\(limit)"])) }
        var digest = hash.finish()
        // A SHA-256 has 32 bytes.
        let documentHash = FilingHash(bytes: digest.finalize())!
        let signatureSize = try signature?.hash(into: &digest) ?? 0
        let identity = signature == nil ? documentHash : FilingHash(bytes: digest.finalize())!
        var inspection = FilingInspection(
            hash: identity, documentHash: documentHash, size: size + signatureSize, encoding: survey.finish(),
            head: head, findings: findings)
        inspection.shape = after
        return inspection
    }

    // Reads to the end, by turns into two blocks where one is hashed while the next is read.
    private func readAll(
        _ before: FileShape, into hash: DocumentHash, afterBlock: () -> Void, _ look: (DocumentBlock) -> Void
    ) throws(InboundError) -> FileShape {
        let size = hash.isAside ? Self.asideBlockSize : Self.blockSize
        var block = DocumentBlock(size: min(size, before.size + 1))
        var other = hash.isAside ? DocumentBlock(size: block.bytes.count) : block
        var offset = 0
        Kernel.willReadSequentially(descriptor)
        while try read(block, at: offset) {
            hash.update(block)
            look(block)
            offset += block.count
            if Task.isCancelled { throw .cancelled(path) }
            // A writer that is faster than we are must not keep us here for ever.
            if offset > before.size { throw .changed(path) }
            afterBlock()
            swap(&block, &other)
        }
        let after = try shape()
        guard after.isUnchanged(since: before), offset == before.size else { throw .changed(path) }
        return after
    }

    // A signature has no encoding and no head of interest.
    private func hash(into digest: inout SHA256) throws(InboundError) -> Int {
        let before = try shape()
        var reader = FilingReader(self, blockSize: min(Self.blockSize, before.size + 1))
        while try reader.next() {
            reader.block.withUnsafeBytes { digest.update(bufferPointer: $0) }
            if reader.offset > before.size { throw .changed(path) }
        }
        guard try shape().isUnchanged(since: before), reader.offset == before.size else { throw .changed(path) }
        return before.size
    }

    private func read(_ block: DocumentBlock, at offset: Int) throws(InboundError) -> Bool {
        do throws(Errno) {
            return try block.read(descriptor, at: offset)
        } catch {
            throw InboundError(error, path: path)
        }
    }

    func shape() throws(InboundError) -> FileShape {
        do throws(Errno) {
            return try Kernel.shape(of: descriptor)
        } catch {
            throw InboundError(error, path: path)
        }
    }
}

extension InboundError {
    static func changed(_ path: String) -> InboundError {
        InboundError(
            .changed, path: path, retryHelps: true, next: "It is given back and claimed again when it holds still.")
    }

    static func cancelled(_ path: String) -> InboundError {
        InboundError(
            .cancelled, path: path, retryHelps: true, next: "It stays claimed and is taken up at the next start.")
    }
}
