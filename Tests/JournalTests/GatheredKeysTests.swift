import Foundation
import GRDB
import Synchronization
import Testing

@testable import Journal

/// Filings that are committed together, whose keys go into the leaves together.
@Suite struct GatheredKeysTests {
    /// Small filings into a big scope: most leaves change with each of them, and are written once.
    @Test func leavesAreWrittenOncePerCommit() async throws {
        let folder = try TemporaryFolder()
        let journal = try await folder.open()
        let upsert = Delivery.upsert(scope: "s")
        try await journal.commit([filing(1, delivery: upsert, records: toys(0..<4000))], at: at(1))
        let leaves = try await journal.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM key_leaf") ?? 0 }
        let group = (1...50).map { number in
            filing(
                UInt64(number + 1), delivery: upsert, records: toys(stride(from: number, to: 4000, by: 50), content: 7))
        }
        let before = try await journal.write { $0.totalChangesCount }
        try await journal.commit(group, at: at(2))
        let written = try await journal.write { $0.totalChangesCount } - before
        #expect(leaves > 25)
        #expect(written < 50 * 20)
        let again = (1...50).map { number in
            filing(
                UInt64(number + 100), delivery: upsert,
                records: toys(stride(from: number, to: 4000, by: 50), content: 7))
        }
        let outcomes = try await journal.commit(again, at: at(3))
        #expect(outcomes.allSatisfy { $0.summary?.changes.journaled == 0 })
    }

    /// Keys are looked up ahead for some filings at once, as far as it goes: each is told what the scope has, and what filings
    /// before it have stated.
    @Test(arguments: [1, 3, 100]) func eachFilingIsToldWhatWasBeforeIt(aheadLimit: Int) async throws {
        let folder = try TemporaryFolder()
        let journal = try await folder.open()
        let upsert = Delivery.upsert(scope: "s")
        try await journal.commit([filing(1, delivery: upsert, records: toys(0..<300))], at: at(1))
        var filings = (0..<6).map { number in
            filing(UInt64(number) + 2, delivery: upsert, records: toys([number * 40, 299, 1000 + number], content: 7))
        }
        filings[2].outcome = .rejected
        filings[4].delivery = .upsert(scope: "t")
        let segments = journal.segments
        try await journal.write { [filings] database in
            let store = ChunkStore(database: database, place: "here", segments: segments)
            let gathered = GatheredKeys(store, filings: filings, aheadLimit: aheadLimit)
            for (index, filing) in filings.enumerated() where filing.outcome != .rejected {
                gathered.go(to: index)
                let scope = try Scope(filing.delivery.scope ?? "", of: filing.identity.source, in: database)
                try gathered.turn(to: scope)
                #expect(gathered.ahead != nil)
                let leaves = try KeyLeaves(database: database, scope: scope.number, segments: segments)
                let ids = [UInt64(index) * 40, 299, 1000 + UInt64(index)].map { ToyRecord.id($0) }.sorted()
                let found = try gathered.find(ids, in: leaves) { ids[$0] == ToyRecord.id(UInt64(index) * 40) }
                #expect(found.compactMap { $0 }.map(\.id) == (index == 4 ? [] : [ToyRecord.id(299)]), "\(index)")
                // What has been settled is in the leaves.
                #expect(found.compactMap { $0 }.allSatisfy { $0.differs == [1, 3].contains(index) })
                #expect(found.compactMap { $0 }.allSatisfy { $0.content == (index == 0 ? 1 : 7) })
                guard case .chunks(let chunks) = filing.records else { continue }
                var comparison = KeyComparison(stated: StatedKeys()) { try gathered.find($0, in: leaves, unless: $1) }
                var tally = BatchTally()
                _ = try comparison.judge(chunks, counting: &tally)
                try gathered.add(comparison.stated, of: Int64(index))
            }
        }
    }

    /// Few keys in a big scope are looked for one by one.
    @Test func whereFewAreStatedNotAllLeavesAreRead() async throws {
        let folder = try TemporaryFolder()
        let journal = try await folder.open()
        let upsert = Delivery.upsert(scope: "s")
        try await journal.commit([filing(1, delivery: upsert, records: toys(0..<4000))], at: at(1))
        let group = (2...3).map { number in
            filing(
                UInt64(number), delivery: upsert,
                records: toys([1, 2, 5000 + number]) + toys([3], content: UInt64(number)))
        }
        let segments = journal.segments
        try await journal.write { database in
            let store = ChunkStore(database: database, place: "here", segments: segments)
            let gathered = GatheredKeys(store, filings: group)
            try gathered.turn(to: try Scope("s", of: group[0].identity.source, in: database))
            #expect(gathered.ahead == nil)
        }
        let changes = try await journal.commit(group, at: at(2)).map(\.summary?.changes)
        #expect(changes.map { $0?.new } == [1, 1])
        #expect(changes.map { $0?.unchanged } == [2, 2])
        #expect(changes.map { $0?.changed } == [1, 1])
    }

    /// Random filings of several sources and scopes, of all kinds, committed in groups and one by one: the same comes of it.
    /// Keys lie in one leaf, or in many.
    @Test(arguments: 41..<49 as Range<UInt64>, [1, 1 << 15]) func groupsDoWhatOneByOneDoes(
        seed: UInt64, inFileFrom: Int
    ) async throws {
        let keyCount: UInt64 = seed % 2 == 0 ? 60 : 3000
        var random = SplitMix64(state: seed)
        let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
        let (journal, single) = (try await folder.open(), try await other.open())
        for journal in [journal, single] { journal.segments.leavesInFileFrom.withLock { $0 = inFileFrom } }
        var number: UInt64 = 0
        for round in 1...12 {
            let group = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                number += 1
                return Self.randomFiling(number, keys: keyCount, using: &random)
            }
            var staged: [UInt64: [JournaledFiling]] = [:]
            for (index, journal) in [journal, single].enumerated() {
                staged[UInt64(index)] = try await Self.stage(group, in: journal)
            }
            let together = try await journal.commit(staged[0] ?? [], at: at(Double(round)))
            var alone: [CommitOutcome] = []
            for filing in staged[1] ?? [] { alone += try await single.commit([filing], at: at(Double(round))) }
            #expect(together.map(\.word) == alone.map(\.word))
            #expect(together.map(\.summary?.changes) == alone.map(\.summary?.changes))
            #expect(try await Self.keys(keyCount, of: journal) == Self.keys(keyCount, of: single), "round \(round)")
        }
        #expect(try await journal.stream() == single.stream())
        #expect(try await journal.totals().reconciles)
    }

    private static func randomFiling(_ number: UInt64, keys: UInt64, using random: inout SplitMix64) -> JournaledFiling
    {
        func records() -> [ToyRecord] {
            (0..<Int.random(in: 0...Int(keys) / 3, using: &random)).map { _ in
                ToyRecord(
                    key: UInt64.random(in: 0..<keys, using: &random), content: UInt64.random(in: 1..<4, using: &random))
            }
        }
        func delivery() -> Delivery {
            let scope = ["s", "t"].randomElement(using: &random) ?? "s"
            return switch Int.random(in: 0..<10, using: &random) {
            case 0: .event
            case 1: .toySnapshot(scope, guardShare: 0.5)
            default: .upsert(scope: "s")
            }
        }
        let source = ["a", "b", "c"].randomElement(using: &random) ?? "a"
        // One source has several scopes, and the others one.
        func fitted(_ delivery: Delivery) -> Delivery { source == "c" ? delivery : .upsert(scope: "s") }
        var given = JournalTests.filing(
            number, source: source, delivery: fitted(delivery()), records: records())
        guard source == "c", Int.random(in: 0..<5, using: &random) == 0 else { return given }
        let further = records()
        let count = given.counts.rowsRead + further.count
        given.counts = FilingCounts(
            rowsRead: count, rowsConverted: count, recordsByType: count > 0 ? ["Person": count] : [:])
        given.furtherParts = [
            FilingPart(delivery: .toySnapshot("u", guardShare: 0.3), records: .chunks([RecordChunk(further)]))
        ]
        return given
    }

    // Some of those with one part, where the scope has changed since for none of the others.
    private static func stage(_ group: [JournaledFiling], in journal: Journal) async throws -> [JournaledFiling] {
        guard let last = group.indices.first, group[last].furtherParts.isEmpty,
            case .chunks(let chunks) = group[last].records
        else { return group }
        var copy = group
        let staging = try await journal.beginStaging(group[last].identity, delivery: group[last].delivery, at: at(0))
        try await journal.append(chunks, to: staging)
        copy[last].records = .staged(staging)
        return copy
    }

    /// Many small scopes of one source that share some keys, most of them new: what tells which keys are nowhere knows of all.
    @Test(arguments: 51..<57 as Range<UInt64>) func scopesOfOneSourceDoTogetherWhatTheyDoAlone(seed: UInt64)
        async throws
    {
        var random = SplitMix64(state: seed)
        let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
        let (journal, single) = (try await folder.open(), try await other.open())
        var number: UInt64 = 0
        for round in 1...4 {
            let group = (0..<12).map { _ in
                number += 1
                let records = Set((0..<20).map { _ in UInt64.random(in: 0..<300, using: &random) }).sorted().map {
                    key in
                    ToyRecord(key: key, content: UInt64.random(in: 1...2, using: &random))
                }
                let scope = "s\(Int.random(in: 0..<8, using: &random))"
                let delivery: Delivery = number % 3 == 0 ? .upsert(scope: scope) : .toySnapshot(scope)
                return filing(number, source: number % 7 == 0 ? "b" : "a", delivery: delivery, records: records)
            }
            let together = try await journal.commit(group, at: at(Double(round)))
            var alone: [CommitOutcome] = []
            for filing in group { alone += try await single.commit([filing], at: at(Double(round))) }
            #expect(together.map(\.summary?.changes) == alone.map(\.summary?.changes))
        }
        #expect(try await journal.stream() == single.stream())
    }

    private static func keys(_ count: UInt64, of journal: Journal) async throws -> [String: [UInt64: UInt64]] {
        let segments = journal.segments
        return try await journal.read { database in
            var keys: [String: [UInt64: UInt64]] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT number, source, name FROM scope") {
                let leaves = try KeyLeaves(database: database, scope: row[0], segments: segments)
                let ids = (0..<count).map { ToyRecord.id($0) }.sorted()
                let found = try leaves.find(ids) { _ in false }.compactMap { $0 }
                #expect(try leaves.pick(ids) == found)
                keys["\(row[1] as String)/\(row[2] as String)"] = Dictionary(
                    uniqueKeysWithValues: found.map { ($0.id.low, $0.content) })
            }
            return keys
        }
    }
}
