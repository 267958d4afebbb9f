import Crypto
import Findings
import Glibc
import TextEncodings

/// An open file that is read as a filing, claimed or not.
struct OpenDocument: Sendable {
    /// Bytes that are read at once.
    static let blockSize = 1 << 20
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
    ///   - afterBlock: Lets a test change the file at the right moment.
    /// - Throws: `changed` when the file changed meanwhile, `cancelled` between two blocks, or what the disk says.
    func inspect(
        limit: Int, signature: OpenDocument? = nil, afterBlock: () -> Void = {}
    ) throws(InboundError) -> FilingInspection {
        let before = try shape()
        var reader = FilingReader(self, blockSize: min(Self.blockSize, before.size + 1))
        var digest = SHA256()
        var survey = EncodingSurvey()
        var head: [UInt8] = []
        let isTooLarge = before.size > limit
        while try reader.next() {
            reader.block.withUnsafeBytes { digest.update(bufferPointer: $0) }
            if !isTooLarge { survey.survey(reader.block) }
            let wanted = min(Self.headSize - head.count, reader.block.count)
            for index in 0..<wanted { head.append(reader.block[index]) }
            if Task.isCancelled { throw .cancelled(path) }
            // A writer that is faster than we are must not keep us here for ever.
            if reader.offset > before.size { throw .changed(path) }
            afterBlock()
        }
        guard try shape().isUnchanged(since: before), reader.offset == before.size else { throw .changed(path) }
        var findings: [Finding] = []
        if before.size == 0 { findings.append(Finding(.filingEmpty)) }
        if isTooLarge { findings.append(Finding(.filingTooLarge, arguments: ["\(before.size)", "\(limit)"])) }
        // A SHA-256 has 32 bytes.
        let documentHash = FilingHash(bytes: digest.finalize())!
        let signatureSize = try signature?.hash(into: &digest) ?? 0
        let hash = signature == nil ? documentHash : FilingHash(bytes: digest.finalize())!
        return FilingInspection(
            hash: hash, documentHash: documentHash, size: before.size + signatureSize, encoding: survey.finish(),
            head: head, findings: findings)
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
