import Synchronization

/// Lets the start of a gateway, and a reload, wait until its sources have begun: each has opened its folder and watches it, or
/// has said why it cannot.
///
/// A folder on a server that does not answer keeps its source for as long as that lasts, and nobody else: the wait has an
/// end.
final class Beginnings: Sendable {
    private struct State {
        // By name, what has begun and not ended.
        var begun: [String: AnyHashableSendable] = [:]
        var waiters: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    /// Says that a source has begun, as what.
    func note(_ name: String, as essence: AnyHashableSendable) {
        let waiters = state.withLock { state in
            state.begun[name] = essence
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.yield() }
    }

    /// Says that a source has ended.
    func noteEnd(_ name: String) {
        state.withLock { $0.begun[name] = nil }
    }

    /// Waits until all of these have begun, or until the time is over.
    ///
    /// - Parameter expected: What the sources are, by name; one that is something else now ends first.
    /// - Returns: Those that had not begun by then, sorted.
    func wait(for expected: [String: AnyHashableSendable], atMost limit: Duration) async -> [String] {
        await withTaskGroup(of: [String]?.self) { group in
            defer { group.cancelAll() }
            group.addTask { await self.missing(of: expected) }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            if let first = await group.next(), let missing = first { return missing }
            // What is cancelled returns what it has not seen.
            group.cancelAll()
            return await group.next().flatMap { $0 } ?? []
        }
    }

    private func missing(of expected: [String: AnyHashableSendable]) async -> [String] {
        let (changes, teller) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.nextWaiter += 1
            state.waiters[state.nextWaiter] = teller
            return state.nextWaiter
        }
        defer { state.withLock { $0.waiters[number] = nil } }
        teller.yield()
        for await _ in changes where missingNow(of: expected).isEmpty { break }
        return missingNow(of: expected)
    }

    private func missingNow(of expected: [String: AnyHashableSendable]) -> [String] {
        state.withLock { state in
            expected.filter { state.begun[$0.key] != $0.value }.keys.sorted()
        }
    }
}
