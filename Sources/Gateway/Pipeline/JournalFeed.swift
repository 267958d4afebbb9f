import CanonicalRecords
public import ExporterHost
import ExporterProtocol
import Foundation
public import Journal
import Logging

/// Gives one route its records out of the journal, and keeps its cursor there.
///
/// The journal holds every record; a route gets those that it selects, as it may see them. The cursor moves over all of
/// them, so the feed remembers which of the positions it has gone through were selected and are still to be acknowledged.
actor JournalFeed: RouteFeed {
    private let route: RouteSettings
    private let journal: Journal
    private let selection: RouteSelection
    private let now: @Sendable () -> Date
    private let logger: Logger

    private var cursor: Int64
    private var session = 0
    private var isPlaced = false
    // Everything up to here has been looked at for selection.
    private var scannedThrough: Int64
    // Selected positions that were handed out and are not acknowledged.
    private var underWay = PositionRuns()
    private var refused: [RefusedRecord] = []
    // When the log heard last of records that were refused.
    private var toldRefusal = Date.distantPast
    // The last acknowledgement that is being written; the next one waits for it.
    private var keeping: Task<Void, any Error>?
    // Selected records that were read and not handed out yet, in order.
    private var ready: [FeedBatch] = []
    // What is being looked at behind `scannedThrough`, so that it is there when the records before it have been sent.
    private var ahead: Task<Portion, any Error>?

    // Chunks that follow on a position, as the route sees them.
    private struct Portion: Sendable {
        var records: [FeedBatch] = []
        // Everything up to here has been looked at; the position itself when there is nothing behind it.
        var through: Int64
        // The chunks behind it, where there are some: read while these are looked at, and those before are sent.
        var next: Task<[JournalChunk], any Error>?
    }

    // Bytes of chunks that are read at once: with less, threads wake each other more often; with more, memory is handed back to
    // the system and taken from it again.
    private static let portionSize = 1 << 20

    init(
        route: RouteSettings, journal: Journal, selection: RouteSelection, cursor: RouteCursor,
        now: @escaping @Sendable () -> Date, logger: Logger
    ) {
        self.route = route
        self.journal = journal
        self.selection = selection
        self.cursor = cursor.position
        self.scannedThrough = cursor.position
        self.now = now
        self.logger = logger
    }

    func extent() async throws -> FeedExtent {
        // A session begins: what the last one was handed and did not acknowledge is open again.
        session += 1
        isPlaced = false
        underWay = PositionRuns()
        refused = []
        ready = []
        ahead = nil
        let epochs = try await journal.epochs()
        let status = try await journal.status()
        return FeedExtent(
            acknowledged: UInt64(cursor), oldest: UInt64(status.prunedThrough + 1), end: UInt64(status.lastPosition),
            epochs: FeedEpochs(current: epochs.current, ends: epochs.ends.mapValues { UInt64($0) }))
    }

    func next(after position: UInt64, maximumRecords: Int, maximumBytes: Int) async throws -> FeedBatch {
        if !isPlaced { try await place(at: Int64(position)) }
        while ready.isEmpty {
            try await scan(waiting: true)
        }
        let first = ready[0]
        if first.count <= maximumRecords, first.byteCount <= maximumBytes { return handOut(first.count) }
        var (count, bytes) = (0, 0)
        while count < min(first.count, maximumRecords) {
            let size = first.entry(count).range.count
            guard count == 0 || bytes + size <= maximumBytes else { break }
            bytes += size
            count += 1
        }
        return handOut(count)
    }

    func acknowledge(through position: UInt64) async throws {
        // What is counted stays under way until the journal has it: another one meanwhile would count it again. The session
        // tells of what the exporter has stored while ``place(at:)`` goes through it.
        let before = keeping
        let task = Task {
            _ = await before?.result
            try await keep(through: position)
        }
        keeping = task
        try await task.value
    }

    private func keep(through position: UInt64) async throws {
        let (settled, last) = underWay.counted(through: Int64(position))
        guard let last else { return }
        let dead = refused.filter { $0.position <= position }
        // With nothing selected in between, the cursor can go on to the next record that matters.
        let isCaughtUp = settled == underWay.count && ready.isEmpty
        let target = isCaughtUp ? max(scannedThrough, last) : last
        try await journal.advance(
            [
                RouteAdvance(
                    route: route.name, to: target, selected: settled, acked: settled - dead.count,
                    refused: dead)
            ], at: now())
        tell(dead)
        cursor = target
        underWay.remove(through: last)
        refused.removeAll { $0.position <= position }
        // What was looked at while this was written, and held back for what was under way.
        try await skipUnselected()
    }

    func deadLetter(_ record: FeedRecord, reason: String) async throws {
        let position = Int64(record.position)
        guard position > cursor else {
            // It was acknowledged once, and counted so; the exporter has lost it since, and wants it no more.
            logger.warning(
                "A record that was acknowledged before is refused now", metadata: ["position": "\(position)"])
            return
        }
        guard !refused.contains(where: { $0.position == position }) else { return }
        refused.append(RefusedRecord(position: position, record: Array(record.bytes), reason: reason))
    }

    // An exporter may refuse all that it gets: once a minute says that there is something to look at.
    private func tell(_ dead: [RefusedRecord]) {
        guard let first = dead.first, !(0..<60).contains(now().timeIntervalSince(toldRefusal)) else { return }
        toldRefusal = now()
        logger.warning(
            "Records were refused for good, and are kept as dead letters; qiao dead-letters lists them",
            metadata: ["position": "\(first.position)", "reason": "\(first.reason)"])
    }

    func stateChanged(_ state: ExporterHost.RouteState) async {
        do {
            try await journal.setState(JournalRouteState(state), of: route.name, at: now())
        } catch {
            logger.warning("The state of the route could not be noted", metadata: ["error": "\(error)"])
        }
    }
}

extension JournalFeed {
    /// Begins where the exporter has really got to. That may be behind the cursor, when it has lost something, and ahead of
    /// it, when the acknowledgement was lost: then what lies between is safe, and is counted so.
    private func place(at position: Int64) async throws {
        isPlaced = true
        scannedThrough = min(position, cursor)
        guard position > cursor else { return }
        while scannedThrough < position {
            let before = scannedThrough
            try await scan(waiting: false)
            guard scannedThrough > before else { break }
        }
        while let first = ready.first {
            let safe = first.prefix { $0.position <= UInt64(position) }.count
            let isWhole = safe == first.count
            if safe > 0 { _ = handOut(safe) }
            guard isWhole else { break }
        }
        try await acknowledge(through: UInt64(position))
    }

    // What lies before the cursor is sent again for the exporter's sake; it has been counted already.
    private func handOut(_ count: Int) -> FeedBatch {
        let taken = ready[0].takeFirst(count)
        if ready[0].isEmpty { ready.removeFirst() }
        // Mostly everything is selected, and nothing is sent twice.
        if let first = taken.first?.position, let last = taken.last?.position, Int64(first) > cursor,
            last - first == UInt64(taken.count - 1)
        {
            underWay.append(Int64(first)...Int64(last))
            return taken
        }
        for index in taken.indices {
            let position = Int64(taken.entry(index).position)
            if position > cursor { underWay.append(position) }
        }
        return taken
    }

    private func add(_ records: FeedBatch) {
        if !records.isEmpty { ready.append(records) }
    }

    private func scan(waiting: Bool) async throws {
        let current = session
        if ahead == nil, let chunks = journal.recentChunks(after: scannedThrough, limitBytes: Self.portionSize) {
            add(try selection.select(from: chunks, after: scannedThrough))
            scannedThrough = chunks.reduce(scannedThrough) { max($0, $1.lastPosition) }
            return
        }
        guard ahead != nil || journal.lastPosition > scannedThrough else { return try await idle(waiting: waiting) }
        let looking = ahead ?? look(at: read(after: scannedThrough), after: scannedThrough)
        ahead = nil
        let portion = try await looking.value
        guard session == current else { throw CancellationError() }
        guard portion.through > scannedThrough else { return try await idle(waiting: waiting) }
        for records in portion.records { add(records) }
        scannedThrough = portion.through
        ahead = portion.next.map { look(at: $0, after: scannedThrough) }
    }

    // There is nothing to look at.
    private func idle(waiting: Bool) async throws {
        try await skipUnselected()
        if waiting { try await journal.waitForRecords(after: scannedThrough) }
    }

    // Beside the actor, which sends meanwhile what was looked at before.
    private func look(at chunks: Task<[JournalChunk], any Error>, after position: Int64) -> Task<Portion, any Error> {
        Task.detached { [self, journal, selection] in
            let chunks = try await chunks.value
            var portion = Portion(through: position)
            if let last = chunks.last?.lastPosition, last < journal.lastPosition { portion.next = read(after: last) }
            portion.records = try await selection.batches(from: chunks, after: position)
            portion.through = chunks.reduce(position) { max($0, $1.lastPosition) }
            return portion
        }
    }

    private nonisolated func read(after position: Int64) -> Task<[JournalChunk], any Error> {
        Task.detached { [journal] in try await journal.chunks(after: position, limitBytes: Self.portionSize) }
    }

    // Nothing is under way and nothing was selected: the cursor moves past what is none of this route's business.
    private func skipUnselected() async throws {
        guard underWay.isEmpty, ready.isEmpty, cursor < scannedThrough else { return }
        let target = scannedThrough
        try await journal.advance([RouteAdvance(route: route.name, to: target, selected: 0, acked: 0)], at: now())
        cursor = max(cursor, target)
    }
}

extension JournalRouteState {
    init(_ state: ExporterHost.RouteState) {
        let reason = state.failure.map { "\($0)" } ?? ""
        switch state {
        case .starting, .stopping, .stopped: self.init(.idle, reason: reason)
        case .running(let name, let version): self.init(.running, reason: "\(name) \(version)")
        case .backingOff: self.init(.waiting, reason: reason)
        case .parked: self.init(.parked, reason: reason)
        }
    }
}

/// A full or busy journal passes; a damaged one does not.
extension JournalError: FeedError {}
