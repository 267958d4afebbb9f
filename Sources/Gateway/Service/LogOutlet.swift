import Glibc
import Synchronization

/// Writes log lines to a descriptor, and drops them while nobody reads it: filings do not wait for whoever reads the log.
///
/// A pipe whose reader hangs, a terminal that was stopped with Ctrl-S, a log driver that is behind would hold up everything that
/// has something to tell otherwise, the end of the process included.
public final class LogOutlet: Sendable {
    private struct State {
        var dropped = 0
        // A line was begun and could not be ended.
        var isWithinLine = false
        // How long lines have waited since then.
        var waited = Duration.zero
        var since = ContinuousClock.now
    }

    private let descriptor: Int32
    private let patience: Duration
    private let missed: @Sendable (Int) -> String
    private let state = Mutex(State())
    // As much as a pipe that has room takes without waiting (PIPE_BUF).
    private static let pieceSize = 4096

    /// - Parameters:
    ///   - descriptor: Where lines go. One that has an error, such as a full disk, gets none, and that is told nowhere.
    ///   - patience: How long lines that find no room wait for it, all of a minute together.
    ///   - missed: Makes the line that tells how many were dropped, which goes before the next one that is written.
    public init(
        descriptor: Int32, patience: Duration = .seconds(1), missed: @escaping @Sendable (Int) -> String
    ) {
        self.descriptor = descriptor
        self.patience = patience
        self.missed = missed
    }

    /// Writes a line and its end, or drops it.
    public func write(_ line: String) {
        state.withLock { state in
            if state.dropped > 0, put(missed(state.dropped), &state) { state.dropped = 0 }
            if state.dropped > 0 || !put(line, &state) { state.dropped += 1 }
        }
    }

    // False when the room ends before the line, of which some may be written then.
    private func put(_ line: String, _ state: inout State) -> Bool {
        var text = (state.isWithinLine ? "\n" : "") + line + "\n"
        return text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                guard hasRoom(&state) else {
                    if done > 0 { state.isWithinLine = true }
                    return false
                }
                // `done` is less than the count, so the buffer has an address.
                let count = Glibc.write(descriptor, bytes.baseAddress! + done, min(Self.pieceSize, bytes.count - done))
                if count < 0, errno == EINTR { continue }
                // Nobody can be told.
                guard count > 0 else { return true }
                done += count
            }
            state.isWithinLine = false
            return true
        }
    }

    private func hasRoom(_ state: inout State) -> Bool {
        if hasRoom(waiting: .zero) { return true }
        let now = ContinuousClock.now
        if now - state.since >= .seconds(60) { (state.since, state.waited) = (now, .zero) }
        guard state.waited < patience else { return false }
        defer { state.waited += ContinuousClock.now - now }
        return hasRoom(waiting: patience - state.waited)
    }

    private func hasRoom(waiting time: Duration) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let (seconds, fraction) = time.components
        let milliseconds = Int32(seconds * 1000 + fraction / 1_000_000_000_000_000)
        while true {
            let count = poll(&watched, 1, milliseconds)
            // What cannot be polled can be written to.
            guard count < 0 else { return count > 0 }
            guard errno == EINTR else { return true }
        }
    }
}
