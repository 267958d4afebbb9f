import Foundation
import Journal
import Logging
import Synchronization

/// Commits what the sources have converted: everything that waits goes into one transaction.
///
/// Sources hand in their filings in order and without waiting; the ticket tells what became of them. While the disk is
/// full the group is kept and tried again, and the gate keeps the sources from claiming more.
final class Committer: Sendable {
    /// A promise of the outcomes of one hand-in.
    final class Ticket: Sendable {
        fileprivate enum State {
            case waiting([JournaledFiling], CheckedContinuation<[CommitOutcome], any Error>?)
            case done(Result<[CommitOutcome], any Error>)
        }

        fileprivate let count: Int
        private let state: Mutex<State>

        fileprivate init(_ filings: [JournaledFiling]) {
            count = filings.count
            state = Mutex(.waiting(filings, nil))
        }

        /// What is to be committed; nothing any more when it has been, so that the records need not be kept.
        fileprivate var filings: [JournaledFiling] {
            state.withLock { if case .waiting(let filings, _) = $0 { filings } else { [] } }
        }

        /// The outcomes, one for each filing in order.
        func outcomes() async throws -> [CommitOutcome] {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<[CommitOutcome], any Error>? = state.withLock { state in
                    switch state {
                    case .done(let result): return result
                    case .waiting(let filings, _): state = .waiting(filings, continuation)
                    }
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        }

        fileprivate func settle(_ result: Result<[CommitOutcome], any Error>) {
            let waiter: CheckedContinuation<[CommitOutcome], any Error>? = state.withLock { state in
                guard case .waiting(_, let waiter) = state else { return nil }
                state = .done(result)
                return waiter
            }
            waiter?.resume(with: result)
        }
    }

    // What waits for room on the disk, and whether it may.
    private struct Patience {
        var isOver = false
        var wait: Task<Void, any Error>?
    }

    /// Filings in one transaction; more than that wait for the next one.
    static let groupLimit = 512

    private let journal: Journal
    private let gate: ClaimGate
    private let logger: Logger
    private let clock: any Clock<Duration>
    private let now: @Sendable () -> Date
    private let tickets = Mutex<[Ticket]>([])
    private let receipts: WrittenReceipts
    private let patience = Mutex(Patience())
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    init(
        journal: Journal, gate: ClaimGate, logger: Logger, clock: any Clock<Duration>,
        now: @escaping @Sendable () -> Date,
        synchronise: @escaping @Sendable (Set<String>) throws -> Void = { try FileSystems.synchronise($0) }
    ) {
        self.journal = journal
        self.gate = gate
        self.logger = logger
        self.clock = clock
        self.now = now
        let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        (self.wakes, self.waker) = (wakes, waker)
        receipts = WrittenReceipts(clock: clock, logger: logger, synchronise: synchronise) { waker.yield() }
    }

    /// Takes filings in; those of one source must be handed in in the order in which they were claimed.
    func handIn(_ filings: [JournaledFiling]) -> Ticket {
        let ticket = Ticket(filings)
        tickets.withLock { $0.append(ticket) }
        waker.yield()
        return ticket
    }

    /// Takes filings in with a ticket for each, so that one that cannot be committed does not take the others with it.
    func handIn(each filings: [JournaledFiling]) -> [Ticket] {
        let group = filings.map { Ticket([$0]) }
        tickets.withLock { $0 += group }
        waker.yield()
        return group
    }

    /// Notes receipts that are in place in these folders; they are marked a little later, many at once. Those that a crash
    /// leaves unmarked are written again, with the same bytes.
    func markWritten(_ numbers: [ReceiptNumber], in folders: Set<String>) {
        receipts.take(numbers, in: folders)
    }

    /// The gateway stops: what cannot be committed at once is no longer waited for. It fails, and stays where it was claimed to.
    func stopWaiting() {
        patience.withLock { patience in
            patience.isOver = true
            patience.wait?.cancel()
        }
    }

    /// No more will be handed in; ``run()`` ends when everything has been committed.
    func finish() {
        waker.finish()
    }

    /// Commits until ``finish()``; what is still waiting then is committed before it returns.
    func run() async {
        for await _ in wakes {
            await commitEverything()
            await markReceipts()
        }
        await commitEverything()
        await receipts.synchroniseAll()
        await markReceipts()
    }

    private func commitEverything() async {
        while let group = nextGroup() {
            await commit(group)
        }
    }

    private func nextGroup() -> [Ticket]? {
        tickets.withLock { tickets in
            guard !tickets.isEmpty else { return nil }
            var count = 0
            let end = tickets.firstIndex { ticket in
                count += ticket.count
                return count > Self.groupLimit
            }
            let taken = tickets.prefix(max(1, end ?? tickets.count))
            tickets.removeFirst(taken.count)
            return Array(taken)
        }
    }

    private func commit(_ group: [Ticket]) async {
        do {
            let outcomes = try await persistently { [journal, now] in
                try await journal.commit(group.flatMap(\.filings), at: now())
            }
            var rest = outcomes[...]
            for ticket in group {
                ticket.settle(.success(Array(rest.prefix(ticket.count))))
                rest = rest.dropFirst(ticket.count)
            }
        } catch  where group.count > 1 {
            // One bad hand-in must not take the others with it.
            for ticket in group { await commit([ticket]) }
        } catch {
            for ticket in group { ticket.settle(.failure(error)) }
        }
    }

    private func markReceipts() async {
        let numbers = receipts.takeSafe()
        guard !numbers.isEmpty else { return }
        do {
            try await journal.markReceiptsWritten(numbers, at: now())
        } catch {
            // They are written again, with the same bytes, at the next start.
            logger.warning("Receipts could not be marked as written", metadata: ["error": "\(error)"])
        }
    }

    private func wait(_ delay: Duration) async {
        let wait = patience.withLock { patience in
            let wait = Task { [clock] in try await clock.sleep(for: delay) }
            if patience.isOver { wait.cancel() }
            patience.wait = wait
            return wait
        }
        _ = await wait.result
    }

    // Tries until it succeeds or cannot succeed any more: what has been converted is never dropped for want of room.
    private func persistently<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        var delay = Duration.milliseconds(200)
        var isTold = false
        while true {
            do {
                let result = try await body()
                if gate.closure == .journalFull, gate.set(nil) {
                    logger.notice("The journal can be written again; claiming resumes")
                } else if isTold {
                    logger.notice("The journal can be written again")
                }
                return result
            } catch let error as JournalError where error.retryHelps && !patience.withLock({ $0.isOver }) {
                if error.code == .full {
                    if gate.set(.journalFull) {
                        logger.error(
                            "The disk is full; nothing is claimed until there is room", metadata: ["error": "\(error)"])
                    }
                } else if !isTold {
                    isTold = true
                    logger.error(
                        "The journal cannot be written now; what waits for it is tried again until it can",
                        metadata: ["error": "\(error)"])
                }
                await wait(delay)
                delay = min(delay * 2, .seconds(10))
            }
        }
    }
}
