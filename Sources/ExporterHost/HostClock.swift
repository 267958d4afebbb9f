/// A clock without its type: the time since it was wrapped, and how to wait.
struct HostClock: Sendable {
    let now: @Sendable () -> Duration
    let sleep: @Sendable (Duration) async throws -> Void

    init<C: Clock>(_ clock: C) where C.Duration == Duration {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
    }

    /// Waits for `latch`, but not longer than `limit`.
    ///
    /// - Returns: True when the latch woke us or is closed; false when the time was up first.
    func wait(for latch: Latch, atMost limit: Duration) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                _ = await latch.wait()
                return true
            }
            group.addTask {
                try? await sleep(limit)
                return false
            }
            let isWoken = await group.next() ?? false
            group.cancelAll()
            return isWoken
        }
    }
}
