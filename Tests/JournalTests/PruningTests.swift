import Foundation
import GRDB
import Testing

@testable import Journal

/// What leaves the journal when its time is over, and what stays whatever happens.
@Suite struct PruningTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func advance(
        _ journal: Journal, to position: Int64, from: Int64 = 0, refusing refused: [Int64] = []
    ) async throws {
        let selected = Int(position - from)
        try await journal.advance(
            [
                RouteAdvance(
                    route: "a", to: position, selected: selected, acked: selected - refused.count,
                    refused: refused.map { RefusedRecord(position: $0, record: [1, 2, 3], reason: "no") })
            ], at: at(5))
    }

    private func prune(_ journal: Journal, olderThan date: Date = at(100)) async throws -> PruneReport {
        try await journal.prune(olderThan: date, deliveredTo: ["a"], at: at(101))
    }

    /// Four filings of two records each, all of which a route has passed.
    private func delivered(refusing refused: [Int64] = []) async throws -> Journal {
        let journal = try await folder.open()
        _ = try await journal.openRoute("a", startingAt: .beginning, at: at(0))
        for number in 1...4 as ClosedRange<UInt64> {
            let keys = Int(number) * 10
            try await journal.commit([filing(number, records: toys(keys..<(keys + 2)))], at: at(Double(number)))
        }
        try await advance(journal, to: 8, refusing: refused)
        return journal
    }

    @Test func openDeadLetterKeepsEverythingFromItOn() async throws {
        let journal = try await delivered(refusing: [5, 7])
        let held = try await prune(journal)
        #expect(held.filings == 2)
        #expect(held.hold == .deadLetter(1, route: "a"))
        #expect(try await journal.stream(after: 4).count == 4)
        try await journal.mustSettle([DeadLetterSettlement(1, .remove)], knowingThrough: 8, at: at(6))
        #expect(try await prune(journal).hold == .deadLetter(2, route: "a"))
        try await journal.mustSettle([DeadLetterSettlement(2, .remove)], knowingThrough: 8, at: at(6))
        let rest = try await prune(journal)
        #expect(rest.filings == 1)
        #expect(rest.hold == nil)
        #expect(try await journal.totals().reconciles)
    }

    /// The second of four was committed while the clock was a year ahead.
    private func committedByAClockThatWasAhead() async throws -> Journal {
        let journal = try await folder.open()
        _ = try await journal.openRoute("a", startingAt: .beginning, at: at(0))
        for (number, time) in ([1, 31_536_000, 3, 90] as [Double]).enumerated() {
            try await journal.commit([filing(UInt64(number), records: toys([number]))], at: at(time))
        }
        return journal
    }

    @Test func filingOfAClockThatWasAheadKeepsNothingBehindIt() async throws {
        let journal = try await committedByAClockThatWasAhead()
        try await advance(journal, to: 4)
        #expect(try await prune(journal, olderThan: at(2)).filings == 1)
        #expect(try await prune(journal, olderThan: at(4)).filings == 2)
        #expect(try await journal.status().prunedThrough == 3)
    }

    @Test func whatIsHeldIsToldBehindAClockThatWasAhead() async throws {
        let journal = try await committedByAClockThatWasAhead()
        try await advance(journal, to: 1)
        func held(_ seconds: Double) async throws -> HeldRecords? {
            try await journal.heldRecords(olderThan: at(seconds), deliveredTo: ["a"], at: at(101))
        }
        #expect(try await held(3) == nil)
        #expect(try await held(4) == HeldRecords(hold: .route("a"), since: at(3)))
    }

    @Test func routeThatLagsIsNamed() async throws {
        let journal = try await folder.open()
        _ = try await journal.openRoute("a", startingAt: .beginning, at: at(0))
        try await journal.commit([filing(1, records: toys(0..<4))], at: at(1))
        try await advance(journal, to: 3)
        #expect(try await prune(journal).hold == .route("a"))
        // What is too young is not held back by anyone.
        #expect(try await prune(journal, olderThan: at(1)).hold == nil)
        #expect(try await journal.stream().count == 4)
    }

    /// Whether or not what may leave has left.
    @Test func whoHoldsWhatIsTooOldIsTold() async throws {
        let journal = try await delivered(refusing: [5])
        func held(olderThan seconds: Double, by routes: [String] = ["a"]) async throws -> HeldRecords? {
            try await journal.heldRecords(olderThan: at(seconds), deliveredTo: routes, at: at(101))
        }
        let expected = HeldRecords(hold: .deadLetter(1, route: "a"), since: at(3))
        for _ in 1...2 {
            #expect(try await held(olderThan: 100) == expected)
            #expect(try await held(olderThan: 3) == nil, "the third is not old enough")
            _ = try await prune(journal)
        }
        #expect(try await held(olderThan: 100, by: ["a", "new"]) == HeldRecords(hold: .route("new"), since: at(3)))
        try await journal.mustSettle([DeadLetterSettlement(1, .remove)], knowingThrough: 8, at: at(6))
        #expect(try await held(olderThan: 100) == nil, "all of it may leave")
    }

    @Test func settledDeadLettersLeaveLater() async throws {
        let journal = try await delivered(refusing: [1, 2, 3])
        try await journal.mustSettle([DeadLetterSettlement(1, .remove)], knowingThrough: 8, at: at(6))
        try await journal.mustSettle([DeadLetterSettlement(2, .remove)], knowingThrough: 8, at: at(60))
        #expect(try await prune(journal, olderThan: at(50)).deadLetters == 1)
        #expect(try await journal.deadLetters(state: nil).map(\.number) == [2, 3])
        #expect(try await journal.cursor(of: "a")?.deadLetters == 3)
        #expect(try await journal.cursor(of: "a")?.reconciles == true)
    }

    /// A route that is in no settings any more does not hold up others, and finds its own when it comes back.
    @Test func whatIsSentAgainStaysUntilItsRouteHasIt() async throws {
        let journal = try await delivered(refusing: [1])
        let one = ToyRecord(key: 10, content: 1)
        try await journal.mustSettle(
            [DeadLetterSettlement(1, .replay(one.message, isAsOffered: false))], knowingThrough: 8, at: at(6))
        try await journal.commit([filing(5, records: toys(50..<52))], at: at(7))
        _ = try await journal.prune(olderThan: at(100), deliveredTo: [], at: at(101))
        let left = try await journal.chunks(after: 8, limitBytes: .max)
        #expect(left.map(\.firstPosition) == [9])
        try await advance(journal, to: 11, from: 8)
        _ = try await prune(journal)
        #expect(try await journal.chunks(after: 0, limitBytes: .max).isEmpty)
        #expect(try await journal.totals().reconciles)
    }

    @Test func prunedFilingIsKnownAndComparedWithAsBefore() async throws {
        let journal = try await folder.open()
        let delivery = Delivery.upsert(scope: "s")
        try await journal.commit([filing(1, delivery: delivery, records: toys(0..<5))], at: at(1))
        let before = try await journal.filing(identity(1))
        _ = try await journal.prune(olderThan: at(2), deliveredTo: [], at: at(3))
        var expected = before
        expected?.isPruned = true
        #expect(try await journal.filing(identity(1)) == expected)
        #expect(try await journal.events(of: identity(1)).map(\.kind.rawValue) == ["claimed", "journaled", "pruned"])
        let again = try await journal.commit([filing(1, delivery: delivery, records: toys(0..<5))], at: at(4))[0]
        #expect(again.word == "duplicate")
        let more = try await journal.commit([filing(2, delivery: delivery, records: toys(3..<7))], at: at(5))[0]
        #expect(more.summary?.changes == RecordChanges(new: 2, unchanged: 2))
        #expect(try await journal.receiptsDue(limit: 9).count == 3)
        let status = try await journal.status()
        #expect(status.prunedThrough == 5)
        #expect(status.recordsSince == at(5))
    }

    /// Room inside of the file is used again: it does not grow when as much comes as goes.
    @Test func roomOfSmallFilingsIsUsedAgain() async throws {
        let journal = try await folder.open()
        func file(_ number: UInt64) async throws {
            let noise = (0..<400).map { ToyRecord(key: number * 1000 + $0, content: UInt64.random(in: 0...UInt64.max)) }
            try await journal.commit([filing(number, records: noise)], at: at(Double(number)))
        }
        for number in 1...30 as ClosedRange<UInt64> { try await file(number) }
        _ = try await journal.prune(olderThan: at(29.5), deliveredTo: [], at: at(31))
        let free = try await journal.status().reusableBytes
        #expect(free > 100_000)
        let pages = try await journal.read { try Int.fetchOne($0, sql: "PRAGMA page_count") }
        for number in 31...50 as ClosedRange<UInt64> { try await file(number) }
        #expect(try await journal.read { try Int.fetchOne($0, sql: "PRAGMA page_count") } == pages)
        #expect(try await journal.status().reusableBytes < free)
    }

    /// The file goes behind the commit; whoever reads meanwhile looks once more.
    @Test func whoReadsWhileAFileGoesIsNotToldOfDamage() async throws {
        let journal = try await folder.open()
        for number in 1...40 as ClosedRange<UInt64> {
            let staging = try await journal.beginStaging(identity(number), delivery: .event, at: at(1))
            try await journal.append([RecordChunk(toys(0..<300))], to: staging)
            var given = filing(number)
            given.records = .staged(staging)
            try await journal.commit([given], at: at(1))
        }
        try await journal.commit([filing(99, records: toys(1...1))], at: at(9))
        async let pruned = journal.prune(olderThan: at(5), deliveredTo: [], at: at(10))
        var last: Int64 = 0
        while last < journal.lastPosition {
            let chunks = try await journal.chunks(after: 0, limitBytes: 1 << 20)
            last = try #require(chunks.last).lastPosition
        }
        #expect(try await pruned.filings == 40)
        #expect(folder.names.isEmpty)
    }

    /// Killed behind any of the steps: what is left is gone on with, and no file is forgotten.
    @Test func pruningThatWasKilledIsTakenUp() async throws {
        let journal = try await folder.open()
        let staging = try await journal.beginStaging(identity(1), delivery: .event, at: at(1))
        let record = ToyRecord.delimit([UInt8](repeating: 1, count: 300_000))
        for _ in 0..<300 { try await journal.append([RecordChunk(bytes: record, count: 1)], to: staging) }
        var given = filing(1)
        given.records = .staged(staging)
        try await journal.commit([given, filing(2, records: toys(1...1))], at: at(1))
        // One step, and not the end of it: the filing has more chunks than that, and its file stays.
        #expect(try await !pruneOnce(journal).isDone)
        let crashed = try TemporaryFolder()
        try folder.copy(to: crashed)
        let half = try await crashed.open()
        #expect(try await half.filing(identity(1))?.isPruned == true)
        #expect(crashed.names.count == 1)
        #expect(try await half.prune(olderThan: at(2), deliveredTo: [], at: at(4)).filings == 2)
        #expect(crashed.names.isEmpty)
        // Committed, and killed before the file went.
        while try await !pruneOnce(journal).isDone {}
        let late = try TemporaryFolder()
        try folder.copy(to: late)
        #expect(late.names.count == 1)
        let again = try await late.open()
        #expect(late.names.isEmpty)
        #expect(try await again.status().prunedThrough == 301)
    }

    // One step, in the database alone.
    private func pruneOnce(_ journal: Journal) async throws -> Pruning.Step {
        try await journal.write { try Pruning(database: $0).step(olderThan: at(2), deliveredTo: [], at: at(3)) }
    }

    @Test func originalsAreNeededUntilAllThatTheyCanBeIsDelivered() async throws {
        let journal = try await delivered(refusing: [7])
        try await journal.commit([filing(5, outcome: .rejected), filing(6, records: toys(60...60))], at: at(6))
        try await journal.markReceiptsWritten((1...5).map { ReceiptNumber(rawValue: $0) }, at: at(7))
        func ask(_ number: UInt64, _ source: String = "liangzhang", quarantined: Bool = false, before: Date = at(100))
            async throws -> Bool
        {
            let prefix = String(identity(number).hex.prefix(12))
            let original = KeptOriginal(source: source, prefix: prefix, isQuarantined: quarantined)
            return try await journal.areDispensable([original], committedBefore: before, deliveredTo: ["a"])[0]
        }
        #expect(try await ask(1))
        #expect(try await !ask(1, before: at(1)), "too young")
        #expect(try await !ask(1, "other"), "of another source")
        #expect(try await !ask(77), "unknown")
        #expect(try await !ask(4), "a dead letter is open")
        #expect(try await !ask(5), "rejected")
        #expect(try await ask(5, quarantined: true))
        #expect(try await !ask(6), "not delivered")
        #expect(try await !ask(6, quarantined: true), "not delivered")
        let short = KeptOriginal(source: "liangzhang", prefix: "no digits", isQuarantined: false)
        #expect(try await journal.areDispensable([short], committedBefore: at(100), deliveredTo: []) == [false])
        _ = try await journal.prune(olderThan: at(100), deliveredTo: ["a"], at: at(101))
        #expect(try await ask(1), "pruned is delivered")
    }

    /// Filings, steps of routes, refusals, settlements, crashes and prunings at random, held against a model.
    @Test(arguments: 0..<12 as Range<UInt64>) func randomLivesAreAsTheModelSays(_ seed: UInt64) async throws {
        var life = try await RandomLife(seed: seed, in: folder)
        for _ in 0..<80 {
            try await life.step()
            try await life.check()
        }
        try await life.end()
    }
}
