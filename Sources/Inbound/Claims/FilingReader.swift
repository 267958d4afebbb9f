import Glibc

/// Reads a filing from its start, block by block, into one buffer that is used again and again.
///
/// ```swift
/// var reader = claim.reader()
/// while try reader.next() { converter.feed(reader.block) }
/// ```
public struct FilingReader: ~Copyable {
    /// The number of bytes handed out so far, the current block included.
    public private(set) var offset = 0

    private let document: OpenDocument
    private let blockSize: Int
    // Made when something is read.
    private var buffer: [UInt8] = []
    private var count = 0

    init(_ document: OpenDocument, blockSize: Int) {
        self.document = document
        self.blockSize = max(1, blockSize)
    }

    /// Reads the next block, blocking on the disk; false at the end of the file.
    public mutating func next() throws(InboundError) -> Bool {
        if buffer.isEmpty {
            buffer = [UInt8](repeating: 0, count: blockSize)
            Kernel.willReadSequentially(document.descriptor)
        }
        do throws(Errno) {
            count = try Kernel.read(document.descriptor, into: &buffer, count: buffer.count, at: offset)
        } catch {
            count = 0
            throw InboundError(error, path: document.path)
        }
        offset += count
        return count > 0
    }

    /// Makes sure that what was read is what was inspected: a program that still has the file open may write to it.
    ///
    /// The time at which anything about the file changed last is asked for, too, since nobody can set that back.
    ///
    /// - Throws: `changed` when it is not, or what the disk says.
    public func confirm(_ inspection: FilingInspection) throws(InboundError) {
        guard let inspected = inspection.shape else { return }
        let shape = try document.shape()
        guard shape.isUnchanged(since: inspected), shape.changed == inspected.changed else {
            throw .changed(document.path)
        }
    }

    /// The bytes that ``next()`` read last; valid until it is called again.
    public var block: Span<UInt8> {
        @_lifetime(borrow self)
        get { buffer.span.extracting(0..<count) }
    }
}

extension ClaimedFiling {
    /// A reader over all bytes of the filing, in blocks of `blockSize`. Each reader starts at the first byte.
    public func reader(blockSize: Int = 1 << 18) -> FilingReader {
        FilingReader(document, blockSize: blockSize)
    }
}
