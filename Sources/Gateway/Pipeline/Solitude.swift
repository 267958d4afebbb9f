import Synchronization

/// Lets many convert at once, or one alone.
///
/// A filing that was being converted when the process ended is tried once more with nothing beside it, so that a second
/// crash convicts the right one. Whoever has not to wait does not suspend.
final class Solitude: Sendable {
    private struct State {
        var running = 0
        var isAlone = false
        var waiting: [(isAlone: Bool, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func enter(alone: Bool) -> Bool {
            guard waiting.isEmpty, !isAlone, !alone || running == 0 else { return false }
            running += 1
            isAlone = alone
            return true
        }

        // Those who may run now that one has ended, in the order in which they came.
        mutating func leave() -> [CheckedContinuation<Void, Never>] {
            running -= 1
            isAlone = false
            var woken: [CheckedContinuation<Void, Never>] = []
            while let next = waiting.first, !isAlone, !next.isAlone || running == 0 {
                waiting.removeFirst()
                running += 1
                isAlone = next.isAlone
                woken.append(next.continuation)
            }
            return woken
        }
    }

    private let state = Mutex(State())

    /// Runs `body` beside others.
    func shared<Result: Sendable>(_ body: () async throws -> Result) async rethrows -> Result {
        await enter(alone: false)
        defer { leave() }
        return try await body()
    }

    /// Runs `body` when nothing else runs, and lets nothing else begin.
    func alone<Result: Sendable>(_ body: () async throws -> Result) async rethrows -> Result {
        await enter(alone: true)
        defer { leave() }
        return try await body()
    }

    private func enter(alone: Bool) async {
        if state.withLock({ $0.enter(alone: alone) }) { return }
        await withCheckedContinuation { continuation in
            let mayPass = state.withLock { state in
                if state.enter(alone: alone) { return true }
                state.waiting.append((alone, continuation))
                return false
            }
            if mayPass { continuation.resume() }
        }
    }

    private func leave() {
        for continuation in state.withLock({ $0.leave() }) { continuation.resume() }
    }
}
