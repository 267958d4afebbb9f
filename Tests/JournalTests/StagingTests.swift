import Findings
import Foundation
import GRDB
import Testing

@testable import Journal

@Suite struct StagingTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func stagedRecordsBecomeVisibleWithTheCommitAndInItsPlace() async throws {
        let journal = try await folder.open()
        let staging = try await journal.beginStaging(identity(1), delivery: .event, at: at(1))
        try await journal.append([RecordChunk(toys(1...3)), RecordChunk(toys(4...5))], to: staging)
        try await journal.commit([filing(2, records: toys(10...11))], at: at(2))
        try await journal.append([RecordChunk(toys(6...6))], to: staging)
        #expect(try await journal.stream() == toys(10...11))
        var given = filing(1)
        given.records = .staged(staging)
        given.counts.recordsByType = ["Person": 6]
        let outcome = try await journal.commit([given, filing(3, records: toys(20...20))], at: at(3))
        #expect(outcome[0].summary?.positions == 3...8)
        #expect(try await journal.stream() == toys(10...11) + toys(1...6) + toys(20...20))
        // From the middle of it, too.
        #expect(try await journal.stream(after: 6) == toys(5...6) + toys(20...20))
        #expect(try await journal.totals().reconciles)
    }

    @Test func groupThatFailsLeavesTheStagingAsItWas() async throws {
        let journal = try await folder.open()
        let staging = try await journal.beginStaging(identity(1), delivery: .toySnapshot(), at: at(1))
        try await journal.append([RecordChunk(toys(1...3))], to: staging)
        var bad = RecordChunk(toys(4...6))
        bad.count = 2
        await #expect(throws: JournalError.self) {
            try await journal.append([RecordChunk(toys(7...7)), bad], to: staging)
        }
        var given = filing(1, delivery: .toySnapshot())
        given.records = .staged(staging)
        var broken = filing(2)
        broken.records = .chunks([bad])
        await #expect(throws: JournalError.self) { try await journal.commit([given, broken], at: at(2)) }
        try await journal.append([RecordChunk(toys(4...4))], to: staging)
        #expect(try await journal.commit([given], at: at(3))[0].summary?.changes == RecordChanges(new: 4))
        #expect(try await journal.stream() == toys(1...4))
    }

    @Test func otherCommitToTheScopeOvertakesAStaging() async throws {
        let journal = try await folder.open()
        let delivery = Delivery.upsert(scope: "s")
        let staging = try await journal.beginStaging(identity(1), delivery: delivery, at: at(1))
        try await journal.append([RecordChunk(toys(1...3))], to: staging)
        try await journal.commit([filing(2, delivery: delivery, records: toys(2...2, content: 8))], at: at(2))
        var given = filing(1, delivery: delivery)
        given.records = .staged(staging)
        #expect(try await journal.commit([given], at: at(3))[0].word == "overtaken")
        #expect(try await journal.filing(identity(1)) == nil)
        let again = try await journal.beginStaging(identity(1), delivery: delivery, at: at(4))
        try await journal.append([RecordChunk(toys(1...3))], to: again)
        given.records = .staged(again)
        #expect(try await journal.commit([given], at: at(5))[0].summary?.changes == RecordChanges(new: 2, changed: 1))
    }

    /// What changed nothing in the scope, and what belongs to another, does not overtake.
    @Test func unrelatedCommitsDoNotOvertake() async throws {
        let journal = try await folder.open()
        let delivery = Delivery.upsert(scope: "s")
        try await journal.commit([filing(9, delivery: delivery, records: toys(7...7))], at: at(0))
        let staging = try await journal.beginStaging(identity(1), delivery: delivery, at: at(1))
        try await journal.append([RecordChunk(toys(1...3))], to: staging)
        let others = [
            filing(2, delivery: .upsert(scope: "t"), records: toys(1...1)), filing(3, records: toys(1...1)),
            filing(4, source: "b", delivery: delivery, records: toys(1...1)),
            filing(5, delivery: delivery, records: toys(7...7)),
        ]
        try await journal.commit(others, at: at(2))
        var given = filing(1, delivery: delivery)
        given.records = .staged(staging)
        #expect(try await journal.commit([given], at: at(3))[0].word == "journaled")
    }

    @Test func heldStagingIsGone() async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1, delivery: .toySnapshot(), records: toys(1...10))], at: at(1))
        let delivery = Delivery.toySnapshot(guardShare: 0.1)
        let staging = try await journal.beginStaging(identity(2), delivery: delivery, at: at(2))
        try await journal.append([RecordChunk(toys(1...2, content: 5))], to: staging)
        var given = filing(2, delivery: delivery)
        given.records = .staged(staging)
        #expect(try await journal.commit([given], at: at(3))[0].word == "held 8/10")
        #expect(try await journal.removeAbandonedStagings() == 1)
        await #expect(throws: JournalError.self) { try await journal.commit([given], at: at(4)) }
        #expect(try await journal.stream() == toys(1...10))
    }

    static let endings: [(FilingOutcome, Bool)] = [(.rejected, false), (.accepted, true)]

    @Test(arguments: endings) func rejectedAndDuplicateFilingsEndTheirStaging(
        outcome: FilingOutcome, isDuplicate: Bool
    ) async throws {
        let journal = try await folder.open()
        if isDuplicate { try await journal.commit([filing(1)], at: at(0)) }
        let staging = try await journal.beginStaging(identity(1), delivery: .event, at: at(1))
        try await journal.append([RecordChunk(toys(1...2))], to: staging)
        var given = filing(1, outcome: outcome)
        given.records = .staged(staging)
        #expect(try await journal.commit([given], at: at(2))[0].word == (isDuplicate ? "duplicate" : "journaled"))
        #expect(try await journal.stream().isEmpty)
        #expect(try await journal.removeAbandonedStagings() == 1)
    }

    @Test func discardedStagingTakesNothingMore() async throws {
        let journal = try await folder.open()
        let staging = try await journal.beginStaging(identity(1), delivery: .event, at: at(1))
        try await journal.append([RecordChunk(toys(1...2))], to: staging)
        try await journal.discard(staging)
        try await journal.discard(staging)
        let error = await #expect(throws: JournalError.self) {
            try await journal.append([RecordChunk(toys(1...2))], to: staging)
        }
        #expect(error?.code == .misuse)
    }

    @Test func stagingOfAnotherFilingOrScopeIsRefused() async throws {
        let journal = try await folder.open()
        let staging = try await journal.beginStaging(identity(1), delivery: .upsert(scope: "s"), at: at(1))
        for (number, delivery) in [(2, Delivery.upsert(scope: "s")), (1, .upsert(scope: "t")), (1, .event)] {
            var given = filing(UInt64(number), delivery: delivery)
            given.records = .staged(staging)
            await #expect(throws: JournalError.self) { try await journal.commit([given], at: at(2)) }
        }
    }

    @Test func stagingsOfADeadProcessAreRemovedAtOpenWithinBounds() async throws {
        let crashed = try TemporaryFolder()
        do {
            let journal = try await folder.open()
            for number in 1...3 as ClosedRange<UInt64> {
                let staging = try await journal.beginStaging(identity(number), delivery: .toySnapshot(), at: at(1))
                // Noise, which cannot be compressed.
                var random = SplitMix64(state: number)
                let noise = (0..<200_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
                let big = ToyRecord.delimit(noise)
                let chunk = RecordChunk(
                    bytes: big, count: 1,
                    keys: [
                        RecordKey(
                            bodyNumber: 1, id: ToyRecord.id(number), content: ToyRecord.id(9), range: 0..<big.count)
                    ])
                try await journal.append([chunk], to: staging)
            }
            try await journal.commit([filing(9, records: toys(1...2))], at: at(2))
            try folder.copy(to: crashed)
        }
        var options = JournalOptions()
        options.recoveryLimit = 300_000
        let journal = try await crashed.open(options)
        #expect(journal.openingReport.wasInterrupted)
        #expect(journal.openingReport.stagingsRemoved == 2)
        #expect(journal.openingReport.stagingsLeft == 1)
        #expect(try await journal.stream() == toys(1...2))
        #expect(try await journal.removeAbandonedStagings() == 1)
        #expect(try await journal.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM chunk") } == 1)
    }
}
