/// The gateway's side of one session, as a value: what happens goes in, what to do comes out.
///
/// It has no clock: every event brings the time, as the duration since any fixed moment. It does no I/O: the caller
/// writes, reads, feeds and tears down.
public struct ExporterSession: Sendable {
    /// Where a session stands.
    public enum Phase: Sendable, Hashable {
        /// `Start` has been sent.
        case greeting
        /// Records flow.
        case running
        /// `Stop` has been sent, because it was asked for or after a refusal; acknowledgements still count.
        case stopping
        /// Over.
        case ended
    }

    /// Where it stands.
    public private(set) var phase: Phase = .greeting
    /// The position of the last record that was handed to ``send(_:at:)``, or after which records are to be fed.
    public private(set) var lastSent: UInt64
    /// Everything up to here is safe at the exporter or among the dead letters.
    public private(set) var settled: UInt64

    let rules: SessionRules
    let start: SessionStart
    let extent: FeedExtent
    var window: SessionWindow
    var underWay = RecordsUnderWay()
    private var timers: SessionTimers
    // Why the session stops, and the record that must not be settled, where a refusal is the reason.
    private var stopCause: SessionFailure?
    var barrier: UInt64?

    /// Begins a session: write `start` to the exporter as the first thing.
    public init(start: SessionStart, extent: FeedExtent, rules: SessionRules = SessionRules(), at now: Duration) {
        self.start = start
        self.extent = extent
        self.rules = rules
        self.window = rules.window
        self.lastSent = extent.acknowledged
        self.settled = extent.acknowledged
        self.timers = SessionTimers(rules: rules, at: now)
    }

    /// How much may be sent now. One record of any size may be sent whenever `records` is positive.
    public var room: SessionWindow {
        guard phase == .running, underWay.count < window.records, underWay.byteCount < window.bytes else {
            return SessionWindow(records: 0, bytes: 0)
        }
        return SessionWindow(records: window.records - underWay.count, bytes: window.bytes - underWay.byteCount)
    }

    /// How many records are sent and neither acknowledged nor refused.
    public var unsettledCount: Int { underWay.count }

    /// When ``timePassed(to:)`` is to be called next, if nothing else happens; nil when only an event can matter.
    public var nextDeadline: Duration? {
        timers.next(phase: phase, isWaiting: !underWay.isEmpty, isFull: isFull)
    }

    /// Registers records that are about to be written; write them in their order, unless the answer ends the session.
    public mutating func send(_ records: FeedBatch, at now: Duration) -> [SessionAction] {
        guard phase == .running else { return [] }
        timers.sending(wasIdle: underWay.isEmpty, at: now)
        for index in records.indices {
            let position = records.entry(index).position
            guard position > lastSent else {
                return end(SessionFailure(.feed, "the feed gave position \(position) after \(lastSent)"))
            }
            lastSent = position
        }
        underWay.append(records)
        return []
    }

    /// Takes a frame of the exporter.
    public mutating func received(_ frame: ExporterFrame, at now: Duration) -> [SessionAction] {
        guard phase != .ended else { return [] }
        timers.heard(at: now)
        switch frame {
        case .ready(let ready): return received(ready, at: now)
        case .log(let line): return phase == .greeting ? early("Log") : [.log(line)]
        case .ack(let position): return phase == .greeting ? early("Ack") : acknowledged(position, at: now)
        case .reject(let rejection): return phase == .greeting ? early("Reject") : rejected(rejection, at: now)
        }
    }

    /// Tells that the exporter's output cannot be read as frames.
    public mutating func received(_ error: FrameError) -> [SessionAction] {
        end(
            SessionFailure(
                .garbage, "standard output is not made of frames: \(error)",
                advice: "anything but frames belongs on standard error"))
    }

    /// Tells that the exporter has closed its output.
    public mutating func outputEnded() -> [SessionAction] {
        if phase == .stopping { return end(stopCause) }
        return end(SessionFailure(.exited, "standard output was closed before the exporter was asked to stop"))
    }

    /// Asks the exporter to finish. Wait for the end of its output, or tear it down when that takes too long.
    public mutating func stop(reason: String, at now: Duration) -> [SessionAction] {
        switch phase {
        case .greeting: return end(nil)
        case .stopping, .ended: return []
        case .running:
            phase = .stopping
            return [.send(.stop(reason: reason))]
        }
    }

    /// Tells the time, at ``nextDeadline`` or later.
    public mutating func timePassed(to now: Duration) -> [SessionAction] {
        let due = timers.due(at: now, phase: phase, isWaiting: !underWay.isEmpty, isFull: isFull)
        switch due {
        case nil: return []
        case .handshake:
            return end(SessionFailure(.handshakeTimeout, "no Ready within \(rules.handshakeTimeout)"))
        case .silence:
            return end(silent("no frame for \(rules.silenceTimeout)"))
        case .acknowledgement:
            return end(silent("no acknowledgement for \(rules.acknowledgementTimeout)"))
        case .flush:
            timers.flushed()
            return [.send(.flush)]
        }
    }
}

extension ExporterSession {
    private var isFull: Bool { underWay.count >= window.records || underWay.byteCount >= window.bytes }

    mutating func end(_ failure: SessionFailure?) -> [SessionAction] {
        guard phase != .ended else { return [] }
        phase = .ended
        return [.end(failure)]
    }

    /// Lets the exporter finish what came before a refused record, and then ends the session.
    mutating func stop(at position: UInt64, because failure: SessionFailure) -> [SessionAction] {
        guard phase == .running else { return [] }
        phase = .stopping
        stopCause = failure
        barrier = position
        return [.send(.stop(reason: "the record at position \(position) was refused"))]
    }

    mutating func violation(_ message: String) -> [SessionAction] {
        end(SessionFailure(.protocolViolation, message))
    }

    private mutating func early(_ name: String) -> [SessionAction] {
        violation("\(name) came before Ready")
    }

    private func silent(_ what: String) -> SessionFailure {
        SessionFailure(.silent, "\(what) with \(underWay.count) records under way, the first at \(underWay.first ?? 0)")
    }

    mutating func run(after position: UInt64, window: SessionWindow, at now: Duration) {
        phase = .running
        lastSent = position
        settled = position
        self.window = window
        timers.heard(at: now)
    }

    mutating func settle(through position: UInt64, at now: Duration) {
        settled = position
        timers.progressed(at: now)
    }
}
