import ExporterHost
import ExporterProtocol
import Synchronization

/// A route's feed that lives in memory and tells what was done with it.
final class MemoryFeed: RouteFeed {
    struct State: Sendable {
        var records: [FeedRecord] = []
        var acknowledged: UInt64 = 0
        /// The last position that was kept in this session.
        var keptInSession: UInt64 = 0
        var oldest: UInt64 = 1
        var epochs: FeedEpochs?
        var acknowledgements: [UInt64] = []
        var deadLetters: [(position: UInt64, reason: String)] = []
        var states: [RouteState] = []
        var fetches: [UInt64] = []
        var failsExtent = 0
        var keepsNothing = false

        var failures: [SessionFailure] { states.compactMap(\.failure) }
        var codes: [String] { failures.map(\.code.rawValue) }
        var isParked: Bool { states.contains { $0.name == "parked" } }
    }

    struct OutOfOrder: Error {}

    private struct Guarded {
        var state: State
        var subscribers: [Int: AsyncStream<Void>.Continuation] = [:]
        var number = 0
    }

    private let guarded: Mutex<Guarded>

    init(records count: Int = 0, size: Int = 8, acknowledged: UInt64 = 0, oldest: UInt64 = 1) {
        var state = State()
        state.acknowledged = acknowledged
        state.oldest = oldest
        guarded = Mutex(Guarded(state: state))
        append(count, size: size)
    }

    var state: State { guarded.withLock { $0.state } }

    func append(_ count: Int, size: Int = 8) {
        change { state in
            for _ in 0..<count {
                let position = (state.records.last?.position ?? 0) + 1
                state.records.append(FeedRecord(position: position, bytes: TestRecord.bytes(position, size: size)[...]))
            }
        }
    }

    func change(_ body: (inout State) -> Void) {
        let subscribers = guarded.withLock { guarded in
            body(&guarded.state)
            return Array(guarded.subscribers.values)
        }
        for subscriber in subscribers { subscriber.yield() }
    }

    /// Waits until the state is as wanted. The test's time limit is what ends a wait in vain.
    func wait(until isWanted: @Sendable (State) -> Bool) async {
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = guarded.withLock { guarded in
            guarded.number += 1
            guarded.subscribers[guarded.number] = continuation
            return guarded.number
        }
        defer { guarded.withLock { _ = $0.subscribers.removeValue(forKey: number) } }
        if isWanted(state) { return }
        for await _ in changes where isWanted(state) { return }
    }

    func extent() async throws -> FeedExtent {
        let state = state
        if state.failsExtent > 0 {
            change { $0.failsExtent -= 1 }
            throw OutOfOrder()
        }
        change { $0.keptInSession = 0 }
        return FeedExtent(
            acknowledged: state.acknowledged, oldest: state.oldest, end: state.records.last?.position ?? 0,
            epochs: state.epochs)
    }

    func next(after position: UInt64, maximumRecords: Int, maximumBytes: Int) async throws -> FeedBatch {
        await wait { ($0.records.last?.position ?? 0) > position }
        guard !Task.isCancelled else { return FeedBatch([]) }
        var result: [FeedRecord] = []
        var bytes = 0
        for record in state.records[Int(position)...] {
            if result.count == maximumRecords || !result.isEmpty && bytes + record.bytes.count > maximumBytes { break }
            result.append(record)
            bytes += record.bytes.count
        }
        change { $0.fetches.append(position) }
        return FeedBatch(result)
    }

    func acknowledge(through position: UInt64) async throws {
        if state.keepsNothing { throw OutOfOrder() }
        guard position > state.keptInSession else { throw OutOfOrder() }
        change { state in
            state.keptInSession = position
            // An exporter that has lost its tail acknowledges it once more.
            guard position > state.acknowledged else { return }
            state.acknowledged = position
            state.acknowledgements.append(position)
        }
    }

    func deadLetter(_ record: FeedRecord, reason: String) async throws {
        change { $0.deadLetters.append((record.position, reason)) }
    }

    func stateChanged(_ state: RouteState) async {
        change { $0.states.append(state) }
    }
}
