import ExporterProtocol
import Testing

/// Sessions under any order of events.
@Suite struct ExporterSessionPropertyTests {
    @Test(arguments: 0..<200 as Range<UInt64>) func whateverComesPositionsOnlyAscend(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var rules = SessionRules()
        rules.window = SessionWindow(records: 20, bytes: 500)
        var session = ExporterSession(
            start: SessionStart(gateway: "q", route: "r"), extent: FeedExtent(acknowledged: 0, end: 1000), rules: rules,
            at: .zero)
        _ = session.received(.ready(ExporterReady(name: "x", version: "")), at: .zero)
        var settled: UInt64 = 0
        var deadLetters: Set<UInt64> = []
        var time = Duration.zero
        var hasEnded = false
        for _ in 0..<300 {
            time += .milliseconds(Int.random(in: 0..<2000, using: &random))
            let before = session.lastSent
            let actions = Self.event(&random, &session, at: time)
            #expect(!hasEnded || actions.isEmpty)
            for action in actions {
                switch action {
                case .acknowledge(let position):
                    #expect(position > settled && position <= session.lastSent)
                    settled = position
                case .deadLetter(let record, _):
                    #expect(record.position > settled && record.position <= before)
                    #expect(deadLetters.insert(record.position).inserted)
                case .end: hasEnded = true
                case .send, .begin, .log: break
                }
            }
            #expect(session.settled == settled)
            #expect(session.unsettledCount <= 20)
        }
    }

    private static func event(
        _ random: inout SplitMix64, _ session: inout ExporterSession, at time: Duration
    ) -> [SessionAction] {
        // Mostly positions that make sense, so that sessions live long enough.
        func position() -> UInt64 {
            let near = session.settled + UInt64.random(in: 0...5, using: &random)
            return UInt64.random(in: 0..<20, using: &random) == 0 ? near + 30 : min(near, session.lastSent)
        }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4:
            let count = min(session.room.records, Int.random(in: 1...4, using: &random))
            guard count > 0 else { return [] }
            let first = session.lastSent + 1
            let records = (first..<first + UInt64(count)).map { FeedRecord(position: $0, bytes: [1, 2, 3]) }
            return session.send(FeedBatch(records), at: time)
        case 4..<7: return session.received(.ack(max(session.settled, position())), at: time)
        case 7:
            let isRetry = UInt64.random(in: 0..<30, using: &random) == 0
            return session.received(
                .reject(RecordRejection(position: position(), reason: "r", retry: isRetry)), at: time)
        case 8: return session.timePassed(to: time)
        default: return session.received(.log(ExporterLogLine(message: "m")), at: time)
        }
    }
}
