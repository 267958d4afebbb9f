import Glibc
import Synchronization

/// Remembers across a restart whether the last process ended by a fault of its own.
///
/// A filing that was being converted when the process died is suspected of having caused it. A process that was killed from
/// outside (`kill -9`, loss of power) gives much less reason for that than one that crashed, so the two must be told apart:
/// before a crash ends the process, a signal handler writes one byte to a file that was opened beforehand.
enum CrashEvidence {
    private static let signals = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]
    // The handler may use nothing but this; -1 until it is armed.
    private static let descriptor = Atomic<Int32>(-1)

    /// Says whether the last process on this state folder crashed, and gets ready to tell the next one of a crash of ours.
    static func arm(in state: StateFolder) throws(GatewayError) -> Bool {
        let path = state.path + "/crashed"
        let earlier = open(path, O_RDONLY | O_CLOEXEC)
        let didCrash = earlier >= 0 && lseek(earlier, 0, SEEK_END) > 0
        if earlier >= 0 { close(earlier) }
        let opened = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard opened >= 0 else { throw GatewayError(.folder, "\(path) cannot be written", errno: errno) }
        descriptor.store(opened, ordering: .releasing)
        for number in signals { install(number) }
        return didCrash
    }

    // The handler is reset before it runs, so that the fault, met again, ends the process as it would have done.
    private static func install(_ number: Int32) {
        var action = sigaction()
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_ONSTACK
        action.__sigaction_handler.sa_handler = { _ in
            var mark: UInt8 = 0x0A
            _ = write(CrashEvidence.descriptor.load(ordering: .acquiring), &mark, 1)
        }
        sigaction(number, &action, nil)
    }
}
