import Dispatch
import Glibc
import Synchronization

/// The files that are being written: half of them must not stay behind when the program is told to end.
enum HalfFiles {
    private struct State {
        var paths: Set<FileArgument> = []
        var sources: [any DispatchSourceSignal] = []
    }

    private static let state = Mutex(State())

    /// From now on this file goes when the program does.
    static func begin(_ path: FileArgument) {
        state.withLock { state in
            state.paths.insert(path)
            guard state.sources.isEmpty else { return }
            state.sources = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].compactMap(source)
            // A reader that has gone, and a file that may not grow, are told by what writes to them.
            for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
        }
    }

    /// This file is whole, or gone.
    static func end(_ path: FileArgument) {
        state.withLock { _ = $0.paths.remove(path) }
    }

    // nil for a signal that whoever started the program had it ignore, as nohup does.
    private static func source(_ number: CInt) -> (any DispatchSourceSignal)? {
        guard !isIgnored(signal(number, SIG_IGN)) else { return nil }
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
            state.withLock { state in
                for path in state.paths { unlink(path.path) }
                signal(number, SIG_DFL)
                kill(getpid(), number)
            }
        }
        source.resume()
        return source
    }

    private static func isIgnored(_ handler: sighandler_t?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
