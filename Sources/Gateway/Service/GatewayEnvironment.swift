public import Foundation
public import Logging

/// What a gateway takes from the world around it, handed in so that tests decide.
public struct GatewayEnvironment: Sendable {
    /// Takes every log line.
    public var logger: Logger
    /// Tells the service manager.
    public var notifier: ServiceNotifier
    /// The time of day.
    public var now: @Sendable () -> Date
    /// The name of a file whose conversion ends the process, for the end-to-end tests.
    public var crashHook: String?
    /// Bytes of memory that the process may use.
    public var memory: Int
    /// Whether SIGTERM and SIGINT end the gateway.
    public var handlesSignals = true
    /// What has it read its configuration anew; nil for nothing.
    public var reloadSignals: ReloadSignals?

    /// Describes an environment.
    public init(
        logger: Logger, notifier: ServiceNotifier, now: @escaping @Sendable () -> Date = { Date() },
        crashHook: String? = nil, memory: Int? = nil
    ) {
        self.logger = logger
        self.notifier = notifier
        self.now = now
        self.crashHook = crashHook
        self.memory = memory ?? MemoryLimit.bytes()
    }
}
