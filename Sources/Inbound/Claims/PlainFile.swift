public import Findings
import Glibc

/// A file anywhere, opened to be read as a filing without being claimed: for conversions by hand.
public struct PlainFile: Sendable {
    private let document: OpenDocument

    /// Opens a regular file; links are followed, since whoever names it means what it leads to.
    ///
    /// - Throws: ``InboundError`` when it is not there, not a regular file, or may not be read.
    public init(_ path: String) throws(InboundError) {
        do throws(Errno) {
            let opened = try Kernel.open(KernelPath(path), O_RDONLY | O_NONBLOCK)
            guard try Kernel.shape(of: opened).kind == .regular else { throw Errno(number: EISDIR) }
            document = OpenDocument(descriptor: opened, path: path)
        } catch {
            throw InboundError(error, path: path)
        }
    }

    /// Opens a filing where it is kept.
    ///
    /// - Throws: ``InboundError`` when it is not there any more, or may not be read.
    public init(_ kept: KeptFiling) throws(InboundError) {
        do throws(Errno) {
            let opened = try Kernel.open(kept.path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
            guard try Kernel.shape(of: opened).kind == .regular else { throw Errno(number: EISDIR) }
            document = OpenDocument(descriptor: opened, path: kept.description)
        } catch {
            throw InboundError(error, path: kept.description)
        }
    }

    /// Reads the whole file once: hashes it, tells its encoding, keeps its head.
    public func inspect(limit: Int = Limits.filingSize) throws(InboundError) -> FilingInspection {
        try document.inspect(limit: limit)
    }

    /// All bytes, to be read in any order.
    public func bytes() throws(InboundError) -> FilingBytes { try FilingBytes(document) }

    /// A reader over all bytes.
    public func reader(blockSize: Int = 1 << 18) -> FilingReader {
        FilingReader(document, blockSize: blockSize)
    }
}
