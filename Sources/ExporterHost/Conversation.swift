import CanonicalRecords
import ExporterProtocol
import Findings
import Synchronization

/// One session while its process runs: the tasks that read, write, feed and keep all meet here.
///
/// Every method is one short, synchronous step of the session's state machine; latches wake whoever has to act next.
final class Conversation: Sendable {
    /// What the route's feed has to be told, in order.
    enum Deed: Sendable {
        case deadLetter(FeedRecord, reason: String)
        case acknowledge(UInt64)
    }

    /// What the feeder should ask for.
    struct Want: Sendable {
        var after: UInt64
        var records: Int
        var bytes: Int
    }

    /// What has to be said outside of the lock.
    struct Notice: Sendable {
        var begun: ExporterReady?
        var lines: [ExporterLogLine] = []
    }

    private struct State {
        var session: ExporterSession
        var reader: FrameReader
        var writer = FrameWriter()
        // In order; those of records share the storage of their batch, which is under way.
        var outbox: [ArraySlice<UInt8>] = []
        var outboxSize = 0
        var deeds: [Deed] = []
        var isFed = false
        var madeProgress = false
        var end: SessionFailure?
        var awaitedDeadline: Duration?

        mutating func post(_ bytes: ArraySlice<UInt8>) {
            outbox.append(bytes)
            outboxSize += bytes.count
        }

        mutating func post(_ frame: GatewayFrame) {
            var bytes: [UInt8] = []
            // Start, Flush and Stop always encode: they hold strings, numbers and bytes alone.
            try? writer.append(frame, to: &bytes)
            post(bytes[...])
        }
    }

    /// Bytes that may wait for the writer before the feeder pauses; also the size of one batch of records.
    private static let outboxSize = 256 << 10

    private let state: Mutex<State>
    private let clock: HostClock
    /// There is something to write.
    let output = Latch()
    /// There may be room for records.
    let room = Latch()
    /// The feed has to be told something.
    let deeds = Latch()
    /// The next deadline came nearer.
    let deadline = Latch()
    /// Closed when records no longer flow: the teardown begins.
    let over = Latch()
    /// Closed when the exporter's output has ended.
    let silence = Latch()

    init(start: SessionStart, extent: FeedExtent, rules: SessionRules, frameLimit: Int, clock: HostClock) {
        self.clock = clock
        let session = ExporterSession(start: start, extent: extent, rules: rules, at: clock.now())
        state = Mutex(State(session: session, reader: FrameReader(limit: frameLimit)))
        state.withLock { $0.post(.start(start)) }
        output.signal()
    }

    /// Why the session failed; nil while it has not.
    var failure: SessionFailure? { state.withLock { $0.end } }

    /// Whether an acknowledgement was kept. One that could not be is none: its records are sent again.
    var madeProgress: Bool { state.withLock { $0.madeProgress } }

    /// Whether acknowledgements are still to come.
    var hasRecordsUnderWay: Bool { state.withLock { $0.session.unsettledCount > 0 } }

    /// Whether the exporter has been asked to finish and may still acknowledge.
    var isStopping: Bool { state.withLock { $0.session.phase == .stopping } }

    /// Takes bytes of the exporter's standard output.
    func received(_ bytes: Span<UInt8>) -> Notice {
        let now = clock.now()
        return step { state, notice in
            // What follows a verdict is drained, not read.
            guard state.session.phase != .ended else { return }
            state.reader.append(bytes)
            while state.session.phase != .ended {
                do throws(FrameError) {
                    guard let frame = try state.reader.nextExporterFrame() else { break }
                    self.apply(state.session.received(frame, at: now), to: &state, notice: &notice)
                } catch {
                    self.apply(state.session.received(error), to: &state, notice: &notice)
                }
            }
        }
    }

    /// Tells that the exporter's output has ended.
    func outputEnded() {
        _ = step { state, notice in
            do throws(FrameError) {
                try state.reader.finish()
            } catch {
                if state.session.phase == .greeting {
                    self.apply(state.session.received(error), to: &state, notice: &notice)
                }
            }
            self.apply(state.session.outputEnded(), to: &state, notice: &notice)
        }
        over.close()
        silence.close()
        deeds.close()
    }

    /// Asks the exporter to finish.
    func stop(reason: String) {
        let now = clock.now()
        _ = step { state, notice in
            self.apply(state.session.stop(reason: reason, at: now), to: &state, notice: &notice)
        }
    }

    /// Begins the teardown without a verdict on the session: what the exporter still says counts.
    func giveUpWriting() {
        over.close()
    }

    /// Tells that an acknowledgement is safe in the feed.
    func kept() {
        state.withLock { $0.madeProgress = true }
    }

    /// Ends the session because the route's feed failed.
    func feedFailed(_ failure: SessionFailure) {
        state.withLock { state in
            if state.end == nil { state.end = failure }
        }
        over.close()
    }

    /// When ``timePassed()`` is due; whoever asks is woken through ``deadline`` when that changes to an earlier time.
    func awaitDeadline() -> Duration? {
        state.withLock { state in
            state.awaitedDeadline = state.session.nextDeadline
            return state.awaitedDeadline
        }
    }

    /// Lets the session act on the time.
    func timePassed() {
        let now = clock.now()
        _ = step { state, notice in
            self.apply(state.session.timePassed(to: now), to: &state, notice: &notice)
        }
    }
}

extension Conversation {
    /// Takes what waits to be written, in order.
    func takeOutput() -> [ArraySlice<UInt8>] {
        let pieces = state.withLock { state in
            defer {
                state.outbox = []
                state.outboxSize = 0
            }
            return state.outbox
        }
        if !pieces.isEmpty { room.signal() }
        return pieces
    }

    /// What may be fed now; nil while the window or the outbox is full.
    func want() -> Want? {
        state.withLock { state in
            let room = state.session.room
            guard state.isFed, room.records > 0, state.outboxSize < Self.outboxSize else { return nil }
            return Want(
                after: state.session.lastSent, records: room.records, bytes: max(1, min(room.bytes, Self.outboxSize)))
        }
    }

    /// Hands over records that the feed gave.
    func send(_ records: FeedBatch) {
        let now = clock.now()
        _ = step { state, notice in
            let wasRunning = state.session.phase == .running
            self.apply(state.session.send(records, at: now), to: &state, notice: &notice)
            guard wasRunning, state.session.phase == .running else { return }
            do throws(FrameError) {
                state.post(try state.writer.frames(of: records))
            } catch {
                state.end = state.end ?? SessionFailure(.feed, error.message, restartHelps: false)
                self.over.close()
                return
            }
            self.output.signal()
        }
    }

    /// What the feed has to be told, in order, with acknowledgements that follow on each other as one.
    func takeDeeds() -> [Deed] {
        state.withLock { state in
            defer { state.deeds.removeAll(keepingCapacity: true) }
            return state.deeds
        }
    }

    private func step(_ body: (inout State, inout Notice) -> Void) -> Notice {
        var notice = Notice()
        let (isNearer, hasEnded) = state.withLock { state in
            body(&state, &notice)
            let next = state.session.nextDeadline
            let isNearer = next.map { next in state.awaitedDeadline.map { next < $0 } ?? true } ?? false
            return (isNearer, state.session.phase == .stopping || state.session.phase == .ended)
        }
        if isNearer { deadline.signal() }
        if hasEnded { over.close() }
        return notice
    }

    private func apply(_ actions: [SessionAction], to state: inout State, notice: inout Notice) {
        for action in actions {
            switch action {
            case .send(let frame):
                state.post(frame)
                output.signal()
            case .begin(let ready, let encoding, _):
                state.reader.encoding = encoding
                state.writer.encoding = encoding
                state.isFed = true
                notice.begun = ready
                room.signal()
            case .deadLetter(let record, let reason):
                state.deeds.append(.deadLetter(record, reason: reason))
                deeds.signal()
            case .acknowledge(let position):
                if case .acknowledge? = state.deeds.last { state.deeds.removeLast() }
                state.deeds.append(.acknowledge(position))
                deeds.signal()
                room.signal()
            case .log(let line):
                notice.lines.append(line)
            case .end(let failure):
                state.end = state.end ?? failure
            }
        }
    }
}
