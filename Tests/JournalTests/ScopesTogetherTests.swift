import Findings
import Foundation
import Testing

@testable import Journal

/// Scopes of one source that state the same keys.
@Suite struct ScopesTogetherTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Somebody who moved stands in the roster of the new community before that of the old one lacks them, or behind it.
    @Test(arguments: [false, true]) func keyThatAnotherScopeHasStatedSinceIsNotDeleted(isStaged: Bool) async throws {
        let journal = try await folder.open()
        func file(_ number: UInt64, _ scope: String, _ records: [ToyRecord]) async throws -> RecordChanges? {
            try await self.file(number, scope, records, isStaged: isStaged, in: journal)
        }
        _ = try await file(1, "old", toys(1...4))
        _ = try await file(2, "new", toys(3...3) + toys(11...12))
        #expect(try await file(3, "old", toys(1...2)) == RecordChanges(unchanged: 2, deleted: 1))
        #expect(try await journal.stream(after: 7) == [ToyRecord(key: 4, content: nil)])
        // It is the new scope's alone now, which has two others.
        #expect(try await file(4, "old", toys(1...2) + toys(5...5)) == RecordChanges(new: 1, unchanged: 2))
        #expect(try await file(5, "new", toys(11...12)) == RecordChanges(unchanged: 2, deleted: 1))
        #expect(try await journal.stream(after: 9) == [ToyRecord(key: 3, content: nil)])
    }

    /// A scope that nobody files any more, of a mapping that has another name now perhaps, keeps nobody for ever.
    @Test func keyThatAnotherScopeStatedBeforeIsDeleted() async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1, delivery: .toySnapshot("former"), records: toys(1...4))], at: at(1))
        try await journal.commit([filing(2, delivery: .toySnapshot("present"), records: toys(1...4))], at: at(2))
        // Nothing changed, and yet it was said again.
        try await journal.commit(
            [filing(3, delivery: .toySnapshot("present"), records: toys(1...4))], at: at(3))
        let outcome = try await journal.commit(
            [filing(4, delivery: .toySnapshot("present", guardShare: 1), records: toys(1...2))], at: at(4))[0]
        #expect(outcome.summary?.changes == RecordChanges(unchanged: 2, deleted: 2))
        // What was said again without a change counts, too.
        try await journal.commit([filing(5, delivery: .toySnapshot("former"), records: toys(1...4))], at: at(5))
        let last = try await journal.commit(
            [filing(6, delivery: .toySnapshot("present", guardShare: 1), records: toys(2...2))], at: at(6))[0]
        #expect(last.summary?.changes == RecordChanges(unchanged: 1))
    }

    /// A roster that had somebody by mistake deletes them with its next one: the roster where they belong says them again.
    @Test(arguments: [false, true]) func keyThatWasDeletedIsNewWhereItIsStillStated(isStaged: Bool) async throws {
        let journal = try await folder.open()
        try await file(1, "right", toys(1...4), isStaged: isStaged, in: journal)
        try await file(2, "wrong", toys(4...6), isStaged: isStaged, in: journal)
        let mended = try await file(3, "wrong", toys(5...6), isStaged: isStaged, in: journal)
        #expect(mended == RecordChanges(unchanged: 2, deleted: 1))
        let again = try await file(4, "right", toys(1...4), isStaged: isStaged, in: journal)
        #expect(again == RecordChanges(new: 1, unchanged: 3))
        #expect(try await journal.replayed(scopes: 2)[4] == 1)
        // It is counted once.
        let half = Delivery.toySnapshot("right", guardShare: 0.5)
        let less = try await journal.commit([filing(5, delivery: half, records: toys(1...2))], at: at(5))[0]
        #expect(less.summary?.changes == RecordChanges(unchanged: 2, deleted: 2))
    }

    /// What was filed last stands, and it is said once.
    @Test(arguments: [false, true]) func keyIsWhatTheScopeFiledLastStates(isStaged: Bool) async throws {
        let journal = try await folder.open()
        func file(_ number: UInt64, _ scope: String, _ records: [ToyRecord]) async throws -> RecordChanges? {
            try await self.file(number, scope, records, isStaged: isStaged, in: journal)
        }
        _ = try await file(1, "right", toys(1...4))
        _ = try await file(2, "wrong", toys(3...3) + toys(4...4, content: 7))
        #expect(try await journal.replayed(scopes: 2)[4] == 7)
        #expect(try await file(3, "right", toys(1...4)) == RecordChanges(changed: 1, unchanged: 3))
        #expect(try await journal.replayed(scopes: 2)[4] == 1)
        #expect(try await file(4, "right", toys(1...4) + toys(9...9)) == RecordChanges(new: 1, unchanged: 4))
        #expect(
            try await file(5, "wrong", toys(3...3) + toys(4...4, content: 7))
                == RecordChanges(changed: 1, unchanged: 1))
        #expect(try await file(6, "right", toys(1...4)) == RecordChanges(changed: 1, unchanged: 3, deleted: 1))
        // Who is gone from where something else was said of them is what the other one says.
        #expect(try await file(7, "wrong", []) == RecordChanges())
        #expect(try await file(8, "right", toys(1...4)) == RecordChanges(unchanged: 4))
        #expect(try await journal.replayed(scopes: 2) == [1: 1, 2: 1, 3: 1, 4: 1])
    }

    /// An upsert that another scope has overruled since keeps nobody, though it was filed since with somebody else.
    @Test func keyThatWasOverruledIsNotKept() async throws {
        let journal = try await folder.open()
        func upsert(_ number: UInt64, _ records: [ToyRecord]) async throws -> RecordChanges? {
            let given = filing(number, delivery: .upsert(scope: "departures"), records: records)
            return try await journal.commit([given], at: at(Double(number)))[0].summary?.changes
        }
        _ = try await upsert(1, toys(4...4, content: 7))
        try await file(2, "roster", toys(1...4), isStaged: false, in: journal)
        _ = try await upsert(3, toys(8...8, content: 7))
        #expect(
            try await file(4, "roster", toys(1...3), isStaged: false, in: journal)
                == RecordChanges(unchanged: 3, deleted: 1))
        // Deleted is deleted everywhere.
        #expect(try await upsert(5, toys(4...4, content: 7)) == RecordChanges(new: 1))
    }

    /// Journals of earlier releases have scopes of which each knows its own last word alone.
    @Test func keyThatTwoScopesKnewDifferentlyIsSentAgainWhereItStays() async throws {
        let journal = try await folder.open()
        try await file(1, "right", toys(4...4), isStaged: false, in: journal)
        try await file(2, "wrong", toys(4...4, content: 7), isStaged: false, in: journal)
        try await journal.write { database in
            try KeyLeaves(database: database, scope: 1).change([ToyRecord.id(4)]) { key in
                var copy = key
                copy.content = 1
                return copy
            }
        }
        #expect(
            try await file(3, "right", toys(4...4), isStaged: false, in: journal) == RecordChanges(unchanged: 1))
        #expect(try await file(4, "wrong", [], isStaged: false, in: journal) == RecordChanges())
        #expect(try await file(5, "right", toys(4...4), isStaged: false, in: journal) == RecordChanges(changed: 1))
        #expect(try await journal.replayed(scopes: 2) == [4: 1])
    }

    /// Random rosters of several communities, some in one package: downstream has what the last of those that state a key
    /// says of it, and whoever stands in the last one is there.
    @Test(arguments: 21..<29 as Range<UInt64>) func whatWasStatedLastIsThere(seed: UInt64) async throws {
        let journal = try await folder.open()
        var random = SplitMix64(state: seed)
        // In the order of filing.
        var rosters: [(scope: String, states: [UInt64: UInt64])] = []
        for number in 1...60 as ClosedRange<UInt64> {
            let scopes = ["a", "b", "c", "d"].shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random))
            var parts: [FilingPart] = []
            for scope in scopes {
                let records = Self.roster(&random)
                rosters.removeAll { $0.scope == scope }
                rosters.append((scope, Dictionary(uniqueKeysWithValues: records.map { ($0.key, $0.content ?? 0) })))
                parts.append(
                    FilingPart(
                        delivery: .toySnapshot(scope, guardShare: 1), records: .chunks([RecordChunk(records)])))
            }
            try await file(number, parts, isStaged: Bool.random(using: &random) && parts.count == 1, in: journal)
            let state = try await journal.replayed(scopes: 4)
            for (key, content) in state {
                let last = rosters.last { $0.states[key] != nil }
                #expect(last?.states[key] == content, "filing \(number), key \(key)")
            }
            for roster in rosters.suffix(parts.count) {
                #expect(Set(roster.states.keys).isSubset(of: state.keys), "filing \(number)")
            }
        }
        #expect(try await journal.totals().reconciles)
    }

    /// The same with upserts among them: what the last filing states is what downstream has.
    @Test(arguments: 31..<35 as Range<UInt64>) func whatAnyFilingStatesIsThere(seed: UInt64) async throws {
        let journal = try await folder.open()
        var random = SplitMix64(state: seed)
        for number in 1...60 as ClosedRange<UInt64> {
            let records = Self.roster(&random)
            let scope = ["a", "b", "c", "d"].randomElement(using: &random)!
            let delivery: Delivery = scope < "c" ? .toySnapshot(scope, guardShare: 1) : .upsert(scope: scope)
            let part = FilingPart(delivery: delivery, records: .chunks([RecordChunk(records)]))
            try await file(number, [part], isStaged: Bool.random(using: &random), in: journal)
            let state = try await journal.replayed(scopes: 4)
            for record in records { #expect(state[record.key] == record.content, "filing \(number)") }
        }
        #expect(try await journal.totals().reconciles)
    }

    // Contents that no key has for want of a better one.
    private static func roster(_ random: inout SplitMix64) -> [ToyRecord] {
        let keys = Set(
            (0..<Int.random(in: 0...12, using: &random)).map { _ in UInt64.random(in: 0..<15, using: &random) })
        return keys.sorted().map { ToyRecord(key: $0, content: UInt64.random(in: 1...2, using: &random)) }
    }

    // The parts of a filing, of which only one can be staged.
    private func file(
        _ number: UInt64, _ parts: [FilingPart], isStaged: Bool, in journal: Journal
    ) async throws {
        var given = filing(number)
        given.delivery = parts[0].delivery
        given.records = parts[0].records
        given.furtherParts = Array(parts.dropFirst())
        let records = parts.map(\.records).reduce(0) { count, records in
            if case .chunks(let chunks) = records { count + chunks.reduce(0) { $0 + $1.count } } else { count }
        }
        given.counts = FilingCounts(
            rowsRead: records, rowsConverted: records, recordsByType: records > 0 ? ["Person": records] : [:])
        if isStaged, case .chunks(let chunks) = given.records {
            let staging = try await journal.beginStaging(given.identity, delivery: given.delivery, at: at(0))
            try await journal.append(chunks, to: staging)
            given.records = .staged(staging)
        }
        #expect(try await journal.commit([given], at: at(Double(number)))[0].word == "journaled")
    }

    @discardableResult
    private func file(
        _ number: UInt64, _ scope: String, _ records: [ToyRecord], isStaged: Bool, in journal: Journal
    ) async throws -> RecordChanges? {
        var given = filing(number, delivery: .toySnapshot(scope, guardShare: 1), records: records)
        if isStaged {
            let staging = try await journal.beginStaging(given.identity, delivery: given.delivery, at: at(0))
            try await journal.append([RecordChunk(records)], to: staging)
            given.records = .staged(staging)
        }
        return try await journal.commit([given], at: at(Double(number)))[0].summary?.changes
    }
}
