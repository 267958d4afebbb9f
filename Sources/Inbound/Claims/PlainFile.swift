public import Findings
import Glibc

/// A file anywhere, opened to be read as a filing without being claimed: for conversions by hand.
public struct PlainFile: Sendable {
    private let document: OpenDocument

    /// Opens a regular file; links are followed, since whoever names it means what it leads to.
    ///
    /// - Throws: ``InboundError`` when it is not there, not a regular file, or may not be read.
    public init(_ path: String) throws(InboundError) {
        try self.init(path: Array(path.utf8))
    }

    /// The same for a path that need not be UTF-8.
    public init(path: [UInt8]) throws(InboundError) {
        let path = KernelPath(bytes: path)
        do throws(InboundError) {
            document = try Self.open(path, flags: 0, path.displayed)
        } catch {
            throw Self.namedByHand(error)
        }
    }

    // A file that somebody named and nobody has seen yet was neither moved nor deleted, and no service is concerned.
    private static func namedByHand(_ error: InboundError) -> InboundError {
        var error = error
        switch error.code {
        case .vanished: error.next = "Check the name, and the folder that you are in."
        case .permissionDenied: error.next = "Get the right to read it, or have somebody do this who has it."
        case .folderMissing: error.next = "Check the name: a part of it is no folder, or a link leads back to itself."
        default: break
        }
        return error
    }

    /// A path as people may see it, on one line.
    public static func displayed(path: [UInt8]) -> String { KernelPath(bytes: path).displayed }

    /// Opens a filing where it is kept.
    ///
    /// - Throws: ``InboundError`` when it is not there any more, or may not be read.
    public init(_ kept: KeptFiling) throws(InboundError) {
        document = try Self.open(kept.path, flags: O_NOFOLLOW, kept.description)
    }

    private static func open(_ path: KernelPath, flags: Int32, _ shown: String) throws(InboundError) -> OpenDocument {
        let opened: Descriptor
        let kind: FileShape.Kind
        do throws(Errno) {
            opened = try Kernel.open(path, O_RDONLY | O_NONBLOCK | flags)
            kind = try Kernel.shape(of: opened).kind
        } catch {
            throw InboundError(error, path: shown)
        }
        switch kind {
        case .regular: return OpenDocument(descriptor: opened, path: shown)
        case .folder:
            throw InboundError(
                .systemRefused, path: shown, errno: EISDIR, retryHelps: false, next: "Name a file rather than a folder."
            )
        default:
            throw InboundError(
                .notOrdinary, path: shown, retryHelps: false,
                next: "A document is read more than once: write what comes from a pipe or device to a file first.")
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
