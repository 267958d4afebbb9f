import Journal
import Logging
import Synchronization

/// Receipts that are in place, on their way to being marked as written: they are made safe on the disk first, many at once.
///
/// A receipt that is marked is never written again, so a power cut must not take it. One that a crash leaves unmarked is
/// written again, with the same bytes. Nothing waits for this: answers do not, and commits go on meanwhile.
final class WrittenReceipts: Sendable {
    private struct State {
        // In place, and perhaps in the system's memory alone.
        var written: [ReceiptNumber] = []
        var folders: Set<String> = []
        var safe: [ReceiptNumber] = []
        var lastWork: Task<Void, Never>?
    }

    /// How long written receipts wait for others, and how many do not wait. A filing that is committed meanwhile waits for
    /// them to be marked, which is why it is done seldom.
    static let delay = Duration.milliseconds(250)
    static let limit = 512

    private let clock: any Clock<Duration>
    private let logger: Logger
    private let synchronise: @Sendable (Set<String>) throws -> Void
    private let whenSafe: @Sendable () -> Void
    private let executor = LaneExecutor("receipts")
    private let state = Mutex(State())

    /// - Parameters:
    ///   - synchronise: Makes everything in these folders safe on the disk; blocks.
    ///   - whenSafe: Is called when there is something to mark.
    init(
        clock: any Clock<Duration>, logger: Logger,
        synchronise: @escaping @Sendable (Set<String>) throws -> Void, whenSafe: @escaping @Sendable () -> Void
    ) {
        self.clock = clock
        self.logger = logger
        self.synchronise = synchronise
        self.whenSafe = whenSafe
    }

    /// Takes receipts that are in place in these folders.
    func take(_ numbers: [ReceiptNumber], in folders: Set<String>) {
        guard !numbers.isEmpty else { return }
        let (isFirst, isFull) = state.withLock { state in
            let isFirst = state.written.isEmpty
            state.written += numbers
            state.folders.formUnion(folders)
            return (isFirst, state.written.count >= Self.limit)
        }
        if isFull { return beginSynchronising() }
        guard isFirst else { return }
        Task {
            try? await clock.sleep(for: Self.delay)
            beginSynchronising()
        }
    }

    /// Hands out what can be marked.
    func takeSafe() -> [ReceiptNumber] {
        state.withLock { state in
            defer { state.safe = [] }
            return state.safe
        }
    }

    /// Returns when everything that was taken is safe, or cannot be made so.
    func synchroniseAll() async {
        beginSynchronising()
        await state.withLock { $0.lastWork }?.value
    }

    private func beginSynchronising() {
        state.withLock { state in
            guard !state.written.isEmpty else { return }
            let (numbers, folders) = (state.written, state.folders)
            (state.written, state.folders) = ([], [])
            state.lastWork = Task(executorPreference: executor) { [earlier = state.lastWork] in
                await earlier?.value
                self.makeSafe(numbers, in: folders)
            }
        }
    }

    private func makeSafe(_ numbers: [ReceiptNumber], in folders: Set<String>) {
        do {
            try synchronise(folders)
            state.withLock { $0.safe += numbers }
            whenSafe()
        } catch {
            logger.error(
                "Receipts may not be safe on the disk; they are written once more at the next start",
                metadata: ["receipts": "\(numbers.count)", "error": "\(error)"])
        }
    }
}
