import Findings
import Foundation
import Journal
import Testing

/// Filings with several parts, as packages of several documents are.
@Suite struct PartsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func filing(_ number: UInt64, _ parts: [FilingPart], records: Int) -> JournaledFiling {
        var whole = JournalTests.filing(number)
        whole.delivery = parts[0].delivery
        whole.records = parts[0].records
        whole.furtherParts = Array(parts.dropFirst())
        whole.counts = FilingCounts(rowsRead: records, rowsConverted: records, recordsByType: ["Person": records])
        return whole
    }

    private func part(_ delivery: Delivery, _ records: [ToyRecord]) -> FilingPart {
        FilingPart(delivery: delivery, records: .chunks([RecordChunk(records)]))
    }

    @Test func partsFollowOneAnotherInOneFiling() async throws {
        let journal = try await folder.open()
        let parts = [
            part(.upsert(scope: "a"), toys(1...3)), part(.event, toys(4...5)), part(.toySnapshot("b"), toys(6...9)),
        ]
        let outcome = try await journal.commit([filing(1, parts, records: 9)], at: at(1))[0]
        #expect(outcome.summary?.positions == 1...9)
        #expect(outcome.summary?.changes == RecordChanges(new: 9))
        #expect(outcome.summary?.reconciles == true)
        try await journal.commit([JournalTests.filing(2, records: toys(20...20))], at: at(2))
        #expect(try await journal.stream() == toys(1...9) + toys(20...20))
        #expect(try await journal.stream(after: 4) == toys(5...9) + toys(20...20))
        #expect(try await journal.totals().reconciles)
    }

    @Test func eachPartIsComparedWithItsOwnScope() async throws {
        let journal = try await folder.open()
        let first = [part(.toySnapshot("a"), toys(1...3)), part(.toySnapshot("b"), toys(11...13))]
        try await journal.commit([filing(1, first, records: 6)], at: at(1))
        let second = [part(.toySnapshot("a"), toys(1...3)), part(.toySnapshot("b"), toys(12...14))]
        let outcome = try await journal.commit([filing(2, second, records: 6)], at: at(2))[0]
        #expect(outcome.summary?.changes == RecordChanges(new: 1, unchanged: 5, deleted: 1))
        #expect(try await journal.stream(after: 6) == toys(14...14) + [ToyRecord(key: 11, content: nil)])
    }

    @Test func oneHeldPartHoldsAll() async throws {
        let journal = try await folder.open()
        try await journal.commit(
            [JournalTests.filing(1, delivery: .toySnapshot("b"), records: toys(1...10))], at: at(1))
        let parts = [
            part(.upsert(scope: "a"), toys(21...23)), part(.event, toys(4...5)),
            part(.toySnapshot("b", guardShare: 0.2), toys(1...1)),
        ]
        let outcomes = try await journal.commit(
            [filing(2, parts, records: 6), JournalTests.filing(3, records: toys(30...30))], at: at(2))
        #expect(outcomes.map(\.word) == ["held 9/10", "journaled"])
        #expect(try await journal.stream(after: 10) == toys(30...30))
        // Nothing of it is left in the scope of the part that was well.
        let again = try await journal.commit(
            [JournalTests.filing(4, delivery: .upsert(scope: "a"), records: toys(21...23))], at: at(3))[0]
        #expect(again.summary?.changes == RecordChanges(new: 3))
        // Approved, it passes as a whole.
        try await journal.approve(identity(2), at: at(4))
        let approved = try await journal.commit([filing(2, parts, records: 6)], at: at(5))[0]
        #expect(approved.word == "journaled")
        #expect(approved.summary?.changes == RecordChanges(new: 2, unchanged: 4, deleted: 9))
        #expect(try await journal.events(of: identity(2)).contains { $0.kind == .approved })
    }

    /// All communities in one package: who leaves the roster of one and stands in that of another is not gone, in whatever
    /// order the two are there.
    @Test(arguments: [false, true], [false, true]) func keyOfALaterPartIsNotDeleted(isStaged: Bool, isLast: Bool)
        async throws
    {
        let journal = try await folder.open()
        func file(_ number: UInt64, _ parts: [(scope: String, records: [ToyRecord])]) async throws -> CommitOutcome {
            var given: [FilingPart] = []
            for (scope, records) in parts {
                let delivery = Delivery.toySnapshot(scope, guardShare: 1)
                guard isStaged else {
                    given.append(part(delivery, records))
                    continue
                }
                let staging = try await journal.beginStaging(identity(number), delivery: delivery, at: at(1))
                try await journal.append([RecordChunk(records)], to: staging)
                given.append(FilingPart(delivery: delivery, records: .staged(staging)))
            }
            let records = parts.reduce(0) { $0 + $1.records.count }
            return try await journal.commit([filing(number, given, records: records)], at: at(Double(number)))[0]
        }
        _ = try await file(1, [("right", toys(1...4))])
        _ = try await file(2, [("wrong", toys(4...6))])
        let mended = [("wrong", toys(5...6)), ("right", toys(1...4))]
        let outcome = try await file(3, isLast ? mended : mended.reversed())
        #expect(outcome.word == "journaled")
        #expect(outcome.summary?.changes == RecordChanges(unchanged: 6))
        let gone = try await file(4, [("wrong", toys(5...6)), ("right", toys(1...3))])
        #expect(gone.summary?.changes == RecordChanges(unchanged: 5, deleted: 1))
    }

    @Test func stagedPartsAreCommittedTogetherAndEndTogether() async throws {
        let journal = try await folder.open()
        var parts: [FilingPart] = []
        for (index, delivery) in [Delivery.upsert(scope: "a"), .event, .toySnapshot("b")].enumerated() {
            let staging = try await journal.beginStaging(identity(1), delivery: delivery, at: at(1))
            let first = index * 10
            try await journal.append([RecordChunk(toys(first...(first + 4)))], to: staging)
            try await journal.append([RecordChunk(toys((first + 5)...(first + 9)))], to: staging)
            parts.append(FilingPart(delivery: delivery, records: .staged(staging)))
        }
        let outcome = try await journal.commit([filing(1, parts, records: 30)], at: at(2))[0]
        #expect(outcome.summary?.positions == 1...30)
        #expect(try await journal.stream() == toys(0...29))
        #expect(try await journal.removeAbandonedStagings() == 0)
    }

    @Test func stagedPartsOfAHeldFilingAreGone() async throws {
        let journal = try await folder.open()
        try await journal.commit(
            [JournalTests.filing(1, delivery: .toySnapshot("b"), records: toys(1...10))], at: at(1))
        let events = try await journal.beginStaging(identity(2), delivery: .event, at: at(2))
        try await journal.append([RecordChunk(toys(1...3))], to: events)
        let strict = Delivery.toySnapshot("b", guardShare: 0.2)
        let snapshot = try await journal.beginStaging(identity(2), delivery: strict, at: at(2))
        try await journal.append([RecordChunk(toys(1...1))], to: snapshot)
        let parts = [
            FilingPart(delivery: .event, records: .staged(events)),
            FilingPart(delivery: strict, records: .staged(snapshot)),
        ]
        let outcome = try await journal.commit([filing(2, parts, records: 4)], at: at(3))[0]
        #expect(outcome.word == "held 9/10")
        #expect(try await journal.removeAbandonedStagings() == 2)
        #expect(try await journal.stream() == toys(1...10))
    }

    @Test func partsOfARejectedFilingAreNotJournaled() async throws {
        let journal = try await folder.open()
        var rejected = filing(1, [part(.event, toys(1...2)), part(.event, toys(3...4))], records: 4)
        rejected.outcome = .rejected
        let outcome = try await journal.commit([rejected], at: at(1))[0]
        #expect(outcome.summary?.firstPosition == nil)
        #expect(try await journal.stream().isEmpty)
    }
}
