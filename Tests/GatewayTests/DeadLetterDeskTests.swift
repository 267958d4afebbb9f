import CanonicalRecords
import Foundation
import Journal
import Mappings
import Testing

@testable import Gateway

/// What people ask for dead letters, and what becomes of it.
@Suite(.timeLimit(.minutes(3))) struct DeadLetterDeskTests {
    let scene: Scene
    let journal: Journal

    init() async throws {
        scene = try Scene()
        journal = try await scene.journal()
        _ = try await journal.openRoute("r", startingAt: .beginning, at: Scene.now)
    }

    private var desk: DeadLetterDesk {
        DeadLetterDesk(journal: journal, state: scene.state, now: { Scene.now }, logger: scene.logger)
    }

    /// Commits people, and has the route refuse all of them; what it was offered was masked.
    private func refuse(_ numbers: Int...) async throws {
        let filing = Toy.filing(UInt64(journal.lastPosition) + 1, numbers.map { Toy.person($0) })
        try await journal.commit([filing], at: Scene.now)
        try await refuseLast(numbers)
    }

    private func refuseLast(_ numbers: [Int]) async throws {
        let from = journal.lastPosition - Int64(numbers.count)
        let refused = try numbers.enumerated().map { index, number in
            RefusedRecord(
                position: from + Int64(index) + 1, record: try masked(Toy.person(number)), reason: "no")
        }
        let step = RouteAdvance(
            route: "r", to: journal.lastPosition, selected: numbers.count, acked: 0, refused: refused)
        try await journal.advance([step], at: Scene.now)
    }

    private func masked(_ record: [UInt8]) throws -> [UInt8] {
        var out = RecordBuffer()
        let policy = RecordPolicy(sensitive: .mask, audience: .outward, hashKey: IdentityKey.published.key)
        try RecordMasker(policy).rewrite(record.span, to: &out)
        return out.copied()
    }

    private func ask(_ requests: DeadLetterRequest...) async throws -> [DeadLetter.State] {
        for request in requests { try request.leave(in: scene.state.path) }
        await desk.carryOut(DeadLetterRequest.pending(in: scene.state))
        return try await journal.deadLetters(state: nil).map(\.state)
    }

    private func sent(after position: Int64) async throws -> [JournalChunk] {
        try await journal.chunks(after: position, limitBytes: .max)
    }

    private func chunk(_ position: Int64, _ record: [UInt8], isAsOffered: Bool = false) -> JournalChunk {
        JournalChunk(
            firstPosition: position, count: 1, bytes: Toy.chunk([record]).bytes,
            origin: .replay(route: "r", isAsOffered: isAsOffered))
    }

    @Test func requestsAreLeftFoundAndRemoved() throws {
        #expect(DeadLetterRequest.pending(in: scene.state) == [])
        let requests = [
            DeadLetterRequest(7, .replayMended([1, 2, 0])), DeadLetterRequest(10, .remove),
            DeadLetterRequest(100, .replay),
        ]
        for request in requests.reversed() { try request.leave(in: scene.state.path) }
        #expect(DeadLetterRequest.pending(in: scene.state) == requests)
        // The last word counts.
        try DeadLetterRequest(7, .remove).leave(in: scene.state.path)
        #expect(DeadLetterRequest.pending(in: scene.state)[0] == DeadLetterRequest(7, .remove))
        requests[0].remove(from: scene.state)
        #expect(DeadLetterRequest.pending(in: scene.state) == Array(requests[1...]))
        #expect(RetryRequest.pending(in: scene.state) == [])
    }

    @Test(arguments: ["dead-letter", "dead-letter.", "dead-letter.x", "dead-letter.1.tmp", "other.1", "dead-letter.2"])
    func filesThatAreNoRequestsAreLeftAlone(_ name: String) throws {
        try StateFolder.make(scene.state.path + "/requests")
        try scene.folder.write("", to: "state/requests/\(name)")
        #expect(DeadLetterRequest.pending(in: scene.state) == [])
    }

    @Test func theRecordIsSentAsItWasJournaled() async throws {
        try await refuse(1, 2)
        #expect(try await ask(DeadLetterRequest(2, .replay)) == [.open, .replayed])
        #expect(try await sent(after: 2) == [chunk(3, Toy.person(2))])
        #expect(DeadLetterRequest.pending(in: scene.state) == [])
        #expect(scene.trail.events == ["notice: A dead letter is sent again"])
    }

    @Test func whereTheJournalHasItNoMoreItIsSentAsItWasOffered() async throws {
        try await journal.commit([Toy.filing(1, [Toy.person(1)])], at: Scene.now)
        _ = try await journal.prune(olderThan: .distantFuture, deliveredTo: [], at: Scene.now)
        try await refuseLast([1])
        #expect(try await ask(DeadLetterRequest(1, .replay)) == [.replayed])
        #expect(try await sent(after: 1) == [chunk(2, try masked(Toy.person(1)), isAsOffered: true)])
    }

    @Test func aMendedRecordIsSentInItsPlace() async throws {
        try await refuse(1)
        let mended = Toy.record(
            """
            {"provenance":{"id":"\(Toy.id(1))","source":"test"},"person":{"name":"李四"}}
            """)
        #expect(try await ask(DeadLetterRequest(1, .replayMended(mended))) == [.replayed])
        #expect(try await sent(after: 1) == [chunk(2, mended)])
    }

    @Test(arguments: [Toy.person(2), Toy.place(1), [], [0xFF]])
    func anotherRecordIsNotSentInItsPlace(_ record: [UInt8]) async throws {
        try await refuse(1)
        #expect(try await ask(DeadLetterRequest(1, .replayMended(record))) == [.open])
        #expect(DeadLetterRequest.pending(in: scene.state) == [])
        #expect(scene.trail.events == ["error: A request for a dead letter cannot be carried out"])
    }

    /// The person was filed again, and that record was delivered: the old one must not come behind it.
    @Test func aNewerRecordOfTheSameIdStands() async throws {
        try await refuse(1, 2)
        let newer = Toy.filing(9, [Toy.place(3), Toy.person(1)])
        try await journal.commit([newer], at: Scene.now)
        #expect(
            try await ask(DeadLetterRequest(1, .replay), DeadLetterRequest(2, .replay)) == [.superseded, .replayed])
        #expect(try await journal.deadLetter(1)?.settledAs == 4)
        #expect(try await sent(after: 4) == [chunk(5, Toy.person(2))])
    }

    /// Each refused the same person in turn: only the newest of them is sent, whatever the order of the requests.
    @Test func ofSeveralOnlyTheNewestIsSent() async throws {
        for _ in 0..<3 { try await refuse(1) }
        let requests = [3, 1, 2].map { DeadLetterRequest($0, .replay) }
        #expect(try await ask(requests[0], requests[1], requests[2]) == [.superseded, .superseded, .replayed])
        #expect(try await sent(after: 3) == [chunk(4, Toy.person(1))])
    }

    @Test func whatWasSentAgainCanBeRefusedAndSentAgain() async throws {
        try await refuse(1)
        _ = try await ask(DeadLetterRequest(1, .replay))
        let refused = RefusedRecord(position: 2, record: try masked(Toy.person(1)), reason: "still")
        try await journal.advance(
            [RouteAdvance(route: "r", to: 2, selected: 1, acked: 0, refused: [refused])], at: Scene.now)
        #expect(try await ask(DeadLetterRequest(2, .replay)) == [.replayed, .replayed])
        #expect(try await sent(after: 2) == [chunk(3, Toy.person(1))])
    }

    @Test func thoseThatAreLetGoAreNotSent() async throws {
        try await refuse(1, 2)
        #expect(try await ask(DeadLetterRequest(1, .remove)) == [.removed, .open])
        #expect(try await sent(after: 2) == [])
        #expect(scene.trail.events == ["notice: A dead letter was let go"])
    }

    @Test func whatIsNotOpenIsSaidAndForgotten() async throws {
        try await refuse(1)
        #expect(try await ask(DeadLetterRequest(1, .replay), DeadLetterRequest(99, .replay)) == [.replayed])
        #expect(try await ask(DeadLetterRequest(1, .replay)) == [.replayed])
        #expect(DeadLetterRequest.pending(in: scene.state) == [])
        #expect(try await sent(after: 1).count == 1)
        let said = "error: A request for a dead letter cannot be carried out"
        #expect(scene.trail.events.filter { $0 == said }.count == 2)
    }

    /// Refuses people whose chunk lies in a file of its own, which is damaged then.
    private func refuseDamaged(_ numbers: Int...) async throws {
        let records = numbers.map { Toy.person($0) }
        var filing = Toy.filing(UInt64(journal.lastPosition) + 1, records)
        let staging = try await journal.beginStaging(filing.identity, delivery: .event, at: Scene.now)
        try await journal.append([Toy.chunk(records)], to: staging)
        filing.records = .staged(staging)
        try await journal.commit([filing], at: Scene.now)
        try await refuseLast(numbers)
        let folder = scene.state.journal + "-chunks"
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            try Data(repeating: 0xAA, count: 4096).write(to: URL(filePath: "\(folder)/\(name)"))
        }
    }

    /// What lies behind the first cannot be looked through, the second and third cannot be read; the fourth is as it was.
    @Test func damageIsTheMatterOfThoseItConcerns() async throws {
        try await refuse(1)
        try await refuseDamaged(2, 3)
        try await refuse(4)
        let requests = [
            DeadLetterRequest(1, .replay), DeadLetterRequest(2, .replay), DeadLetterRequest(3, .remove),
            DeadLetterRequest(4, .replay),
        ]
        #expect(
            try await ask(requests[0], requests[1], requests[2], requests[3]) == [.open, .open, .removed, .replayed])
        #expect(DeadLetterRequest.pending(in: scene.state) == [])
        let said = "error: A request for a dead letter cannot be carried out"
        #expect(scene.trail.events.filter { $0 == said }.count == 2)
    }

    /// What cannot be read as a record stands in the way of those before it alone.
    @Test func whatIsNoRecordIsTheMatterOfThoseBeforeIt() async throws {
        try await refuse(1)
        var filing = Toy.filing(9, [Toy.person(9)])
        filing.records = .chunks([RecordChunk(bytes: [2, 0xFF, 0xFF], count: 1)])
        try await journal.commit([filing], at: Scene.now)
        try await refuse(2)
        #expect(try await ask(DeadLetterRequest(1, .replay), DeadLetterRequest(2, .replay)) == [.open, .replayed])
        #expect(DeadLetterRequest.pending(in: scene.state) == [])
    }

    @Test func thatRequestsStayIsToldOnce() async throws {
        try await refuse(1, 2)
        try journal.close()
        let desk = desk
        await desk.carryOut([DeadLetterRequest(1, .replay)])
        await desk.carryOut([DeadLetterRequest(1, .replay)])
        let said = "error: Dead letters cannot be settled now; the requests stay"
        #expect(scene.trail.events.filter { $0 == said }.count == 1)
        await desk.carryOut([DeadLetterRequest(1, .replay), DeadLetterRequest(2, .replay)])
        #expect(scene.trail.events.filter { $0 == said }.count == 2)
    }

    @Test func requestsStayWhileTheJournalCannotBeUsed() async throws {
        try await refuse(1)
        try journal.close()
        let request = DeadLetterRequest(1, .replay)
        try request.leave(in: scene.state.path)
        await desk.carryOut([request])
        #expect(DeadLetterRequest.pending(in: scene.state) == [request])
        #expect(scene.trail.events == ["error: Dead letters cannot be settled now; the requests stay"])
    }

    /// A cancelled search ends quietly; the request is found again at the next start.
    @Test func cancellationLeavesTheRequest() async throws {
        try await refuse(1)
        try await journal.commit([Toy.filing(9, [Toy.place(3)])], at: Scene.now)
        let request = DeadLetterRequest(1, .replay)
        try request.leave(in: scene.state.path)
        await Task { [desk] in
            withUnsafeCurrentTask { $0?.cancel() }
            await desk.carryOut([request])
        }.value
        #expect(DeadLetterRequest.pending(in: scene.state) == [request])
        #expect(scene.trail.events == [])
    }
}

@Suite(.timeLimit(.minutes(3))) struct RequestDeskTests {
    let scene: Scene

    init() throws { scene = try Scene() }

    /// What cannot be done is told once, not once a second.
    @Test func whatIsAskedForIsPassedOnOnceASecond() async throws {
        try RetryRequest(source: "test", digest: String(repeating: "ab", count: 32)).leave(in: scene.state.path)
        try DeadLetterRequest(7, .replay).leave(in: scene.state.path)
        let clock = HookedClock { [scene] pause in
            scene.trail.note("\(pause)")
            if scene.trail.events.count == 6 { withUnsafeCurrentTask { $0?.cancel() } }
        }
        let desk = RequestDesk(
            state: scene.state, retry: { [scene] in scene.trail.note($1 ? "\($0.source) again" : $0.source) },
            settle: { [scene] in scene.trail.note("\($0.map(\.number))") }, clock: clock)
        await Task { await desk.run() }.value
        #expect(scene.trail.events == ["test", "[7]", "1.0 seconds", "test again", "[7]", "1.0 seconds"])
    }
}
