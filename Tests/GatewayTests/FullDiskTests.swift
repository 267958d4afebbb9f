import Foundation
import Testing

@testable import Gateway
@testable import Journal

@Suite(.timeLimit(.minutes(1))) struct FullDiskTests {
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
}
