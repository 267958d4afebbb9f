import Dispatch

/// What an intake knows of time, handed in so that tests decide how late it is.
public struct InboundClock: Sendable {
    /// The moment, since any fixed origin; never goes back.
    public var now: @Sendable () -> Duration
    /// The time of day, in microseconds since 1970-01-01T00:00:00Z.
    public var microsecondsSince1970: @Sendable () -> Int64
    /// Calls the function once, that long from now, on any thread.
    public var wake: @Sendable (_ after: Duration, _ call: @escaping @Sendable () -> Void) -> Void

    /// Puts a clock together.
    public init(
        now: @escaping @Sendable () -> Duration,
        microsecondsSince1970: @escaping @Sendable () -> Int64,
        wake: @escaping @Sendable (_ after: Duration, _ call: @escaping @Sendable () -> Void) -> Void
    ) {
        self.now = now
        self.microsecondsSince1970 = microsecondsSince1970
        self.wake = wake
    }

    /// The clocks of this machine.
    public static let system: InboundClock = {
        let origin = ContinuousClock.now
        return InboundClock(
            now: { ContinuousClock.now - origin },
            microsecondsSince1970: { Kernel.microsecondsSince1970() },
            wake: { after, call in
                let microseconds =
                    after.components.seconds * 1_000_000 + after.components.attoseconds / 1_000_000_000_000
                let deadline = DispatchTime.now() + .microseconds(Int(max(0, microseconds)) + 1)
                DispatchQueue.global().asyncAfter(deadline: deadline, execute: call)
            })
    }()
}
