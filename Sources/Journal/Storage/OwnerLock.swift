import Glibc
import Synchronization

/// Keeps a second gateway out, for as long as this process lives: the kernel lets go of it when the process dies.
final class OwnerLock: Sendable {
    // The descriptor of the locked file; nil once released. Closed exactly once.
    private let descriptor: Mutex<CInt?>

    private init(descriptor: CInt) {
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        release()
    }

    /// Takes the lock, or throws `owned` at once.
    static func take(for journal: String) throws(JournalError) -> OwnerLock {
        let path = journal + ".lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw failure(path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            Glibc.close(descriptor)
            if code == EWOULDBLOCK { throw .owned(journal) }
            throw failure(path)
        }
        return OwnerLock(descriptor: descriptor)
    }

    func release() {
        let held = descriptor.withLock { descriptor in
            defer { descriptor = nil }
            return descriptor
        }
        guard let held else { return }
        // A process that was forked just now has the descriptor too, until it becomes another program.
        flock(held, LOCK_UN)
        Glibc.close(held)
    }

    private static func failure(_ path: String) -> JournalError {
        JournalError(
            .inputOutput, place: path, message: "the lock beside the journal cannot be taken", retryHelps: true,
            advice: "Check the folder and its owner.", underlying: String(cString: strerror(errno)))
    }
}
