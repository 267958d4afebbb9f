import Glibc

/// SIGPIPE, ignored in this process for good: an exporter that dies must not take the gateway with it.
enum IgnoredPipeSignal {
    private static let isInstalled: Bool = {
        signal(SIGPIPE, SIG_IGN)
        return true
    }()

    static func install() {
        _ = isInstalled
    }
}
