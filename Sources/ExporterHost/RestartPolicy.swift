public import ExporterProtocol

/// When an exporter that ended is started again.
public struct RestartPolicy: Sendable, Hashable {
    /// The wait after the first failure; it doubles with each further one.
    public var initialDelay: Duration = .milliseconds(250)
    /// The longest wait before the route is parked.
    public var maximumDelay: Duration = .seconds(30)
    /// The share of each wait that is left to chance, so that many exporters do not return at one moment: 0 to 1.
    public var jitter = 0.5
    /// How many failures in a row without an acknowledgement that was kept park the route.
    public var failuresBeforeParking = 8
    /// How long a parked route rests before it is tried once more.
    public var parkedInterval: Duration = .seconds(900)

    /// The defaults.
    public init() {}
}

/// Decides after each failure whether an exporter is started again, and when. A value; chance is handed in.
public struct RestartSchedule: Sendable, Hashable {
    /// What to do.
    public enum Decision: Sendable, Hashable {
        /// Start again after this time.
        case restart(after: Duration)
        /// Rest, and try again after this time.
        case park(retryAfter: Duration)
    }

    private let policy: RestartPolicy
    private var failures = 0
    private var isParked = false

    /// Starts with no failures.
    public init(policy: RestartPolicy) {
        self.policy = policy
    }

    /// Takes the end of a session.
    ///
    /// - Parameters:
    ///   - failure: Why it ended.
    ///   - madeProgress: Whether an acknowledgement was kept in it.
    ///   - chance: A number from 0 up to 1.
    public mutating func next(after failure: SessionFailure, madeProgress: Bool, chance: Double) -> Decision {
        if madeProgress {
            failures = 0
            isParked = false
        }
        failures += 1
        if failure.isPassing, failure.restartHelps, !isParked { return .restart(after: delay(chance: chance)) }
        // One try is all that a parked route gets until an acknowledgement has been kept again.
        if !failure.restartHelps || isParked || failures >= policy.failuresBeforeParking {
            isParked = true
            return .park(retryAfter: policy.parkedInterval)
        }
        return .restart(after: delay(chance: chance))
    }

    /// Forgets all failures: someone has mended something.
    public mutating func reset() {
        failures = 0
        isParked = false
    }

    private func delay(chance: Double) -> Duration {
        var delay = policy.initialDelay
        for _ in 1..<max(failures, 1) where delay < policy.maximumDelay { delay *= 2 }
        let full = min(delay, policy.maximumDelay)
        return full * (1 - policy.jitter * min(max(chance, 0), 1))
    }
}
