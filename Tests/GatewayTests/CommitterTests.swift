import Foundation
import Journal
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(1))) struct CommitterTests {
    let scene: Scene
    let journal: Journal

    init() async throws {
        scene = try Scene()
        journal = try await scene.journal()
    }

    private func filings(_ numbers: ClosedRange<UInt64>) -> [JournaledFiling] {
        numbers.map { Toy.filing($0, [Toy.person(Int($0))]) }
    }

    @Test func everythingThatWaitsIsCommittedAndEachGetsItsOutcomes() async throws {
        let committer = scene.committer(journal)
        let tickets = [filings(1...3), [], filings(4...4), filings(1...1)].map { committer.handIn($0) }
        committer.finish()
        await committer.run()
        let outcomes = try await tickets.asyncMap { try await $0.outcomes() }
        #expect(outcomes.map(\.count) == [3, 0, 1, 1])
        #expect(outcomes[0].map { $0.summary?.identity } == (1...3).map { Toy.identity($0) })
        #expect(outcomes[1].isEmpty)
        #expect(outcomes[2][0].summary?.firstPosition == 4)
        #expect(outcomes[3][0].isDuplicate)
        #expect(journal.lastPosition == 4)
    }

    @Test func whoWaitsForATicketIsWokenByItsCommit() async throws {
        let committer = scene.committer(journal)
        let running = Task { await committer.run() }
        for number in UInt64(1)...5 {
            let outcomes = try await committer.handIn(filings(number...number)).outcomes()
            #expect(outcomes[0].summary?.firstPosition == Int64(number))
        }
        committer.finish()
        await running.value
    }

    @Test func moreThanOneGroupIsCommittedInOrder() async throws {
        let committer = scene.committer(journal)
        let tickets = (UInt64(0)..<9).map { committer.handIn(filings(($0 * 100 + 1)...($0 * 100 + 100))) }
        committer.finish()
        await committer.run()
        for (index, ticket) in tickets.enumerated() {
            let outcomes = try await ticket.outcomes()
            #expect(outcomes.count == 100)
            #expect(outcomes[0].summary?.firstPosition == Int64(index * 100 + 1))
        }
    }

    @Test func handInLargerThanAGroupIsCommittedAllTheSame() async throws {
        let committer = scene.committer(journal)
        let ticket = committer.handIn(filings(1...UInt64(Committer.groupLimit + 1)))
        let other = committer.handIn(filings(9001...9001))
        committer.finish()
        await committer.run()
        #expect(try await ticket.outcomes().count == Committer.groupLimit + 1)
        #expect(try await other.outcomes()[0].summary?.firstPosition == Int64(Committer.groupLimit + 2))
    }

    /// Bytes that are not as many records as they claim to be are a fault of ours, and of one hand-in only.
    @Test func oneBadHandInTakesNoOtherWithIt() async throws {
        let committer = scene.committer(journal)
        var bad = Toy.filing(2, [Toy.person(2)])
        bad.records = .chunks([RecordChunk(bytes: Toy.chunk([Toy.person(2)]).bytes, count: 5)])
        let tickets = [filings(1...1), [bad], filings(3...3)].map { committer.handIn($0) }
        committer.finish()
        await committer.run()
        #expect(try await tickets[0].outcomes().count == 1)
        await #expect(throws: JournalError.self) { try await tickets[1].outcomes() }
        #expect(try await tickets[2].outcomes().count == 1)
        #expect(journal.lastPosition == 2)
    }

    @Test func writtenReceiptsAreMarked() async throws {
        let committer = scene.committer(journal)
        let ticket = committer.handIn(filings(1...3))
        let running = Task { await committer.run() }
        let numbers = try await ticket.outcomes().compactMap(\.receiptNumber)
        #expect(try await journal.receiptsDue(limit: 9).map(\.number) == numbers)
        committer.markWritten([])
        committer.markWritten(Array(numbers.prefix(2)))
        committer.finish()
        await running.value
        #expect(try await journal.receiptsDue(limit: 9).map(\.number) == [numbers[2]])
    }

    @Test func closedJournalFailsTheTicketAndTheCommitterGoesOn() async throws {
        let committer = scene.committer(journal)
        try journal.close()
        let ticket = committer.handIn(filings(1...1))
        committer.markWritten([ReceiptNumber(rawValue: 1)])
        committer.finish()
        await committer.run()
        let error = await #expect(throws: JournalError.self) { try await ticket.outcomes() }
        #expect(error?.code == .closed)
        #expect(scene.trail.events.contains("warning: Receipts could not be marked as written"))
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
