/// Lets many convert at once, or one alone.
///
/// A filing that was being converted when the process ended is tried once more with nothing beside it, so that a second
/// crash convicts the right one.
actor Solitude {
    private var running = 0
    private var isAlone = false
    private var waiting: [(isAlone: Bool, continuation: CheckedContinuation<Void, Never>)] = []

    /// Runs `body` beside others.
    nonisolated func shared<Result: Sendable>(_ body: () async throws -> Result) async rethrows -> Result {
        await enter(alone: false)
        do {
            let result = try await body()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    /// Runs `body` when nothing else runs, and lets nothing else begin.
    nonisolated func alone<Result: Sendable>(_ body: () async throws -> Result) async rethrows -> Result {
        await enter(alone: true)
        do {
            let result = try await body()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter(alone: Bool) async {
        if waiting.isEmpty, !isAlone, !alone || running == 0 {
            running += 1
            isAlone = alone
            return
        }
        await withCheckedContinuation { waiting.append((alone, $0)) }
    }

    private func leave() {
        running -= 1
        isAlone = false
        while let next = waiting.first, !isAlone, !next.isAlone || running == 0 {
            waiting.removeFirst()
            running += 1
            isAlone = next.isAlone
            next.continuation.resume()
        }
    }
}
