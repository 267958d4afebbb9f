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
            #expect(try await journal.replayed() == model)
        }
        #expect(try await journal.totals().reconciles)
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
