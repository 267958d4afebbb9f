import Glibc
import Synchronization

// Set by the signal handler, which may do nothing else.
private let isAskedToEnd = Atomic(false)

/// Standard input and output of an exporter, and the signals that end it.
///
/// All unsafe pointers and system calls of the client are here; each call gets a buffer that outlives it.
struct StandardStreams: Sendable {
    enum Event: Sendable, Hashable {
        case input, signal, nothing
    }

    private static let bufferSize = 256 << 10
    // The signals that get through while we wait for input, and at no other time.
    private let waitingMask: sigset_t

    init() throws(FileFailure) {
        // A gateway that has gone shows as EPIPE, and as the end of standard input.
        signal(SIGPIPE, SIG_IGN)
        isAskedToEnd.store(false, ordering: .relaxed)
        var ending = sigset_t()
        var former = sigset_t()
        sigemptyset(&ending)
        sigaddset(&ending, SIGTERM)
        sigaddset(&ending, SIGINT)
        guard sigprocmask(SIG_BLOCK, &ending, &former) == 0 else { throw FileFailure("sigprocmask", path: "", errno) }
        sigdelset(&former, SIGTERM)
        sigdelset(&former, SIGINT)
        waitingMask = former
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in isAskedToEnd.store(true, ordering: .relaxed) }
        }
    }

    /// Waits for input or a signal; for ever where `limit` is nil.
    func wait(_ limit: Duration?) throws(FileFailure) -> Event {
        // Standard input is descriptor 0: the first bit of the set.
        var input = fd_set()
        input.__fds_bits.0 = 1
        var mask = waitingMask
        var time = timespec()
        if let limit {
            let (seconds, attoseconds) = limit.components
            time = timespec(tv_sec: Int(clamping: seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        }
        let number =
            limit == nil ? pselect(1, &input, nil, nil, nil, &mask) : pselect(1, &input, nil, nil, &time, &mask)
        if number < 0, errno != EINTR { throw FileFailure("select", path: "standard input", errno) }
        if isAskedToEnd.load(ordering: .relaxed) { return .signal }
        return number > 0 ? .input : .nothing
    }

    /// Reads what is there; false at the end of input.
    func read(_ take: (Span<UInt8>) -> Void) throws(FileFailure) -> Bool {
        let (count, code) = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.bufferSize) { buffer in
            var count = Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count)
            while count < 0, errno == EINTR { count = Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count) }
            // read(2) has initialised the first `count` bytes.
            if count > 0 { take(UnsafeBufferPointer(rebasing: buffer[..<count]).span) }
            return (count, errno)
        }
        guard count >= 0 else { throw FileFailure("read", path: "standard input", code) }
        return count > 0
    }

    /// Writes all of `bytes`. Where the gateway has gone there is nobody to tell, and that is no failure.
    func write(_ bytes: [UInt8]) throws(FileFailure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress! + done, $0.count - done) }
            if count < 0 {
                if errno == EINTR { continue }
                if errno == EPIPE { return }
                throw FileFailure("write", path: "standard output", errno)
            }
            done += count
        }
    }

    /// Writes to standard error, as far as that is possible.
    static func complain(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
