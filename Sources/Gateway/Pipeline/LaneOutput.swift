import Journal
import Synchronization

/// What a lane has prepared, on its way to the committer and to its receipts, in the order in which it was claimed.
///
/// A group is answered beside the lane, in a task of its own that is not cancelled with it: what has been claimed is finished.
final class LaneOutput: Sendable {
    private struct State {
        var prepared: [PreparedFiling] = []
        var answers: [Int: Task<Void, Never>] = [:]
        var lastGroup = 0
        /// Bytes of the filings that were let go since memory was given back.
        var released = 0
    }

    private let committer: Committer
    private let room: WaitingRoom
    private let executor: LaneExecutor
    private let conclude: @Sendable ([(PreparedFiling, Committer.Ticket)]) async -> Void
    private let state = Mutex(State())
    private let worthGivingBack: Int
    private let giveBack: @Sendable () -> Void

    /// - Parameters:
    ///   - committer: Takes the groups.
    ///   - room: Has room for what waits of all lanes.
    ///   - executor: Where they are answered.
    ///   - worthGivingBack: So many bytes of filings have been let go when memory is given back to the system.
    ///   - giveBack: Gives it back. Called when nothing is under way.
    ///   - conclude: Waits for the commit of each filing of a group, and answers it.
    init(
        _ committer: Committer, _ room: WaitingRoom, answeringOn executor: LaneExecutor,
        worthGivingBack: Int = 32 << 20,
        giveBack: @escaping @Sendable () -> Void = Allocator.giveBack,
        conclude: @escaping @Sendable ([(PreparedFiling, Committer.Ticket)]) async -> Void
    ) {
        self.committer = committer
        self.room = room
        self.executor = executor
        self.worthGivingBack = worthGivingBack
        self.giveBack = giveBack
        self.conclude = conclude
    }

    /// Takes one filing to those that are handed in together.
    func add(_ filing: PreparedFiling) {
        room.take(filing.size)
        state.withLock { $0.prepared.append(filing) }
    }

    /// Hands in what has gathered.
    func handIn() {
        state.withLock { state in
            guard !state.prepared.isEmpty else { return }
            let group = state.prepared
            state.prepared = []
            state.lastGroup += 1
            let (number, tickets) = (state.lastGroup, committer.handIn(each: group.map(\.filing)))
            let answered = Array(zip(group.map(\.withoutRecords), tickets))
            let bytes = group.reduce(0) { $0 + $1.size }
            state.answers[number] = Task(executorPreference: executor) { [conclude] in
                await conclude(answered)
                self.end(number, of: bytes)
            }
        }
    }

    // Many filings at once leave hundreds of megabytes that nobody uses any more. While more of them are under way, they need
    // the memory again.
    private func end(_ number: Int, of bytes: Int) {
        room.giveBack(bytes)
        let isOver = state.withLock { state in
            state.answers[number] = nil
            state.released += bytes
            guard state.answers.isEmpty, state.prepared.isEmpty, state.released >= worthGivingBack else {
                return false
            }
            state.released = 0
            return true
        }
        if isOver { giveBack() }
    }

    /// Hands in what has gathered, and returns when that and everything before it has been committed.
    func commitAll() async throws {
        handIn()
        // Tickets are served in order, and this one has nothing of its own.
        _ = try await committer.handIn([]).outcomes()
    }

    /// Returns when there is room for more, or nothing of this lane is under way any more. What has gathered is handed
    /// in before it waits.
    func makeRoom(forLeftovers: Bool = false) async {
        guard room.isFull(forLeftovers: forLeftovers) else { return }
        handIn()
        while room.isFull(forLeftovers: forLeftovers), let oldest = oldestAnswer() { await oldest.value }
    }

    /// Returns when at most this many groups are on their way to their receipts.
    func settle(butFor count: Int = 0) async {
        while let oldest = oldestAnswer(butFor: count) { await oldest.value }
    }

    private func oldestAnswer(butFor count: Int = 0) -> Task<Void, Never>? {
        state.withLock { state in
            state.answers.count > count ? state.answers.min { $0.key < $1.key }?.value : nil
        }
    }
}
