import Logging
import Synchronization

/// Notes what happened, in order, and lets a test wait for it.
final class Trail: Sendable {
    private struct State {
        var events: [String] = []
        var waiters: [(event: String, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    var events: [String] { state.withLock { $0.events } }

    func note(_ event: String) {
        let woken = state.withLock { state in
            state.events.append(event)
            let woken = state.waiters.filter { $0.event == event }
            state.waiters.removeAll { $0.event == event }
            return woken
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// Returns when the event has been noted.
    func until(_ event: String) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.events.contains(event) { return true }
                state.waiters.append((event, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}

/// A value that many tasks change, one at a time.
final class Guarded<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        mutex.withLock { value in
            var copy = value
            let result = body(&copy)
            value = copy
            return result
        }
    }
}

/// Returns when the task is cancelled.
func untilCancelled() async {
    let (never, _) = AsyncStream.makeStream(of: Void.self)
    for await _ in never {}
}

/// Looks again and again until it is so; everyone else has a turn in between.
func eventually(_ isSo: () async throws -> Bool) async throws {
    while try await !isSo() { await Task.yield() }
}

/// A clock on which nobody waits: whoever would sleep calls the hook instead.
struct HookedClock: Clock {
    let hook: @Sendable (Duration) async throws -> Void
    let instant = ContinuousClock.now

    var now: ContinuousClock.Instant { instant }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try await hook(instant.duration(to: deadline))
    }
}

/// Keeps what was logged.
struct CollectedLog: LogHandler {
    let trail: Trail
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        trail.note("\(event.level): \(event.message)")
    }

    static func logger(_ trail: Trail = Trail()) -> Logger {
        Logger(label: "test") { _ in CollectedLog(trail: trail) }
    }
}

/// Small, seeded, good enough.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
