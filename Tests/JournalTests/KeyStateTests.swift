import Findings
import Foundation
import GRDB
import Synchronization
import Testing

@testable import Journal

/// Filings of every kind, one after the other, against a dictionary that does the same; between them the journal is closed
/// and opened, or dies.
@Suite struct KeyStateTests {
    // What one filing does, and what must come of it.
    private struct Model {
        var state: [UInt64: UInt64] = [:]

        mutating func file(_ records: [ToyRecord], isSnapshot: Bool) -> (changes: RecordChanges, stream: [ToyRecord]) {
            var changes = RecordChanges()
            var stream: [ToyRecord] = []
            let before = state
            var stated: Set<UInt64> = []
            for record in records {
                let known = state[record.key]
                if !stated.insert(record.key).inserted { changes.repeatedKeys += 1 }
                if known == record.content {
                    changes.unchanged += 1
                    continue
                }
                if known == nil { changes.new += 1 } else { changes.changed += 1 }
                state[record.key] = record.content
                stream.append(record)
            }
            guard isSnapshot else { return (changes, stream) }
            let gone = before.keys.filter { !stated.contains($0) }
            for key in gone.sorted(by: { ToyRecord.id($0) < ToyRecord.id($1) }) {
                state[key] = nil
                changes.deleted += 1
                stream.append(ToyRecord(key: key, content: nil))
            }
            return (changes, stream)
        }
    }

    private static func records(
        _ state: [UInt64: UInt64], isSnapshot: Bool, using random: inout SplitMix64
    ) -> [ToyRecord] {
        var records: [ToyRecord] = []
        if isSnapshot, Int.random(in: 0..<8, using: &random) > 0 {
            let kept = Int.random(in: 0...10, using: &random)
            records = state.filter { _ in Int.random(in: 0..<10, using: &random) < kept }
                .map { ToyRecord(key: $0.key, content: $0.value) }.sorted { $0.key < $1.key }
        }
        for _ in 0..<Int.random(in: 0...(Bool.random(using: &random) ? 700 : 40), using: &random) {
            let key = UInt64.random(in: 0..<2500, using: &random)
            records.append(ToyRecord(key: key, content: UInt64.random(in: 1...3, using: &random)))
        }
        records.shuffle(using: &random)
        return records
    }

    /// The records of the filing, in the commit or staged in some appends, some of which were made for nothing.
    private static func hand(
        _ records: [ToyRecord], of filing: JournaledFiling, to journal: Journal, using random: inout SplitMix64
    ) async throws -> JournaledFiling {
        guard Bool.random(using: &random) else { return filing }
        var filing = filing
        let staging = try await journal.beginStaging(filing.identity, delivery: filing.delivery, at: at(0))
        var rest = records[...]
        while !rest.isEmpty {
            let part = rest.prefix(Int.random(in: 1...300, using: &random))
            rest = rest.dropFirst(part.count)
            if Int.random(in: 0..<4, using: &random) == 0 {
                // Chunks that are not what they say are refused whole, and leave nothing behind.
                let broken = RecordChunk(bytes: [200], count: 1, keys: [ToyRecord(key: 9999, content: 1).recordKey])
                await #expect(throws: JournalError.self) {
                    try await journal.append([RecordChunk(Array(part)), broken], to: staging)
                }
            }
            try await journal.append([RecordChunk(Array(part))], to: staging)
        }
        filing.records = .staged(staging)
        return filing
    }

    /// With leaves in the database, as small scopes have them, and in files as soon as so many keys change.
    @Test(arguments: 0..<6 as Range<UInt64>, [1, 50, 1 << 15]) func filingsDoWhatADictionaryDoes(
        seed: UInt64, inFileFrom: Int
    ) async throws {
        var random = SplitMix64(state: seed)
        var folder = try TemporaryFolder()
        var journal = try await folder.open()
        defer { #expect(inFileFrom > 1 || folder.names.contains { $0.hasSuffix(".keys") }) }
        var model = Model()
        for number in 1...18 as ClosedRange<UInt64> {
            let isSnapshot = Int.random(in: 0..<3, using: &random) == 0
            let records = Self.records(model.state, isSnapshot: isSnapshot, using: &random)
            let delivery: Delivery = isSnapshot ? .toySnapshot("s") : .upsert(scope: "s")
            let plain = filing(number, delivery: delivery, records: records)
            let position = journal.lastPosition
            journal.segments.leavesInFileFrom.withLock { $0 = inFileFrom }
            let handed = try await Self.hand(records, of: plain, to: journal, using: &random)
            if Int.random(in: 0..<5, using: &random) == 0 {
                // It dies before the commit: nothing of the filing is there, and it is handed in anew.
                (folder, journal) = try await Self.die(folder, journal)
                #expect(journal.lastPosition == position)
                try await check(journal, against: model.state)
                journal.segments.leavesInFileFrom.withLock { $0 = inFileFrom }
                let again = try await Self.hand(records, of: plain, to: journal, using: &random)
                try await commit(again, records, isSnapshot, to: journal, against: &model)
            } else {
                try await commit(handed, records, isSnapshot, to: journal, against: &model)
            }
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                try journal.close()
                journal = try await folder.open()
            case 1: (folder, journal) = try await Self.die(folder, journal)
            default: break
            }
            try await check(journal, against: model.state)
        }
    }

    private func commit(
        _ filing: JournaledFiling, _ records: [ToyRecord], _ isSnapshot: Bool, to journal: Journal,
        against model: inout Model
    ) async throws {
        let position = journal.lastPosition
        let outcome = try await journal.commit([filing], at: at(1))[0]
        let expected = model.file(records, isSnapshot: isSnapshot)
        #expect(outcome.summary?.changes == expected.changes)
        #expect(try await journal.stream(after: position, limitBytes: 4000) == expected.stream)
    }

    // The files as they are at this moment, opened by another.
    private static func die(
        _ folder: TemporaryFolder, _ journal: Journal
    ) async throws -> (TemporaryFolder, Journal) {
        let next = try TemporaryFolder()
        try folder.copy(to: next)
        try journal.close()
        return (next, try await next.open())
    }

    private func check(_ journal: Journal, against state: [UInt64: UInt64]) async throws {
        let segments = journal.segments
        let (keys, count) = try await journal.read { database in
            (
                try leavesOfOneScope(in: database, segments).flatMap { $0 },
                try Int.fetchOne(database, sql: "SELECT coalesce(sum(keys), 0) FROM scope") ?? -1
            )
        }
        #expect(keys.map(\.id) == keys.map(\.id).sorted())
        #expect(Dictionary(uniqueKeysWithValues: keys.map { ($0.id.low, $0.content) }) == state)
        #expect(count == state.count)
    }

    // MARK: - Edges of leaves

    private func key(_ high: UInt64, _ low: UInt64 = 0, content: UInt64 = 1) -> StatedKey {
        StatedKey(
            id: Fingerprint(high: high, low: low), content: content, bodyNumber: 1,
            differs: true)
    }

    private func adopt(_ keys: [StatedKey], deleting: Bool = false, in journal: Journal) async throws -> [Int] {
        try await journal.write { database in
            var merge = try KeyMerge([KeyRun(keys)])
            try KeyLeaves(database: database, scope: 1).adopt(&merge, deletingOthers: deleting) { _ in }
            return try Data.fetchAll(database, sql: "SELECT keys FROM key_leaf ORDER BY number")
                .map { LeafBytes.decode($0).count }
        }
    }

    /// A key in front of all others, between them and behind them, and a leaf at, and one above, what it can hold.
    @Test func leafThatIsFullIsCutInTwo() async throws {
        let folder = try TemporaryFolder()
        let journal = try await folder.open()
        func step(_ number: Int) -> UInt64 { UInt64(number) << 30 }
        let full = (1...KeyLeaves.mostCount).map { key(step($0)) }
        #expect(try await adopt(full, in: journal) == [KeyLeaves.mostCount])
        #expect(try await adopt([key(step(5), content: 2)], in: journal) == [KeyLeaves.mostCount])
        let cut = try await adopt([key(0)], in: journal)
        #expect(cut.count == 2 && cut.reduce(0, +) == KeyLeaves.mostCount + 1)
        let behind = try await adopt([key(step(5) + 1), key(.max, .max)], in: journal)
        #expect(behind.count == 2 && behind.reduce(0, +) == KeyLeaves.mostCount + 3)
    }

    @Test func leafWhoseKeysAllGoIsGone() async throws {
        let folder = try TemporaryFolder()
        let journal = try await folder.open()
        let keys = (0..<1000 as Range<UInt64>).map { key($0 << 50) }
        let leaves = try await adopt(keys, in: journal)
        // All keys of the second and third leaf.
        let kept = Array(keys[..<leaves[0]] + keys[(leaves[0] + leaves[1] + leaves[2])...])
        #expect(try await adopt(kept, deleting: true, in: journal) == [leaves[0]] + leaves[3...])
        // What lies where they were is found to be nowhere, and can come back.
        let gone = Array(keys[leaves[0]..<(leaves[0] + leaves[1] + leaves[2])])
        let found = try await journal.read { database in
            try KeyLeaves(database: database, scope: 1).find(gone.map(\.id)) { _ in false }
        }
        #expect(found.allSatisfy { $0 == nil })
        #expect(try await adopt(gone, in: journal).reduce(0, +) == 1000)
        #expect(try await adopt([], deleting: true, in: journal) == [])
        #expect(try await adopt([], deleting: true, in: journal) == [])
    }

    /// Ids that the numbers of leaves cannot tell apart stay together, however many they are.
    @Test func keysOfOnePrefixShareALeaf() async throws {
        let folder = try TemporaryFolder()
        let journal = try await folder.open()
        let same = (0..<500 as Range<UInt64>).map { key(7 << 40, $0) }
        #expect(try await adopt(same, in: journal) == [500])
        #expect(try await adopt([key(7 << 40 | 1 << 24)], in: journal).reduce(0, +) == 501)
        #expect(try await adopt([key(7 << 40, 250)], deleting: true, in: journal) == [1])
    }
}
