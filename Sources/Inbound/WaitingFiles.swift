import Glibc

/// What lies in an inbound folder and has not been claimed: for whoever looks at it from outside.
///
/// What will never be claimed does not wait: folders, links, and what transfer programs and file managers leave behind.
public struct WaitingFiles: Sendable, Hashable {
    /// How many there are.
    public private(set) var count = 0
    /// When the one that was changed first was changed last, in nanoseconds since 1970; nil when there is none.
    public private(set) var oldest: Int64?

    /// Looks into a folder as it is now.
    ///
    /// - Throws: ``InboundError`` where the folder cannot be read.
    public init(in folder: String, ignoring: IgnoredNames = .usual) throws(InboundError) {
        let path = KernelPath(folder)
        do {
            let opened = try Kernel.open(path, O_RDONLY | O_DIRECTORY)
            try Kernel.list(KernelPath("."), at: opened.number) { name in
                guard !ignoring.contains(name) else { return }
                // Who is gone since has been claimed.
                guard let shape = try? Kernel.shape(of: KernelPath(name), at: opened.number) else { return }
                guard shape.kind == .regular else { return }
                count += 1
                oldest = min(oldest ?? .max, shape.modified)
            }
        } catch {
            throw InboundError(error, path: path.displayed)
        }
    }
}
