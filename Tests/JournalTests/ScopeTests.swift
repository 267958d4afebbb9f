import Findings
import Foundation
import Journal
import Testing

/// Upserts and snapshots against what their keys were before.
@Suite struct ScopeTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func unchangedRecordsAreLeftOut() async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1, delivery: .upsert(scope: "s"), records: toys(1...4))], at: at(1))
        let second = toys(1...2) + toys(3...3, content: 9) + toys(5...5)
        let outcome = try await journal.commit([filing(2, delivery: .upsert(scope: "s"), records: second)], at: at(2))[
            0]
        #expect(outcome.summary?.changes == RecordChanges(new: 1, changed: 1, unchanged: 2))
        #expect(outcome.summary?.reconciles == true)
        #expect(try await journal.stream(after: 4) == toys(3...3, content: 9) + toys(5...5))
    }

    @Test func scopesAndSourcesDoNotMeet() async throws {
        let journal = try await folder.open()
        let group = [
            filing(1, source: "a", delivery: .upsert(scope: "s"), records: toys(1...2)),
            filing(2, source: "b", delivery: .upsert(scope: "s"), records: toys(1...2)),
            filing(3, source: "a", delivery: .toySnapshot("t"), records: toys(1...2)),
        ]
        let outcomes = try await journal.commit(group, at: at(1))
        #expect(outcomes.map(\.summary?.changes) == Array(repeating: RecordChanges(new: 2), count: 3))
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
        #expect(try await replayed(journal, scopes: 2)[4] == 1)
        // It is counted once.
        let half = Delivery.toySnapshot("right", guardShare: 0.5)
        let less = try await journal.commit([filing(5, delivery: half, records: toys(1...2))], at: at(5))[0]
        #expect(less.summary?.changes == RecordChanges(unchanged: 2, deleted: 2))
    }

    /// What it was said to be elsewhere is no more; its own scope says again what it is.
    @Test(arguments: [false, true]) func keyThatLeavesAnotherScopeIsSentAgainWhereItStays(isStaged: Bool) async throws {
        let journal = try await folder.open()
        try await file(1, "right", toys(1...4), isStaged: isStaged, in: journal)
        try await file(2, "wrong", toys(3...3) + toys(4...4, content: 7), isStaged: isStaged, in: journal)
        try await file(3, "right", toys(1...4), isStaged: isStaged, in: journal)
        #expect(try await file(4, "wrong", [], isStaged: isStaged, in: journal) == RecordChanges())
        #expect(try await replayed(journal, scopes: 2)[4] == 7)
        let again = try await file(5, "right", toys(1...4), isStaged: isStaged, in: journal)
        #expect(again == RecordChanges(changed: 1, unchanged: 3))
        #expect(try await replayed(journal, scopes: 2)[4] == 1)
        #expect(
            try await file(6, "right", toys(1...4), isStaged: isStaged, in: journal) == RecordChanges(unchanged: 4))
    }

    /// Twice in doubt is not certain again.
    @Test func keyThatLeavesTwoOtherScopesIsSentAgainWhereItStays() async throws {
        let journal = try await folder.open()
        func file(_ number: UInt64, _ scope: String, _ records: [ToyRecord]) async throws -> RecordChanges? {
            try await self.file(number, scope, records, isStaged: false, in: journal)
        }
        _ = try await file(1, "right", toys(4...4))
        _ = try await file(2, "wrong", toys(4...4, content: 7))
        _ = try await file(3, "worse", toys(4...4, content: 8))
        #expect(try await file(4, "right", toys(4...4)) == RecordChanges(unchanged: 1))
        #expect(try await file(5, "wrong", []) == RecordChanges())
        #expect(try await file(6, "worse", []) == RecordChanges())
        #expect(try await file(7, "right", toys(4...4)) == RecordChanges(changed: 1))
        #expect(try await replayed(journal, scopes: 3) == [4: 1])
    }

    /// Random rosters of several communities: who stands in the last one is there.
    @Test(arguments: [21, 22, 23] as [UInt64]) func whoWasStatedLastIsThere(seed: UInt64) async throws {
        let journal = try await folder.open()
        var random = SplitMix64(state: seed)
        for number in 1...60 as ClosedRange<UInt64> {
            let keys = Set(
                (0..<Int.random(in: 0...12, using: &random)).map { _ in UInt64.random(in: 0..<15, using: &random) })
            let records = keys.map { ToyRecord(key: $0, content: UInt64.random(in: 0..<2, using: &random)) }
            let scope = ["a", "b", "c", "d"].randomElement(using: &random)!
            try await file(number, scope, records, isStaged: Bool.random(using: &random), in: journal)
            let state = try await replayed(journal, scopes: 4)
            #expect(keys.isSubset(of: state.keys), "filing \(number)")
        }
        #expect(try await journal.totals().reconciles)
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

    @Test func missingKeysAreDeletedInKeyOrder() async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1, delivery: .toySnapshot(), records: toys(1...40))], at: at(1))
        let outcome = try await journal.commit(
            [filing(2, delivery: .toySnapshot(), records: toys(1...10))], at: at(2))[0]
        #expect(outcome.summary?.changes == RecordChanges(unchanged: 10, deleted: 30))
        let deleted = (11...40).map { UInt64($0) }.sorted { ToyRecord.id($0) < ToyRecord.id($1) }
        #expect(try await journal.stream(after: 40) == deleted.map { ToyRecord(key: $0, content: nil) })
        // Deleted keys are gone: stated again they are new.
        let again = try await journal.commit(
            [filing(3, delivery: .toySnapshot(), records: toys(1...12))], at: at(3))[0]
        #expect(again.summary?.changes == RecordChanges(new: 2, unchanged: 10))
    }

    @Test func repeatedKeyIsComparedWithItsEarlierOccurrence() async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1, delivery: .toySnapshot(), records: toys(1...1))], at: at(1))
        // Back to what it was at first: the last one must stand all the same.
        let records = toys(1...1, content: 2) + toys(1...1, content: 2) + toys(1...1, content: 1)
        let outcome = try await journal.commit([filing(2, delivery: .toySnapshot(), records: records)], at: at(2))[0]
        #expect(outcome.summary?.changes == RecordChanges(changed: 2, unchanged: 1, repeatedKeys: 2))
        #expect(try await journal.stream(after: 1) == toys(1...1, content: 2) + toys(1...1, content: 1))
        let same = try await journal.commit([filing(3, delivery: .toySnapshot(), records: toys(1...1))], at: at(3))[0]
        #expect(same.summary?.changes == RecordChanges(unchanged: 1))
    }

    @Test func keyThatIsNewAndRepeatedCountsOnceInItsScope() async throws {
        let journal = try await folder.open()
        let records = toys(1...1) + toys(1...1, content: 2) + toys(2...2)
        try await journal.commit([filing(1, delivery: .toySnapshot(), records: records)], at: at(1))
        let half = Delivery.toySnapshot(guardShare: 0.5)
        let outcome = try await journal.commit([filing(2, delivery: half, records: toys(2...2))], at: at(2))[0]
        #expect(outcome.summary?.changes == RecordChanges(unchanged: 1, deleted: 1))
    }

    struct Guard: Sendable, CustomTestStringConvertible {
        var before: Int
        var now: Int
        var share: Double
        var word: String
        var testDescription: String { "\(before) to \(now) with \(share)" }
    }

    static let guards = [
        Guard(before: 10, now: 8, share: 0.2, word: "journaled"),
        Guard(before: 10, now: 7, share: 0.2, word: "held 3/10"),
        Guard(before: 10, now: 0, share: 0.2, word: "held 10/10"),
        Guard(before: 10, now: 10, share: 0, word: "journaled"),
        Guard(before: 10, now: 9, share: 0, word: "held 1/10"),
        Guard(before: 10, now: 0, share: 1, word: "journaled"),
        Guard(before: 0, now: 0, share: 0, word: "journaled"),
        Guard(before: 0, now: 5, share: 0, word: "journaled"),
    ]

    @Test(arguments: guards) func guardHoldsWhatDeletesTooMuch(row: Guard) async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1, delivery: .toySnapshot(), records: toys(0..<row.before))], at: at(1))
        let given = filing(2, delivery: .toySnapshot(guardShare: row.share), records: toys(0..<row.now))
        let word = try await journal.commit([given], at: at(2))[0].word
        #expect(word == row.word)
    }

    /// A truncated roster deletes nobody, and the rest of its group is not held with it.
    @Test func heldFilingLeavesNothingBehind() async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1, delivery: .toySnapshot(), records: toys(1...10))], at: at(1))
        let before = try await journal.stream()
        let truncated = filing(2, delivery: .toySnapshot(guardShare: 0.2), records: toys(1...1, content: 7))
        let outcomes = try await journal.commit([truncated, filing(3, records: toys(50...51))], at: at(2))
        #expect(outcomes.map(\.word) == ["held 9/10", "journaled"])
        #expect(outcomes[1].summary?.positions == 11...12)
        #expect(try await journal.filing(identity(2)) == nil)
        #expect(try await journal.stream() == before + toys(50...51))
        let whole = try await journal.commit([filing(4, delivery: .toySnapshot(), records: toys(1...10))], at: at(3))[0]
        #expect(whole.summary?.changes == RecordChanges(unchanged: 10))
    }

    @Test func approvalLetsAHeldSnapshotThroughOnce() async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1, delivery: .toySnapshot(), records: toys(1...10))], at: at(1))
        let small = filing(2, claim: "a", delivery: .toySnapshot(guardShare: 0.2), records: toys(1...2))
        var rejected = small
        rejected.outcome = .rejected
        #expect(try await journal.commit([small], at: at(2))[0].word == "held 8/10")
        try await journal.commit([rejected], at: at(2))
        try await journal.approve(small.identity, at: at(3))
        #expect(try await journal.events(of: small.identity).map(\.kind).contains(.approved))
        var retried = small
        retried.claim = "b"
        #expect(try await journal.commit([retried], at: at(4))[0].summary?.changes.deleted == 8)
        let kinds = try await journal.events(of: small.identity).map(\.kind)
        #expect(kinds.filter { $0 == .approved }.count == 1)
        // Used up: another filing is held again.
        let next = filing(3, delivery: .toySnapshot(guardShare: 0.2), records: toys(1...1))
        #expect(try await journal.commit([next], at: at(5))[0].word == "held 1/2")
        let approved = filing(3, delivery: .toySnapshot(guardShare: 0.2, isApproved: true), records: toys(1...1))
        #expect(try await journal.commit([approved], at: at(6))[0].word == "journaled")
    }

    /// Random filings of all kinds, some staged; whoever replays the stream holds exactly what the scope holds, and a
    /// record is never sent twice in a row.
    @Test(arguments: [11, 12, 13] as [UInt64]) func replayingTheStreamGivesTheState(seed: UInt64) async throws {
        let journal = try await folder.open()
        var random = SplitMix64(state: seed)
        var model: [UInt64: UInt64] = [:]
        for number in 1...20 as ClosedRange<UInt64> {
            let records = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                ToyRecord(
                    key: UInt64.random(in: 0..<50, using: &random), content: UInt64.random(in: 0..<3, using: &random))
            }
            let isSnapshot = Bool.random(using: &random)
            let delivery: Delivery = isSnapshot ? .toySnapshot("s", guardShare: 1) : .upsert(scope: "s")
            var given = filing(number, delivery: delivery, records: records)
            if Bool.random(using: &random) {
                let staging = try await journal.beginStaging(given.identity, delivery: delivery, at: at(0))
                let cut = Int.random(in: 0...records.count, using: &random)
                try await journal.append([RecordChunk(Array(records[..<cut]))], to: staging)
                try await journal.append([RecordChunk(Array(records[cut...]))], to: staging)
                given.records = .staged(staging)
            }
            let summary = try await journal.commit([given], at: at(0))[0].summary
            let stated = Dictionary(records.map { ($0.key, $0.content ?? 0) }) { _, last in last }
            #expect(summary?.changes.deleted == (isSnapshot ? model.keys.filter { stated[$0] == nil }.count : 0))
            #expect(summary?.changes.handedIn == records.count)
            #expect(summary?.changes.repeatedKeys == records.count - stated.count)
            model = isSnapshot ? stated : model.merging(stated) { _, new in new }
            #expect(try await replayed(journal) == model)
        }
        #expect(try await journal.totals().reconciles)
    }

    private func replayed(_ journal: Journal, scopes: Int = 1) async throws -> [UInt64: UInt64] {
        var state: [UInt64: UInt64] = [:]
        for record in try await journal.stream() {
            // What another scope has said is not known.
            #expect(scopes > 1 || state[record.key] != record.content, "sent although nothing changed")
            state[record.key] = record.content
        }
        return state
    }

    /// More keys than are removed in one page.
    @Test func manyDeletionsAreAllMade() async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1, delivery: .toySnapshot(), records: toys(0..<9000))], at: at(1))
        let outcome = try await journal.commit([filing(2, delivery: .toySnapshot())], at: at(2))[0]
        #expect(outcome.summary?.changes.deleted == 9000)
        let deleted = try await journal.stream(after: 9000, limitBytes: 1 << 20)
        #expect(Set(deleted.map(\.key)).count == 9000)
        #expect(deleted.map { ToyRecord.id($0.key) } == deleted.map { ToyRecord.id($0.key) }.sorted())
    }
}
