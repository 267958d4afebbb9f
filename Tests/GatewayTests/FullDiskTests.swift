import Foundation
import Testing

@testable import Gateway
@testable import Journal

@Suite(.timeLimit(.minutes(3))) struct FullDiskTests {
    /// The journal may have so many pages; pruning gives it some back, as an operator who frees some space does.
    @Test func groupThatFindsTheDiskFullIsTriedUntilThereIsRoom() async throws {
        let scene = try Scene()
        var options = JournalOptions()
        options.pageLimit = 60
        let journal = try await Journal.open(path: scene.state.journal, options: options)
        let gate = ClaimGate()
        let waits = Guarded<[Duration]>([])
        let clock = HookedClock { delay in
            let count = waits.withLock { waits in
                waits.append(delay)
                return waits.count
            }
            #expect(gate.closure == .journalFull)
            guard count == 8 else { return }
            _ = try await journal.prune(olderThan: .distantFuture, deliveredTo: [], at: Scene.now)
        }
        let committer = Committer(
            journal: journal, gate: gate, logger: scene.logger, clock: clock, now: { Scene.now })
        let running = Task { await committer.run() }
        var number: UInt64 = 0
        while waits.withLock({ $0.isEmpty }) {
            number += 1
            let people = (0..<50).map { Toy.person(Int(number) * 50 + $0) }
            let outcomes = try await committer.handIn([Toy.filing(number, people)]).outcomes()
            #expect(outcomes.count == 1)
            #expect(outcomes[0].receiptNumber != nil)
        }
        committer.finish()
        await running.value
        #expect(number > 1)
        #expect(journal.lastPosition == Int64(number) * 50)
        #expect(gate.closure == nil)
        let seconds: [Duration] = [
            .milliseconds(200), .milliseconds(400), .milliseconds(800), .milliseconds(1600), .milliseconds(3200),
            .milliseconds(6400), .seconds(10), .seconds(10),
        ]
        #expect(waits.withLock { $0 } == seconds)
        #expect(
            scene.trail.events == [
                "error: The disk is full; nothing is claimed until there is room",
                "notice: The journal can be written again; claiming resumes",
            ])
    }

    /// Who stops the gateway on a full disk need not wait for room.
    @Test func whatWaitsForRoomFailsWhenTheGatewayStops() async throws {
        let scene = try Scene()
        var options = JournalOptions()
        options.pageLimit = 60
        let journal = try await Journal.open(path: scene.state.journal, options: options)
        let (waits, waiter) = AsyncStream.makeStream(of: Void.self)
        let clock = HookedClock { _ in
            waiter.yield()
            try await ContinuousClock().sleep(for: .seconds(3600))
        }
        let committer = Committer(
            journal: journal, gate: ClaimGate(), logger: scene.logger, clock: clock, now: { Scene.now })
        let running = Task { await committer.run() }
        let tickets = (0..<100).map { number in
            committer.handIn([Toy.filing(UInt64(number), (0..<50).map { Toy.person(number * 50 + $0) })])
        }
        for await _ in waits { break }
        committer.stopWaiting()
        committer.finish()
        await running.value
        let error = await #expect(throws: JournalError.self) { try await tickets[99].outcomes() }
        #expect(error?.code == .full)
    }

    @Test func aFullDiskDelaysTheStartAndDoesNotPreventIt() async throws {
        let scene = try Scene()
        let tries = Guarded(0)
        let environment = GatewayEnvironment(
            logger: scene.logger, notifier: ServiceNotifier(environment: [:]), now: { Scene.now })
        let opened = try await Gateway.patiently(environment, clock: HookedClock { _ in }) {
            let number = tries.withLock { tries in
                tries += 1
                return tries
            }
            guard number == 4 else {
                throw JournalError(.full, place: "x", message: "the disk is full", retryHelps: true, advice: "")
            }
            return "open"
        }
        #expect(opened == "open")
        #expect(scene.trail.events == ["error: The disk is full; the gateway starts when there is room"])
        await #expect(throws: JournalError.self) {
            try await Gateway.patiently(environment) {
                throw JournalError(.damaged, place: "x", message: "damaged", advice: "")
            }
        }
    }
}
