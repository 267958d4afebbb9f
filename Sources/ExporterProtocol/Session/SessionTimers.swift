/// The deadlines of a session.
struct SessionTimers: Sendable {
    enum Timer: Sendable, Hashable {
        case handshake, silence, acknowledgement, flush
    }

    private let rules: SessionRules
    private let opened: Duration
    private var lastHeard: Duration
    private var lastProgress: Duration
    private var isFlushUnderWay = false

    init(rules: SessionRules, at now: Duration) {
        self.rules = rules
        self.opened = now
        self.lastHeard = now
        self.lastProgress = now
    }

    mutating func heard(at now: Duration) {
        lastHeard = now
    }

    // What was idle could not fall silent: its time counts from the first record on.
    mutating func sending(wasIdle: Bool, at now: Duration) {
        guard wasIdle else { return }
        lastHeard = now
        progressed(at: now)
    }

    mutating func progressed(at now: Duration) {
        lastProgress = now
        isFlushUnderWay = false
    }

    mutating func flushed() {
        isFlushUnderWay = true
    }

    func next(phase: ExporterSession.Phase, isWaiting: Bool, isFull: Bool) -> Duration? {
        deadlines(phase: phase, isWaiting: isWaiting, isFull: isFull).map(\.time).min()
    }

    func due(at now: Duration, phase: ExporterSession.Phase, isWaiting: Bool, isFull: Bool) -> Timer? {
        deadlines(phase: phase, isWaiting: isWaiting, isFull: isFull).first { $0.time <= now }?.timer
    }

    // Gravest first. While stopping, the teardown has its own times.
    private func deadlines(
        phase: ExporterSession.Phase, isWaiting: Bool, isFull: Bool
    ) -> [(timer: Timer, time: Duration)] {
        switch phase {
        case .greeting: return [(.handshake, opened + rules.handshakeTimeout)]
        case .stopping, .ended: return []
        case .running:
            guard isWaiting else { return [] }
            var deadlines: [(timer: Timer, time: Duration)] = [
                (.acknowledgement, lastProgress + rules.acknowledgementTimeout),
                (.silence, lastHeard + rules.silenceTimeout),
            ]
            if !isFlushUnderWay {
                let patience = isFull ? min(rules.flushWhenFullAfter, rules.flushAfter) : rules.flushAfter
                deadlines.append((.flush, lastProgress + patience))
            }
            return deadlines
        }
    }
}
