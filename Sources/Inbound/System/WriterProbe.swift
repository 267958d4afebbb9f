import Glibc

/// Asks the kernel whether anybody has a file open for writing.
///
/// "Can I open it for appending" says nothing on Linux; a read lease does: it is refused with EAGAIN while a writer has
/// the file open. Leases are granted to the owner of the file or with CAP_LEASE, on file systems of this machine.
enum WriterProbe {
    enum Answer: Sendable, Equatable {
        case noWriter
        case writer
        /// The kernel would not say: not our file and no CAP_LEASE, or a file system without leases.
        case unknown
    }

    // From fcntl.h, where they are declared for GNU sources only.
    private static let setLease: Int32 = 1024
    private static let setSignal: Int32 = 10

    static func ask(_ descriptor: Descriptor) -> Answer {
        // Somebody who opens the file for writing while we hold the lease makes the kernel signal us. Its usual SIGIO
        // would end the process; SIGURG is ignored unless asked for. We hold the lease for two system calls.
        _ = fcntl(descriptor.number, setSignal, SIGURG)
        if fcntl(descriptor.number, setLease, Int32(F_RDLCK)) == 0 {
            _ = fcntl(descriptor.number, setLease, Int32(F_UNLCK))
            return .noWriter
        }
        return errno == EAGAIN ? .writer : .unknown
    }

    /// Whether leases on this file system mean what they say. Network file systems refuse them with EAGAIN whenever the
    /// server has not delegated the file, and user-space ones do not know of writers elsewhere.
    static func isTrusted(fileSystem: Int) -> Bool {
        let remote: Set<Int> = [
            0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x6573_5546, 0x0102_1997, 0x00C3_6400, 0x5346_414F,
        ]
        return !remote.contains(fileSystem & 0xFFFF_FFFF)
    }
}
