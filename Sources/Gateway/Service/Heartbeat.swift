import Synchronization

/// Shows that a lane moves while it works; a lane at rest has nothing to show.
final class Heartbeat: Sendable {
    private let busySince = Mutex<ContinuousClock.Instant?>(nil)
    private let now: @Sendable () -> ContinuousClock.Instant

    init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.now = now
    }

    /// Work goes on.
    func beat() {
        busySince.withLock { $0 = now() }
    }

    /// There is nothing to do.
    func rest() {
        busySince.withLock { $0 = nil }
    }

    /// How long ago the last sign of life was, or nil at rest.
    var silence: Duration? {
        busySince.withLock { $0 }.map { $0.duration(to: now()) }
    }
}
