/// The bytes of an open file, to be read in any order. The file stays open as long as there is a copy of this value.
public struct FilingBytes: Sendable {
    private let document: OpenDocument
    /// How many bytes there are.
    public let size: Int

    init(_ document: OpenDocument) throws(InboundError) {
        self.document = document
        size = try document.shape().size
    }

    /// Appends up to `count` bytes from `offset` on to `buffer`, blocking on the disk; fewer only at the end.
    public func read(at offset: Int, count: Int, into buffer: inout [UInt8]) throws(InboundError) {
        let wanted = min(count, size - offset)
        guard offset >= 0, wanted > 0 else { return }
        do throws(Errno) {
            try Kernel.append(document.descriptor, to: &buffer, count: wanted, at: offset)
        } catch {
            throw InboundError(error, path: document.path)
        }
    }
}
