import ExporterProtocol
import Testing

@Suite struct ExporterSessionTests {
    private func session(
        acknowledged: UInt64 = 0, oldest: UInt64 = 1, end: UInt64 = 1000, epochs: FeedEpochs? = nil,
        change: (inout SessionRules) -> Void = { _ in }
    ) -> ExporterSession {
        var rules = SessionRules()
        rules.handshakeTimeout = .seconds(10)
        rules.silenceTimeout = .seconds(60)
        rules.acknowledgementTimeout = .seconds(300)
        rules.flushAfter = .seconds(1)
        rules.flushWhenFullAfter = .milliseconds(20)
        change(&rules)
        return ExporterSession(
            start: SessionStart(gateway: "qiao 1.0", route: "r", acknowledged: acknowledged),
            extent: FeedExtent(acknowledged: acknowledged, oldest: oldest, end: end, epochs: epochs), rules: rules,
            at: .zero)
    }

    private func running(
        acknowledged: UInt64 = 0, sent: ClosedRange<UInt64>? = nil, change: (inout SessionRules) -> Void = { _ in }
    ) -> ExporterSession {
        var session = session(acknowledged: acknowledged, change: change)
        _ = session.received(.ready(ExporterReady(name: "x", version: "2")), at: .zero)
        if let sent { #expect(session.send(records(sent), at: .zero).isEmpty) }
        return session
    }

    private func records(_ positions: ClosedRange<UInt64>, size: Int = 10) -> FeedBatch {
        FeedBatch(
            positions.map { FeedRecord(position: $0, bytes: ArraySlice([UInt8](repeating: 1, count: size))) })
    }

    private func code(_ actions: [SessionAction]) -> SessionFailure.Code? {
        guard case .end(let failure)? = actions.last else { return nil }
        return failure?.code
    }

    private func failure(_ actions: [SessionAction]) -> SessionFailure? {
        guard case .end(let failure)? = actions.last else { return nil }
        return failure
    }

    // MARK: Handshake

    @Test func readyBeginsTheSessionBehindTheAcknowledgedPosition() {
        var session = session(acknowledged: 7)
        let ready = ExporterReady(name: "x", version: "2", encoding: .jsonLines)
        #expect(
            session.received(.ready(ready), at: .seconds(1)) == [.begin(ready, encoding: .jsonLines, resumeAfter: 7)])
        #expect(session.phase == .running)
        #expect(session.lastSent == 7)
    }

    @Test func handshakeHasItsTime() {
        var session = session()
        #expect(session.nextDeadline == .seconds(10))
        #expect(session.timePassed(to: .seconds(9)).isEmpty)
        #expect(code(session.timePassed(to: .seconds(10))) == .handshakeTimeout)
        #expect(session.received(.ready(ExporterReady(name: "late", version: "")), at: .seconds(11)).isEmpty)
    }

    @Test func versionMismatchNamesBothSidesAndParks() {
        var session = session()
        var ready = ExporterReady(name: "other", version: "9.1")
        ready.protocolVersion = 2
        let failure = failure(session.received(.ready(ready), at: .zero))
        #expect(failure?.code == .versionMismatch)
        #expect(failure?.restartHelps == false)
        #expect(
            failure?.message
                == "qiao 1.0 speaks version 1 of the exporter protocol, other 9.1 speaks version 2")
    }

    @Test func unknownEncodingNamesWhatThereIs() {
        var session = session()
        var ready = ExporterReady(name: "", version: "")
        ready.encoding = "xml"
        let message = failure(session.received(.ready(ready), at: .zero))?.message ?? ""
        #expect(message.contains("\"xml\"") && message.contains("\"protobuf\" or \"json\""))
    }

    @Test(arguments: [.ack(1), .log(ExporterLogLine(message: "m"))] as [ExporterFrame])
    func nothingMayComeBeforeReady(_ frame: ExporterFrame) {
        var session = session()
        #expect(code(session.received(frame, at: .zero)) == .protocolViolation)
    }

    @Test func secondReadyIsAViolation() {
        var session = running()
        #expect(
            code(session.received(.ready(ExporterReady(name: "x", version: "")), at: .zero)) == .protocolViolation)
    }

    struct Resume: Sendable {
        var stored: UInt64?
        var acknowledged: UInt64
        var oldest: UInt64
        var end: UInt64
        var resumesAfter: UInt64?
        var failure: SessionFailure.Code?
        var acknowledges: UInt64?
    }

    @Test(arguments: [
        Resume(stored: nil, acknowledged: 5, oldest: 1, end: 9, resumesAfter: 5),
        Resume(stored: 5, acknowledged: 5, oldest: 1, end: 9, resumesAfter: 5),
        Resume(stored: 8, acknowledged: 5, oldest: 1, end: 9, resumesAfter: 8, acknowledges: 8),
        Resume(stored: 9, acknowledged: 5, oldest: 1, end: 9, resumesAfter: 9, acknowledges: 9),
        Resume(stored: 10, acknowledged: 5, oldest: 1, end: 9, failure: .exporterAhead),
        Resume(stored: 3, acknowledged: 5, oldest: 4, end: 9, resumesAfter: 3),
        Resume(stored: 2, acknowledged: 5, oldest: 4, end: 9, failure: .exporterBehind),
        Resume(stored: 0, acknowledged: 5, oldest: 1, end: 9, resumesAfter: 0),
        Resume(stored: nil, acknowledged: 5, oldest: 9, end: 9, resumesAfter: 5),
        Resume(stored: 5, acknowledged: 5, oldest: 6, end: 3, resumesAfter: 5),
    ])
    func resumePosition(_ resume: Resume) {
        var session = session(acknowledged: resume.acknowledged, oldest: resume.oldest, end: resume.end)
        let ready = ExporterReady(name: "x", version: "", stored: resume.stored)
        let actions = session.received(.ready(ready), at: .zero)
        #expect(code(actions) == resume.failure)
        if let after = resume.resumesAfter {
            #expect(actions.first == .begin(ready, encoding: .protobuf, resumeAfter: after))
            #expect(session.lastSent == after)
        }
        #expect(actions.last == resume.acknowledges.map { .acknowledge(through: $0) } || resume.acknowledges == nil)
    }

    struct Epoch: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var stored: UInt64
        var epoch: String?
        var isForeign = false
    }

    // The journal ended at 10 in its first epoch, at 20 in its second; 30 records are there now, 15 are acknowledged.
    @Test(arguments: [
        Epoch(testDescription: "told no epoch, as older exporters do", stored: 25, epoch: nil),
        Epoch(testDescription: "this epoch", stored: 25, epoch: "c"),
        Epoch(testDescription: "an earlier one, at its end", stored: 20, epoch: "b"),
        Epoch(testDescription: "an earlier one, before its end", stored: 16, epoch: "b"),
        Epoch(testDescription: "an earlier one, before its beginning", stored: 5, epoch: "b"),
        Epoch(testDescription: "beyond the end of an earlier one", stored: 21, epoch: "b", isForeign: true),
        Epoch(testDescription: "beyond, though acknowledged", stored: 11, epoch: "a", isForeign: true),
        Epoch(testDescription: "an epoch of another journal", stored: 16, epoch: "x", isForeign: true),
        Epoch(testDescription: "of another journal, at what is acknowledged", stored: 15, epoch: "x", isForeign: true),
        Epoch(testDescription: "nothing stored, of another journal", stored: 0, epoch: "x"),
    ])
    func positionsOfAnotherHistoryAreNotGoneOnFrom(_ epoch: Epoch) {
        var session = session(
            acknowledged: 15, end: 30, epochs: FeedEpochs(current: "c", ends: ["a": 10, "b": 20]))
        let ready = ExporterReady(name: "x", version: "", stored: epoch.stored, storedEpoch: epoch.epoch)
        #expect(code(session.received(.ready(ready), at: .zero)) == (epoch.isForeign ? .exporterAhead : nil))
    }

    // MARK: Acknowledgements

    @Test func acknowledgementSettlesEverythingUpToIt() {
        var session = running(sent: 1...5)
        #expect(session.received(.ack(3), at: .zero) == [.acknowledge(through: 3)])
        #expect(session.unsettledCount == 2)
        #expect(session.received(.ack(3), at: .zero).isEmpty)
        #expect(session.received(.ack(5), at: .zero) == [.acknowledge(through: 5)])
    }

    @Test(arguments: [
        (UInt64(0), "names no position"), (2, "went back from 3 to 2"), (6, "the last that was sent is 5"),
        (.max, "the last that was sent is 5"),
    ])
    func wrongAcknowledgementIsAViolation(_ position: UInt64, _ says: String) {
        var session = running(sent: 1...5)
        _ = session.received(.ack(3), at: .zero)
        let failure = failure(session.received(.ack(position), at: .zero))
        #expect(failure?.code == .protocolViolation)
        #expect(failure?.message.contains(says) == true)
        #expect(session.received(.ack(5), at: .zero).isEmpty)
    }

    @Test func positionInAGapWasNeverSent() {
        var session = running()
        let records = [FeedRecord(position: 3, bytes: [1]), FeedRecord(position: 9, bytes: [1])]
        _ = session.send(FeedBatch(records), at: .zero)
        #expect(failure(session.received(.ack(5), at: .zero))?.message.contains("never sent") == true)
    }

    @Test func feedThatGoesBackIsOurFault() {
        var session = running(sent: 1...5)
        #expect(code(session.send(records(5...5), at: .zero)) == .feed)
    }

    // MARK: Refusals

    @Test func refusedRecordIsSettledWhenAllBeforeItAre() {
        var session = running(sent: 1...5)
        let second = records(2...2)[0]
        #expect(
            session.received(.reject(RecordRejection(position: 2, reason: "odd", retry: false)), at: .zero)
                == [.deadLetter(second, reason: "odd")])
        #expect(session.received(.ack(1), at: .zero) == [.acknowledge(through: 1), .acknowledge(through: 2)].suffix(1))
    }

    @Test func refusedFirstRecordIsSettledAtOnce() {
        var session = running(sent: 1...2)
        let first = records(1...1)[0]
        #expect(
            session.received(.reject(RecordRejection(position: 1, reason: "", retry: false)), at: .zero)
                == [.deadLetter(first, reason: ""), .acknowledge(through: 1)])
        #expect(session.settled == 1)
        // The exporter may count it as done, too.
        #expect(session.received(.ack(1), at: .zero).isEmpty)
    }

    @Test(arguments: [UInt64(0), 1, 6, 3]) func rejectOfWhatIsNotUnderWayIsAViolation(_ position: UInt64) {
        var session = running(sent: 1...5)
        _ = session.received(.ack(2), at: .zero)
        _ = session.received(.reject(RecordRejection(position: 3, reason: "", retry: false)), at: .zero)
        let actions = session.received(
            .reject(RecordRejection(position: position, reason: "", retry: false)), at: .zero)
        #expect(code(actions) == .protocolViolation)
    }

    @Test func retryLaterStopsTheSessionInFrontOfTheRecord() {
        var session = running(sent: 1...5)
        let actions = session.received(.reject(RecordRejection(position: 3, reason: "busy", retry: true)), at: .zero)
        guard case .send(.stop)? = actions.first else {
            Issue.record("no Stop")
            return
        }
        #expect(session.room.records == 0)
        #expect(session.received(.ack(5), at: .zero).isEmpty)
        #expect(session.received(.ack(2), at: .zero) == [.acknowledge(through: 2)])
        let failure = failure(session.outputEnded())
        #expect(failure?.code == .retryLater)
        #expect(failure?.restartHelps == true)
        #expect(session.settled == 2)
    }

    @Test func stopPolicyParksWithTheRecordUnsettled() {
        var session = running(sent: 1...5) { $0.refusal = .stop }
        _ = session.received(.reject(RecordRejection(position: 1, reason: "bad", retry: false)), at: .zero)
        let failure = failure(session.outputEnded())
        #expect(failure?.code == .refused)
        #expect(failure?.restartHelps == false)
        #expect(session.settled == 0)
    }

    // MARK: Window

    @Test func windowIsTheLesserOfBothSides() {
        var session = session { $0.window = SessionWindow(records: 100, bytes: 1000) }
        let asked = SessionWindow(records: 5, bytes: 5000)
        _ = session.received(.ready(ExporterReady(name: "x", version: "", window: asked)), at: .zero)
        #expect(session.room == SessionWindow(records: 5, bytes: 1000))
        _ = session.send(records(1...5), at: .zero)
        #expect(session.room.records == 0)
        _ = session.received(.ack(2), at: .zero)
        #expect(session.room == SessionWindow(records: 2, bytes: 970))
    }

    @Test func recordGreaterThanTheWindowTravelsAlone() {
        var session = running { $0.window = SessionWindow(records: 100, bytes: 1000) }
        #expect(session.room.records > 0)
        _ = session.send(records(1...1, size: 5000), at: .zero)
        #expect(session.room.records == 0)
        _ = session.received(.ack(1), at: .zero)
        #expect(session.room.records == 100)
    }

    // MARK: Time

    @Test func idleSessionHasNoDeadline() {
        var session = running()
        #expect(session.nextDeadline == nil)
        #expect(session.timePassed(to: .seconds(100_000)).isEmpty)
        _ = session.send(records(1...1), at: .seconds(100_000))
        #expect(session.nextDeadline == .seconds(100_001))
    }

    @Test func flushIsAskedForOnceUntilAnAcknowledgementComes() {
        var session = running(sent: 1...2)
        #expect(session.timePassed(to: .seconds(1)) == [.send(.flush)])
        #expect(session.timePassed(to: .seconds(5)).isEmpty)
        _ = session.received(.ack(1), at: .seconds(6))
        #expect(session.nextDeadline == .seconds(7))
        #expect(session.timePassed(to: .seconds(7)) == [.send(.flush)])
    }

    @Test func fullWindowIsFlushedSooner() {
        let session = running(sent: 1...4) { $0.window.records = 4 }
        #expect(session.nextDeadline == .milliseconds(20))
    }

    @Test func silenceEndsTheSession() {
        var session = running(sent: 1...2)
        _ = session.timePassed(to: .seconds(1))
        _ = session.received(.log(ExporterLogLine(message: "busy")), at: .seconds(50))
        #expect(session.timePassed(to: .seconds(109)).isEmpty)
        #expect(code(session.timePassed(to: .seconds(110))) == .silent)
    }

    @Test func talkWithoutAcknowledgementEndsTheSession() {
        var session = running(sent: 1...2)
        for second in stride(from: 1, to: 300, by: 10) {
            _ = session.timePassed(to: .seconds(second))
            _ = session.received(.log(ExporterLogLine(message: "busy")), at: .seconds(second))
        }
        #expect(session.phase == .running)
        #expect(code(session.timePassed(to: .seconds(300))) == .silent)
    }

    // MARK: End

    @Test func stopIsSentOnceAndAcknowledgementsStillCount() {
        var session = running(sent: 1...3)
        #expect(session.stop(reason: "bye", at: .zero) == [.send(.stop(reason: "bye"))])
        #expect(session.stop(reason: "bye", at: .zero).isEmpty)
        #expect(session.send(records(4...4), at: .zero).isEmpty)
        #expect(session.lastSent == 3)
        #expect(session.received(.ack(3), at: .zero) == [.acknowledge(through: 3)])
        #expect(session.outputEnded() == [.end(nil)])
        #expect(session.phase == .ended)
    }

    @Test func stopDuringTheHandshakeEndsIt() {
        var session = session()
        #expect(session.stop(reason: "bye", at: .zero) == [.end(nil)])
    }

    @Test func endOfOutputWithoutStopIsAFailure() {
        var session = running(sent: 1...3)
        #expect(code(session.outputEnded()) == .exited)
    }
}
