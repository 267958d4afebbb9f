/// Lets the start of a gateway wait until its sources have begun: each has opened its folder and watches it, or has said
/// why it cannot.
///
/// A folder on a server that does not answer keeps its source for as long as that lasts, and nobody else: the wait has an
/// end.
final class Beginnings: Sendable {
    private let (names, teller) = AsyncStream.makeStream(of: String.self)

    /// Says that a source has begun.
    func note(_ name: String) {
        teller.yield(name)
    }

    /// Waits until all of these have begun, or until the time is over. Only one may wait, once.
    ///
    /// - Returns: Those that had not begun by then, sorted.
    func wait(for expected: [String], atMost limit: Duration) async -> [String] {
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

    private func missing(of expected: [String]) async -> [String] {
        var missing = Set(expected)
        if missing.isEmpty { return [] }
        for await name in names {
            missing.remove(name)
            if missing.isEmpty { break }
        }
        return missing.sorted()
    }
}
