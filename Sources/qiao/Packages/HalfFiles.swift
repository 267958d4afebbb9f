import Foundation
import Glibc
import Synchronization

/// The files that are being written: half of them must not stay behind when the program is told to end.
enum HalfFiles {
    private struct State {
        var paths: Set<FileArgument> = []
        var isHeeding = false
    }

    private static let state = Mutex(State())
    // From the handler of signals, which may do next to nothing, to the thread that heeds them.
    private static let wire = Wire()

    /// Makes a file that goes when the program does, from the moment that it is there.
    static func begin<File: Sendable, Failure: Error>(
        _ path: FileArgument, creating create: () throws(Failure) -> File
    ) throws(Failure) -> File {
        try state.withLock { state throws(Failure) in
            heedSignals(&state)
            let file = try create()
            state.paths.insert(path)
            return file
        }
    }

    /// Gives a file that is whole its name; false where that cannot be done, with `errno` set.
    static func end(_ path: FileArgument, naming name: FileArgument) -> Bool {
        state.withLock { state in
            guard rename(path.path, name.path) == 0 else { return false }
            state.paths.remove(path)
            return true
        }
    }

    /// Removes a file that does not become whole.
    static func drop(_ path: FileArgument) {
        state.withLock { state in
            unlink(path.path)
            state.paths.remove(path)
        }
    }

    // A signal that comes before ends the program as ever; one that comes after waits in the wire for its thread.
    private static func heedSignals(_ state: inout State) {
        guard !state.isHeeding, let wire else { return }
        state.isHeeding = true
        Thread.detachNewThread { end(by: wire.receive()) }
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] where !isIgnored(number) {
            signal(number) { HalfFiles.wire?.send($0) }
        }
        // A reader that has gone, and a file that may not grow, are told by what writes to them.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    }

    // No file is begun, or gets its name, any more.
    private static func end(by number: CInt) -> Never {
        state.withLock { state in
            for path in state.paths { unlink(path.path) }
            signal(number, SIG_DFL)
            kill(getpid(), number)
            while true { pause() }
        }
    }

    // Whether whoever started the program had it ignore a signal, as nohup does.
    private static func isIgnored(_ number: CInt) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        let handler = action.__sigaction_handler.sa_handler
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

// A pipe for the numbers of signals.
private struct Wire: Sendable {
    private let output: CInt
    private let input: CInt

    /// Nil where no more files can be open.
    init?() {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (output, input) = (ends[0], ends[1])
    }

    /// Sends a number; safe in the handler of a signal.
    func send(_ number: CInt) {
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(input, &byte, 1)
        errno = saved
    }

    /// Waits for a number.
    func receive() -> CInt {
        var byte: UInt8 = 0
        while read(output, &byte, 1) != 1 {}
        return CInt(byte)
    }
}
