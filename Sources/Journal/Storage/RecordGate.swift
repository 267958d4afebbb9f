import Synchronization

/// Wakes whoever waits for records when some have been committed.
final class RecordGate: Sendable {
    private struct Waiter {
        var position: Int64
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var lastPosition: Int64
        var isClosed = false
        var nextTicket = 0
        var waiters: [Int: Waiter] = [:]
        // Tickets that were cancelled before they began to wait.
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    init(lastPosition: Int64) {
        state = Mutex(State(lastPosition: lastPosition))
    }

    var lastPosition: Int64 { state.withLock { $0.lastPosition } }

    // For tests: how many are waiting now.
    var waiting: Int { state.withLock { $0.waiters.count } }

    func advance(to position: Int64) {
        let woken = state.withLock { state in
            state.lastPosition = max(state.lastPosition, position)
            let ready = state.waiters.filter { $0.value.position < state.lastPosition }
            for ticket in ready.keys { state.waiters[ticket] = nil }
            return ready.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Wakes everybody; false when it was closed before.
    func close() -> Bool {
        let (woken, wasOpen) = state.withLock { state in
            defer {
                state.isClosed = true
                state.waiters = [:]
            }
            return (state.waiters.values.map(\.continuation), !state.isClosed)
        }
        for continuation in woken { continuation.resume() }
        return wasOpen
    }

    /// Returns the newest position as soon as it is beyond `position`.
    func wait(after position: Int64) async throws(CancellationError) -> Int64 {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { enter(Waiter(position: position, continuation: $0), ticket: ticket) }
        } onCancel: {
            cancel(ticket)
        }
        let (last, isClosed) = state.withLock { state in
            state.cancelled.remove(ticket)
            return (state.lastPosition, state.isClosed)
        }
        guard last > position, !isClosed else { throw CancellationError() }
        return last
    }

    private func enter(_ waiter: Waiter, ticket: Int) {
        let mayPass = state.withLock { state in
            let passes = state.isClosed || state.lastPosition > waiter.position || state.cancelled.contains(ticket)
            if !passes { state.waiters[ticket] = waiter }
            return passes
        }
        if mayPass { waiter.continuation.resume() }
    }

    private func cancel(_ ticket: Int) {
        let waiter = state.withLock { state in
            let waiter = state.waiters.removeValue(forKey: ticket)
            if waiter == nil { state.cancelled.insert(ticket) }
            return waiter
        }
        waiter?.continuation.resume()
    }
}
