import Dispatch
import Glibc

/// Tells the service manager how we are, as `sd_notify(3)` does, without linking libsystemd.
///
/// Outside a service (`NOTIFY_SOCKET` unset) every call does nothing.
public struct ServiceNotifier: Sendable {
    private let socketPath: String?
    /// How often the service manager wants to hear from us, or nil when it does not watch.
    public let watchdogInterval: Duration?

    /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` from an environment.
    public init(environment: [String: String], process: Int32? = nil) {
        let path = environment["NOTIFY_SOCKET"] ?? ""
        socketPath = path.hasPrefix("/") || path.hasPrefix("@") ? path : nil
        let meant = environment["WATCHDOG_PID"].map { Int32($0) == process ?? getpid() } ?? true
        watchdogInterval =
            meant ? environment["WATCHDOG_USEC"].flatMap { Int64($0) }.map { .microseconds($0) } : nil
    }

    /// What can be said.
    public enum State: Sendable {
        /// Still starting; to be given this long from now on.
        case starting(within: Duration)
        /// Started, or done with reloading.
        case ready
        /// Reading settings and mappings anew.
        case reloading
        /// On the way out.
        case stopping
        /// Alive.
        case watchdog
        /// A line for `systemctl status`.
        case status(String)
    }

    /// Sends one state; a message that cannot be delivered is dropped, since nobody listens.
    public func notify(_ state: State) {
        switch state {
        case .starting(let time): send("EXTEND_TIMEOUT_USEC=\(time.components.seconds * 1_000_000)")
        case .ready: send("READY=1")
        case .reloading: send("RELOADING=1\nMONOTONIC_USEC=\(Self.monotonicMicroseconds())")
        case .stopping: send("STOPPING=1")
        case .watchdog: send("WATCHDOG=1")
        // By scalars: CR and LF together are one character, and a line end all the same.
        case .status(let text):
            send("STATUS=" + String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 })))
        }
    }

    private func send(_ message: String) {
        guard let socketPath else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var path = Array(socketPath.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        // An abstract socket is written with `@` and addressed with NUL.
        if path[0] == UInt8(ascii: "@") { path[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let bytes = Array(message.utf8)
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }

    private static func monotonicMicroseconds() -> Int64 {
        // On Linux this is CLOCK_MONOTONIC, which is what sd_notify(3) asks for.
        Int64(DispatchTime.now().uptimeNanoseconds / 1000)
    }
}
