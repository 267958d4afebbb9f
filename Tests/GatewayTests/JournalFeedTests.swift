import ExporterHost
import ExporterProtocol
import Foundation
import Journal
import Mappings
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(3))) struct JournalFeedTests {
    let scene: Scene
    let journal: Journal

    init() async throws {
        scene = try Scene()
        journal = try await scene.journal()
    }

    /// People at odd positions, places at even ones; one filing for each range.
    private func commit(_ ranges: ClosedRange<Int>...) async throws {
        for range in ranges {
            let records = range.map { $0.isMultiple(of: 2) ? Toy.place($0) : Toy.person($0) }
            try await journal.commit([Toy.filing(UInt64(range.lowerBound), records)], at: Scene.now)
        }
    }

    private func feed(
        _ change: (inout RouteSettings) -> Void = { $0.records = ["Person"] },
        now: @escaping @Sendable () -> Date = { Scene.now }
    ) async throws -> JournalFeed {
        var route = RouteSettings(name: "r", exporter: ["cat"])
        route.sensitive = .reveal
        change(&route)
        let cursor = try await journal.openRoute("r", startingAt: .beginning, at: Scene.now)
        return JournalFeed(
            route: route, journal: journal, selection: try RouteSelection(route, hashKey: .published), cursor: cursor,
            now: now, logger: scene.logger)
    }

    private func next(_ feed: JournalFeed, after position: UInt64, records: Int = 100, bytes: Int = 1 << 20)
        async throws
        -> [UInt64]
    {
        try await feed.next(after: position, maximumRecords: records, maximumBytes: bytes).map(\.position)
    }

    /// The counts of the route as the journal has them: position, selected, acked, dead.
    private func counts() async throws -> [Int] {
        let cursor = try #require(try await journal.cursor(of: "r"))
        #expect(cursor.reconciles)
        return [Int(cursor.position), cursor.selected, cursor.acked, cursor.deadLetters]
    }

    @Test func selectedRecordsComeInOrderWithGaps() async throws {
        try await commit(1...5, 6...9)
        let feed = try await feed()
        let extent = try await feed.extent()
        #expect(extent == FeedExtent(acknowledged: 0, oldest: 1, end: 9, epochs: extent.epochs))
        #expect(extent.epochs?.current.count == 16)
        #expect(extent.epochs?.ends == [:])
        let records = try await feed.next(after: 0, maximumRecords: 100, maximumBytes: 1 << 20)
        #expect(records.map(\.position) == [1, 3, 5, 7, 9])
        #expect(records.map { Array($0.bytes) } == [1, 3, 5, 7, 9].map { Toy.person($0) })
    }

    @Test func limitsOfRecordsAndBytesAreKept() async throws {
        try await commit(1...9)
        let feed = try await feed()
        _ = try await feed.extent()
        let size = Toy.person(1).count
        #expect(try await next(feed, after: 0, records: 2) == [1, 3])
        #expect(try await next(feed, after: 3, bytes: 1) == [5])
        #expect(try await next(feed, after: 5, bytes: 2 * size) == [7, 9])
    }

    @Test func acknowledgementsMoveTheCursorAndCount() async throws {
        try await commit(1...9)
        let feed = try await feed()
        _ = try await feed.extent()
        _ = try await next(feed, after: 0)
        try await feed.acknowledge(through: 3)
        #expect(try await counts() == [3, 2, 2, 0])
        try await feed.acknowledge(through: 3)
        #expect(try await counts() == [3, 2, 2, 0])
        try await feed.acknowledge(through: 4)
        #expect(try await counts() == [3, 2, 2, 0])
        try await feed.acknowledge(through: 9)
        #expect(try await counts() == [9, 5, 5, 0])
    }

    @Test func theLastAcknowledgementCoversWhatWasNotSelectedBehindIt() async throws {
        try await commit(1...10)
        let feed = try await feed()
        _ = try await feed.extent()
        _ = try await next(feed, after: 0)
        try await feed.acknowledge(through: 7)
        #expect(try await counts() == [7, 4, 4, 0])
        try await feed.acknowledge(through: 9)
        #expect(try await counts() == [10, 5, 5, 0])
    }

    /// Records that are none of the route's business may come while an acknowledgement is on its way to the journal.
    @Test func whatIsNotSelectedHoldsNothingBack() async throws {
        let feed = try await feed()
        _ = try await feed.extent()
        var last = 0
        for _ in 0..<20 {
            try await commit((last + 1)...(last + 1))
            #expect(try await next(feed, after: UInt64(last)) == [UInt64(last + 1)])
            let waiting = Task { [last] in try await next(feed, after: UInt64(last + 1)) }
            let places = Toy.filing(UInt64(last + 2), (0..<499).map { Toy.place(2 * $0) })
            async let committed = journal.commit([places], at: Scene.now)
            try await feed.acknowledge(through: UInt64(last + 1))
            _ = try await committed
            last += 500
            while try await counts()[0] < last { await Task.yield() }
            waiting.cancel()
            _ = try? await waiting.value
        }
    }

    @Test func refusedRecordsBecomeDeadLetters() async throws {
        try await commit(1...9)
        let feed = try await feed()
        _ = try await feed.extent()
        let records = try await feed.next(after: 0, maximumRecords: 100, maximumBytes: 1 << 20)
        try await feed.deadLetter(records[1], reason: "no such street")
        try await feed.deadLetter(records[1], reason: "no such street")
        try await feed.deadLetter(records[3], reason: "too long")
        try await feed.acknowledge(through: 5)
        #expect(try await counts() == [5, 3, 2, 1])
        try await feed.acknowledge(through: 9)
        #expect(try await counts() == [9, 5, 3, 2])
        let letters = try await journal.deadLetters(of: "r")
        #expect(letters.map(\.position) == [3, 7])
        #expect(letters.map(\.reason) == ["no such street", "too long"])
        #expect(try await journal.deadLetterRecord(letters[0].number) == Toy.person(3))
    }

    /// Whoever reads the log hears of them, and is not flooded by an exporter that refuses all it gets.
    @Test func refusedRecordsAreToldOnceAMinute() async throws {
        try await commit(1...9)
        let now = Guarded(Scene.now)
        let feed = try await feed(now: { now.withLock { $0 } })
        _ = try await feed.extent()
        let records = try await feed.next(after: 0, maximumRecords: 100, maximumBytes: 1 << 20)
        let told = "warning: Records were refused for good, and are kept as dead letters; qiao dead-letters lists them"
        var times: [Int] = []
        for (record, pause) in zip(records, [0, 59, 1, 30, -3600]) {
            now.withLock { $0 += TimeInterval(pause) }
            try await feed.deadLetter(record, reason: "no such street")
            try await feed.acknowledge(through: record.position)
            times.append(scene.trail.events.count { $0 == told })
        }
        #expect(times == [1, 1, 2, 2, 3])
    }

    @Test func deadLettersKeepWhatTheRouteMaySee() async throws {
        try await commit(1...1)
        let feed = try await feed { $0.sensitive = .mask }
        _ = try await feed.extent()
        let records = try await feed.next(after: 0, maximumRecords: 1, maximumBytes: 1 << 20)
        try await feed.deadLetter(records[0], reason: "no")
        try await feed.acknowledge(through: 1)
        let letter = try #require(try await journal.deadLetters(of: "r").first)
        let kept = try await journal.deadLetterRecord(letter.number)
        #expect(kept == Array(records[0].bytes))
        #expect(kept != Toy.person(1))
    }

    /// The exporter stored more than it could acknowledge before it died.
    @Test func whatTheExporterStoredBeyondTheCursorCountsAsSafe() async throws {
        try await commit(1...4, 5...9)
        let feed = try await feed()
        _ = try await feed.extent()
        #expect(try await next(feed, after: 6) == [7, 9])
        #expect(try await counts() == [5, 3, 3, 0])
        try await feed.acknowledge(through: 9)
        #expect(try await counts() == [9, 5, 5, 0])
    }

    /// The session tells of what was stored as well, while the journal is being told.
    @Test func whatTheExporterStoredIsCountedOnce() async throws {
        let feed = try await feed()
        var last = 0
        for _ in 0..<20 {
            try await commit((last + 1)...(last + 9))
            _ = try await feed.extent()
            let stored = UInt64(last + 6)
            async let records = next(feed, after: stored)
            for _ in 0..<20 {
                try await feed.acknowledge(through: stored)
                await Task.yield()
            }
            let sent = try await records
            try await feed.acknowledge(through: sent[sent.count - 1])
            last += 9
            #expect(try await counts()[1] == (last + 1) / 2)
        }
    }

    @Test func anExporterThatHasEverythingWaitsForMore() async throws {
        try await commit(1...9)
        let feed = try await feed()
        _ = try await feed.extent()
        async let records = next(feed, after: 9)
        try await eventually { try await counts() == [9, 5, 5, 0] }
        try await commit(10...11)
        #expect(try await records == [11])
    }

    /// The exporter lost what it had acknowledged; it is sent again and counted once.
    @Test func whatTheExporterLostIsSentAgainAndCountedOnce() async throws {
        try await commit(1...9)
        let feed = try await feed()
        _ = try await feed.extent()
        _ = try await next(feed, after: 0)
        try await feed.acknowledge(through: 5)
        let extent = try await feed.extent()
        #expect(extent == FeedExtent(acknowledged: 5, oldest: 1, end: 9, epochs: extent.epochs))
        #expect(try await next(feed, after: 2) == [3, 5, 7, 9])
        try await feed.acknowledge(through: 3)
        #expect(try await counts() == [5, 3, 3, 0])
        try await feed.acknowledge(through: 9)
        #expect(try await counts() == [9, 5, 5, 0])
    }

    /// It was acknowledged once, so it is accounted for; refusing it now must not be counted against another record.
    @Test func whatIsRefusedWhenItIsSentAgainIsNotCountedAgain() async throws {
        try await commit(1...9)
        let feed = try await feed()
        _ = try await feed.extent()
        _ = try await next(feed, after: 0)
        try await feed.acknowledge(through: 5)
        _ = try await feed.extent()
        let records = try await feed.next(after: 2, maximumRecords: 100, maximumBytes: 1 << 20)
        try await feed.deadLetter(records[0], reason: "not now")
        try await feed.acknowledge(through: 3)
        try await feed.acknowledge(through: 9)
        #expect(try await counts() == [9, 5, 5, 0])
    }

    @Test func aNewSessionForgetsWhatWasUnderWay() async throws {
        try await commit(1...9)
        let feed = try await feed()
        _ = try await feed.extent()
        let records = try await feed.next(after: 0, maximumRecords: 3, maximumBytes: 1 << 20)
        try await feed.deadLetter(records[2], reason: "no")
        try await feed.acknowledge(through: 1)
        #expect(try await feed.extent().acknowledged == 1)
        #expect(try await next(feed, after: 1) == [3, 5, 7, 9])
        try await feed.acknowledge(through: 9)
        #expect(try await counts() == [9, 5, 5, 0])
    }

    @Test func cursorMovesThoughNothingIsSelectedAndWaitingWakesOnACommit() async throws {
        try await commit(2...2, 4...4)
        let feed = try await feed()
        _ = try await feed.extent()
        async let records = next(feed, after: 0)
        try await eventually { try await counts() == [2, 0, 0, 0] }
        try await commit(3...3)
        #expect(try await records == [3])
        try await feed.acknowledge(through: 3)
        #expect(try await counts() == [3, 1, 1, 0])
    }

    @Test func cancellationEndsTheWait() async throws {
        let feed = try await feed()
        _ = try await feed.extent()
        let waiting = Task { try await next(feed, after: 0) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { _ = try await waiting.value }
    }

    @Test func otherSourcesAreNoneOfTheRoutesBusiness() async throws {
        try await journal.commit(
            [
                Toy.filing(1, [Toy.person(1, source: "other")], source: "other"),
                Toy.filing(2, [Toy.person(2)]),
            ], at: Scene.now)
        let feed = try await feed { $0.sources = ["test"] }
        _ = try await feed.extent()
        #expect(try await next(feed, after: 0) == [2])
    }

    @Test func statesOfTheRouteAreNotedForPeople() async throws {
        let feed = try await feed()
        let states: [(ExporterHost.RouteState, String, String)] = [
            (.starting, "idle", ""), (.running(name: "lake", version: "2.1"), "running", "lake 2.1"),
            (.stopping, "idle", ""), (.stopped, "idle", ""),
        ]
        for (state, condition, reason) in states {
            await feed.stateChanged(state)
            let noted = try #require(try await journal.cursor(of: "r")).state
            #expect(noted.condition.rawValue == condition)
            #expect(noted.reason == reason)
        }
    }

    /// Sessions of any length, acknowledgements and refusals at random, exporters that remember or forget: at the end
    /// every selected record has been acknowledged or refused exactly once.
    @Test func countsReconcileWhateverHappens() async throws {
        var random = SplitMix64(state: 7)
        try await commit(1...40, 41...41, 42...60)
        let feed = try await feed()
        var refused: Set<UInt64> = []
        var acknowledged: UInt64 = 0
        while acknowledged < 59 {
            let extent = try await feed.extent()
            acknowledged = extent.acknowledged
            guard acknowledged < 59 else { break }
            var sent = UInt64.random(in: 0...acknowledged, using: &random)
            for _ in 0..<Int.random(in: 1...6, using: &random) where sent < 59 {
                let records = try await feed.next(
                    after: sent, maximumRecords: .random(in: 1...5, using: &random), maximumBytes: 1 << 20)
                for record in records where record.position % 10 == 3 {
                    try await feed.deadLetter(record, reason: "three")
                    refused.insert(record.position)
                }
                sent = try #require(records.last).position
                if Bool.random(using: &random) { try await feed.acknowledge(through: sent) }
                _ = try await counts()
            }
        }
        #expect(try await counts() == [60, 30, 24, 6])
        #expect(try await journal.deadLetters(of: "r").map(\.position) == [3, 13, 23, 33, 43, 53])
        #expect(refused.count == 6)
    }
}
