import Findings
import Foundation
import Glibc
import Inbound
import Mappings
import Synchronization
import Testing

@testable import Gateway
@testable import Journal

/// A lane of one source, from the inbound folder to the receipts.
@Suite(.timeLimit(.minutes(4))) struct SourceLaneTests {
    let scene: Scene
    let journal: Journal

    init() async throws {
        scene = try Scene()
        journal = try await scene.journal()
    }

    private func lane(
        _ mapping: String, _ intake: Intake, _ committer: Committer, room: WaitingRoom = WaitingRoom(),
        whenPreparing hook: @escaping @Sendable () -> Void = {}
    ) -> SourceLane {
        let mappings = Forms.set(mapping)
        return SourceLane(
            source: scene.source, intake: intake, preparation: scene.preparation(journal), committer: committer,
            room: room, answering: scene.answering(journal, committer),
            mappings: {
                hook()
                return mappings
            }, gate: ClaimGate(), solitude: Solitude(), heartbeat: Heartbeat(), logger: scene.logger)
    }

    /// Runs the lane until this many filings are journaled.
    private func run(_ lane: SourceLane, _ committer: Committer, untilJournaled count: Int) async throws {
        let committing = Task { await committer.run() }
        let running = Task { await lane.run() }
        while try await journal.filings(FilingQuery(limit: 100)).count < count { await Task.yield() }
        running.cancel()
        await running.value
        committer.finish()
        await committing.value
    }

    private static func row(_ name: String, _ person: Int) -> String {
        "\(name),\(Forms.identityNumber(person)),\n"
    }

    private static func document(_ rows: [String]) -> String { "姓名,身份证号,联系电话\n" + rows.joined() }

    /// A big filing is compared with its scope while it is converted, so what was claimed before it has to be committed by then.
    @Test func filingsOfOneScopeKeepTheirOrderHoweverBigTheyAre() async throws {
        let big = (0..<16_000).map { Self.row($0 == 0 ? "张二" : "张三", $0) }
        try scene.deliver("1.csv", Self.document([Self.row("张一", 0)]))
        try scene.deliver("2.csv", Self.document(big))
        try scene.deliver("3.csv", Self.document([Self.row("张四", 0)]))
        try scene.deliver("4.csv", Self.document([Self.row("张五", 0)]))
        let committer = scene.committer(journal)
        try await run(lane(Forms.roster, scene.intake(), committer), committer, untilJournaled: 4)
        let filings = try await journal.filings(FilingQuery(limit: 100)).sorted { $0.number < $1.number }
        #expect(filings.map { String(decoding: $0.name, as: UTF8.self) } == ["1.csv", "2.csv", "3.csv", "4.csv"])
        #expect(filings.map(\.changes.changed) == [0, 1, 1, 1])
        let journaled = try Toy.records(try await journal.everything())
        let last = try Toy.json(try #require(journaled.last))
        #expect(last.contains("张五"))
    }

    /// The first of four is being read when the gateway is told to stop.
    @Test func stoppingIsNoFault() async throws {
        for number in 1...4 { try scene.deliver("\(number).csv", Self.document([Self.row("张一", number)])) }
        let committer = scene.committer(journal)
        await runUntilItPrepares(committer)
        #expect(try await journal.filings(FilingQuery(limit: 9)).isEmpty)
        #expect(!scene.trail.events.contains { $0.hasPrefix("error") || $0.hasPrefix("warning") })
        // They are there for the next start, and nothing is suspected of anything.
        try await run(lane(Forms.roster, scene.intake(), committer), committer, untilJournaled: 4)
        #expect(!scene.trail.events.contains { $0.hasPrefix("error") || $0.hasPrefix("warning") })
        #expect(scene.folder.files("receipts").count == 4)
    }

    /// What the last run left may have been too much for its memory: this one takes it in bit by bit, so that some of it gets through
    /// each time.
    @Test func whatTheLastRunLeftIsGivenLittleRoom() async throws {
        for number in 1...3 { try scene.deliver("\(number).csv", Self.document([Self.row("张一", number)])) }
        let committer = scene.committer(journal)
        await runUntilItPrepares(committer)
        for number in 4...6 { try scene.deliver("\(number).csv", Self.document([Self.row("张一", number)])) }
        let room = WaitingRoom(sizeForLeftovers: 1)
        let waiting = Guarded<[Bool]>([])
        let lane = lane(Forms.roster, scene.intake(), committer, room: room) {
            waiting.withLock { $0.append(room.isFull(forLeftovers: true)) }
        }
        try await run(lane, committer, untilJournaled: 6)
        let found = waiting.withLock { $0 }
        #expect(found.prefix(3) == [false, false, false])
        #expect(found.suffix(2) == [true, true])
    }

    // In a function of its own: the folder belongs to one intake at a time.
    private func runUntilItPrepares(_ committer: Committer) async {
        let stopped = lane(Forms.roster, scene.intake(), committer) { withUnsafeCurrentTask { $0?.cancel() } }
        await Task { await stopped.run() }.value
    }

    /// A big filing finds no room while it is staged: it waits, and the small ones behind it do, too.
    @Test func filingThatFindsTheJournalFullIsTakenInWhenThereIsRoom() async throws {
        try scene.deliver("1.csv", Self.document((0..<16_000).map { Self.row("张三", $0) }))
        try scene.deliver("2.csv", Self.document([Self.row("张四", 0)]))
        journal.segments.limit.withLock { $0 = 10_000 }
        let committer = scene.committer(journal)
        var lane = lane(Forms.roster, scene.intake(), committer)
        let waits = Guarded<[Duration]>([])
        lane.clock = HookedClock { [journal] delay in
            let count = waits.withLock { waits in
                waits.append(delay)
                return waits.count
            }
            let journaled = try await journal.filings(FilingQuery(limit: 9))
            #expect(journaled.isEmpty)
            if count == 3 { journal.segments.limit.withLock { $0 = nil } }
        }
        try await run(lane, committer, untilJournaled: 2)
        #expect(waits.withLock { $0 } == [.milliseconds(200), .milliseconds(400), .milliseconds(800)])
        let told = scene.trail.events.filter { $0.hasPrefix("error") }
        #expect(told == ["error: The journal cannot take in a filing now; it is tried again until it can"])
        let filings = try await journal.filings(FilingQuery(limit: 9)).sorted { $0.number < $1.number }
        #expect(filings.map { String(decoding: $0.name, as: UTF8.self) } == ["1.csv", "2.csv"])
        #expect(filings.map(\.changes.changed) == [0, 1])
    }

    struct Failing: Sendable, CustomTestStringConvertible {
        var code: InboundError.Code
        /// How often it is waited before the filing is set back; nil when as often as it takes.
        var waits: Int?
        var testDescription: String { code.rawValue }
    }

    /// Those behind it must not overtake it, unless it would hold them up for good.
    @Test(arguments: [
        Failing(code: .storageFull), Failing(code: .readOnly), Failing(code: .tooManyOpenFiles),
        Failing(code: .systemFileTableFull), Failing(code: .deviceFailed, waits: 11),
        Failing(code: .permissionDenied, waits: 0), Failing(code: .changed, waits: 0),
    ])
    func filingThatCannotBeReadIsTriedAgainInItsPlace(_ failing: Failing) async throws {
        let committer = scene.committer(journal)
        let intake = scene.intake()
        let claim = try await scene.claim("1.csv", Self.document([Self.row("张一", 0)]), by: intake)
        var lane = lane(Forms.roster, intake, committer)
        let waits = Guarded(0)
        lane.clock = HookedClock { _ in waits.withLock { $0 += 1 } }
        let tried = try? await lane.persistently(claim) { [lane] in
            if failing.waits == nil, waits.withLock({ $0 }) == 20 {
                return try await lane.preparation.prepare(claim, with: lane.mappings())
            }
            throw InboundError(failing.code, path: "x", retryHelps: true, next: "")
        }
        #expect(waits.withLock { $0 } == failing.waits ?? 20)
        #expect((tried != nil) == (failing.waits == nil))
        #expect(scene.trail.events.count == (failing.waits == 0 ? 0 : 1), "it is told once")
    }

    /// A filing that the journal knows and that cannot be put where it belongs is put there when that is possible again.
    @Test func originalsThatCannotBeMovedAreMovedLater() async throws {
        try scene.deliver("1.csv", Self.document([Self.row("张一", 0)]))
        try scene.folder.write([UInt8](), to: "state/archive")
        let committer = scene.committer(journal)
        let running = lane(Forms.roster, scene.intake(), committer)
        let committing = Task { await committer.run() }
        let task = Task { await running.run() }
        while !scene.trail.events.contains(where: { $0.contains("could not be moved") }) { await Task.yield() }
        #expect(unlink(scene.folder.path + "/state/archive") == 0)
        while scene.folder.files("state/archive").isEmpty { await Task.yield() }
        task.cancel()
        await task.value
        committer.finish()
        await committing.value
        #expect(scene.folder.files("state/archive").count == 1)
        #expect(scene.folder.files("receipts").count == 1)
        #expect(try await journal.filings(FilingQuery(limit: 9)).map(\.duplicates) == [0])
    }

    /// What was claimed is finished when the lane is told to stop.
    @Test func groupsAreAnsweredAfterTheLaneWasCancelled() async throws {
        let committer = scene.committer(journal)
        let answering = scene.answering(journal, committer)
        let output = LaneOutput(committer, WaitingRoom(), answeringOn: LaneExecutor("test")) { group in
            for (filing, ticket) in group {
                if let outcomes = try? await ticket.outcomes() { await answering.answer(filing, outcomes[0]) }
            }
        }
        let intake = scene.intake()
        let mappings = Forms.set(Forms.roster)
        for number in 1...3 {
            let text = Self.document([Self.row("张一", number)])
            let claim = try await scene.claim("\(number).csv", text, by: intake)
            output.add(try await scene.preparation(journal).prepare(claim, with: mappings))
            output.handIn()
        }
        let waiting = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await output.settle()
        }
        let committing = Task { await committer.run() }
        await waiting.value
        #expect(scene.folder.files("receipts").count == 3)
        try await output.commitAll()
        committer.finish()
        await committing.value
    }

    /// What many filings at once have left behind is given back when the last of them has been answered.
    @Test func memoryIsGivenBackBehindTheLastGroup() async throws {
        let committer = scene.committer(journal)
        let answering = scene.answering(journal, committer)
        let intake = scene.intake()
        let mappings = Forms.set(Forms.roster)
        var filings: [PreparedFiling] = []
        for number in 1...3 {
            let text = Self.document([Self.row("张一", number)])
            let claim = try await scene.claim("\(number).csv", text, by: intake)
            filings.append(try await scene.preparation(journal).prepare(claim, with: mappings))
        }
        let bytes = filings.reduce(0) { $0 + $1.size }
        #expect(bytes > 0)
        let (moments, moment) = AsyncStream.makeStream(of: Int.self)
        let (folder, executor) = (scene.folder, LaneExecutor("test"))
        let output = LaneOutput(
            committer, WaitingRoom(), answeringOn: executor, worthGivingBack: bytes,
            giveBack: { moment.yield(folder.files("receipts").count) }
        ) { group in
            for (filing, ticket) in group {
                if let outcomes = try? await ticket.outcomes() { await answering.answer(filing, outcomes[0]) }
            }
        }
        for filing in filings {
            output.add(filing)
            output.handIn()
        }
        let committing = Task { await committer.run() }
        var receipts = moments.makeAsyncIterator()
        #expect(await receipts.next() == 3)
        committer.finish()
        await committing.value
    }

    /// A lane that finds no room hands in what it has and waits for that, and never for what other lanes have taken.
    @Test func whoFindsNoRoomWaitsForItsOwnCommits() async throws {
        let committer = scene.committer(journal)
        let answering = scene.answering(journal, committer)
        let room = WaitingRoom(size: 1)
        let outputs = (1...2).map { number in
            LaneOutput(committer, room, answeringOn: LaneExecutor("test \(number)")) { group in
                for (filing, ticket) in group {
                    // It keeps what its answer says.
                    #expect(filing.size == 512)
                    if let outcomes = try? await ticket.outcomes() { await answering.answer(filing, outcomes[0]) }
                }
            }
        }
        let intake = scene.intake()
        for number in 1...2 {
            let claim = try await scene.claim("\(number).csv", Self.document([Self.row("张一", number)]), by: intake)
            var prepared = try await scene.preparation(journal).prepare(claim, with: Forms.set(Forms.roster))
            let size = prepared.size
            #expect(size > 0)
            prepared.filing.findings.report(Finding(.filingCrashed))
            #expect(prepared.size == size + 512)
            #expect(!room.isFull() || number == 2)
            outputs[0].add(prepared)
        }
        #expect(room.isFull())
        // Nobody commits yet: it returns because nothing of its own is under way.
        await outputs[1].makeRoom()
        let committing = Task { await committer.run() }
        await outputs[0].makeRoom()
        #expect(!room.isFull())
        #expect(scene.folder.files("receipts").filter { $0.hasSuffix(".receipt.xml") }.count == 2)
        committer.finish()
        await committing.value
    }
}
