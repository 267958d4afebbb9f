import Foundation
import Journal
import Testing

@Suite struct RouteTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func journalWithRecords(_ filings: ClosedRange<UInt64> = 1...3) async throws -> Journal {
        let journal = try await folder.open()
        for number in filings {
            let first = Int(number) * 10
            try await journal.commit([filing(number, records: toys(first...(first + 1)))], at: at(Double(number)))
        }
        return journal
    }

    @Test func newRouteBeginsWhereItIsTold() async throws {
        let journal = try await journalWithRecords()
        #expect(try await journal.openRoute("all", startingAt: .beginning, at: at(5)).position == 0)
        #expect(try await journal.openRoute("new", startingAt: .end, at: at(5)).position == 6)
        #expect(try await journal.openRoute("all", startingAt: .end, at: at(6)).position == 0)
        #expect(try await journal.cursor(of: "none") == nil)
    }

    @Test func stepsAddUpAndReachTheFilings() async throws {
        let journal = try await journalWithRecords()
        _ = try await journal.openRoute("a", startingAt: .beginning, at: at(5))
        _ = try await journal.openRoute("b", startingAt: .beginning, at: at(5))
        let refused = RefusedRecord(position: 3, record: [1, 2], reason: "no such community")
        let cursors = try await journal.advance(
            [
                RouteAdvance(route: "a", to: 3, selected: 2, acked: 1, refused: [refused]),
                RouteAdvance(route: "b", to: 6, selected: 6, acked: 6),
            ], at: at(7))
        #expect(cursors.map(\.position) == [3, 6])
        #expect(cursors.map(\.deadLetters) == [1, 0])
        #expect(cursors.map(\.reconciles) == [true, true])
        #expect(try await journal.events(of: identity(1)).last == FilingEvent(at: at(7), kind: .delivered, detail: "b"))
        let details = try await journal.events(of: identity(1)).filter { $0.kind == .delivered }.map(\.detail)
        #expect(details == ["a", "b"])
        #expect(try await journal.events(of: identity(2)).filter { $0.kind == .delivered }.map(\.detail) == ["b"])
        try await journal.advance([RouteAdvance(route: "a", to: 4, selected: 1, acked: 1)], at: at(8))
        #expect(try await journal.cursor(of: "a")?.selected == 3)
        let delivered = try await journal.events(of: identity(2)).filter { $0.kind == .delivered }
        #expect(delivered.map(\.at) == [at(7), at(8)])
    }

    static let refusedSteps: [(String, RouteAdvance, JournalError.Code)] = [
        ("back", RouteAdvance(route: "a", to: 3, selected: 0, acked: 0), .misuse),
        ("beyond the newest record", RouteAdvance(route: "a", to: 7, selected: 1, acked: 1), .misuse),
        ("negative count", RouteAdvance(route: "a", to: 5, selected: -1, acked: 0), .misuse),
        ("unknown route", RouteAdvance(route: "x", to: 5, selected: 1, acked: 1), .unknown),
    ]

    @Test(arguments: refusedSteps) func impossibleStepChangesNothing(
        name: String, step: RouteAdvance, code: JournalError.Code
    ) async throws {
        let journal = try await journalWithRecords()
        _ = try await journal.openRoute("a", startingAt: .beginning, at: at(5))
        _ = try await journal.openRoute("b", startingAt: .beginning, at: at(5))
        try await journal.advance([RouteAdvance(route: "a", to: 4, selected: 4, acked: 4)], at: at(6))
        let error = await #expect(throws: JournalError.self) {
            try await journal.advance([RouteAdvance(route: "b", to: 1, selected: 1, acked: 1), step], at: at(7))
        }
        #expect(error?.code == code)
        #expect(try await journal.cursor(of: "a")?.position == 4)
        #expect(try await journal.cursor(of: "b")?.position == 0)
    }

    @Test func stepOnTheSpotIsAllowed() async throws {
        let journal = try await journalWithRecords()
        _ = try await journal.openRoute("a", startingAt: .end, at: at(5))
        try await journal.advance([RouteAdvance(route: "a", to: 6, selected: 0, acked: 0)], at: at(6))
        #expect(try await journal.events(of: identity(3)).allSatisfy { $0.kind != .delivered })
    }

    @Test func stateIsKeptForPeople() async throws {
        let journal = try await journalWithRecords()
        #expect(try await journal.openRoute("a", startingAt: .beginning, at: at(5)).state == RouteState(.idle))
        try await journal.setState(RouteState(.parked, reason: "acked 7, sent 6"), of: "a", at: at(6))
        let status = try await journal.routes()[0]
        #expect(status.cursor.state == RouteState(.parked, reason: "acked 7, sent 6"))
        #expect(status.cursor.since == at(6))
        #expect(status.behind == 6)
        #expect(status.oldestPendingAt == at(1))
        try await journal.advance([RouteAdvance(route: "a", to: 2, selected: 2, acked: 2)], at: at(7))
        #expect(try await journal.routes()[0].oldestPendingAt == at(2))
        try await journal.advance([RouteAdvance(route: "a", to: 6, selected: 4, acked: 4)], at: at(7))
        #expect(try await journal.routes()[0].oldestPendingAt == nil)
        await #expect(throws: JournalError.self) { try await journal.setState(RouteState(.idle), of: "x", at: at(8)) }
    }

    @Test func pruningKeepsWhatRoutesNeedAndWhatIsYoung() async throws {
        let journal = try await journalWithRecords(1...4)
        _ = try await journal.openRoute("a", startingAt: .beginning, at: at(5))
        _ = try await journal.openRoute("slow", startingAt: .beginning, at: at(5))
        try await journal.advance(
            [
                RouteAdvance(route: "a", to: 8, selected: 8, acked: 8),
                RouteAdvance(route: "slow", to: 5, selected: 5, acked: 5),
            ], at: at(6))
        let never = try await journal.prune(olderThan: at(9), deliveredTo: ["a", "unheard of"], at: at(9))
        #expect(never.filings == 0)
        // The third filing is half delivered; the second is too young for the first date.
        #expect(try await journal.prune(olderThan: at(2), deliveredTo: ["a", "slow"], at: at(9)).filings == 1)
        let report = try await journal.prune(olderThan: at(9), deliveredTo: ["a", "slow"], at: at(9))
        #expect(report.filings == 1)
        #expect(report.bytes > 0)
        #expect(try await journal.chunks(after: 0, limitBytes: .max).map(\.firstPosition) == [5, 7])
        #expect(try await journal.filing(identity(1))?.isPruned == true)
        #expect(try await journal.filing(identity(3))?.isPruned == false)
        #expect(try await journal.status().prunedThrough == 4)
        #expect(try await journal.events(of: identity(2)).last?.kind == .pruned)
        #expect(try await journal.totals().reconciles)
        try await journal.commit([filing(9, records: toys(90...90))], at: at(10))
        #expect(try await journal.chunks(after: 0, limitBytes: .max).map(\.firstPosition) == [5, 7, 9])
    }

    /// Longer than one step of pruning takes away.
    @Test func bigFilingIsPrunedWhole() async throws {
        let journal = try await folder.open()
        var given = filing(1)
        let record = ToyRecord.delimit([UInt8](repeating: 1, count: 300_000))
        given.records = .chunks(Array(repeating: RecordChunk(bytes: record, count: 1), count: 300))
        try await journal.commit([given, filing(2, records: toys(1...1))], at: at(1))
        let report = try await journal.prune(olderThan: at(2), deliveredTo: [], at: at(3))
        #expect(report.filings == 2)
        #expect(try await journal.chunks(after: 0, limitBytes: 1).isEmpty)
    }
}
