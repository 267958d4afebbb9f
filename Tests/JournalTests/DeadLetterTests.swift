import Foundation
import GRDB
import Testing

@testable import Journal

/// Records that exporters refused, and what becomes of them.
@Suite(.timeLimit(.minutes(3))) struct DeadLetterTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Three filings of two records each, and two routes that have refused the first two records.
    private func journalWithLetters() async throws -> Journal {
        let journal = try await folder.open()
        for number in 1...3 {
            let given = filing(UInt64(number), records: toys((2 * number - 1)...(2 * number)))
            try await journal.commit([given], at: at(Double(number)))
        }
        for route in ["a", "b"] {
            _ = try await journal.openRoute(route, startingAt: .beginning, at: at(5))
            let refused = [
                RefusedRecord(position: 1, record: [1], reason: "one"),
                RefusedRecord(position: 2, record: [2, 2], reason: "two"),
            ]
            let step = RouteAdvance(route: route, to: 2, selected: 2, acked: 0, refused: refused)
            try await journal.advance([step], at: at(6))
        }
        return journal
    }

    private func replay(_ number: Int64, _ record: ToyRecord, isAsOffered: Bool = false) -> DeadLetterSettlement {
        DeadLetterSettlement(number, .replay(record.message, isAsOffered: isAsOffered))
    }

    private func chunk(_ position: Int64, _ record: ToyRecord, route: String, isAsOffered: Bool = false) -> JournalChunk
    {
        JournalChunk(
            firstPosition: position, count: 1, bytes: record.delimited,
            origin: .replay(route: route, isAsOffered: isAsOffered))
    }

    @Test func theyAreListedAndRead() async throws {
        let journal = try await journalWithLetters()
        let all = try await journal.deadLetters()
        #expect(all.map(\.route) == ["a", "a", "b", "b"])
        #expect(all.map(\.size) == [1, 2, 1, 2])
        #expect(all.map(\.state) == [.open, .open, .open, .open])
        #expect(all.map(\.settledAt) == [nil, nil, nil, nil])
        #expect(try await journal.deadLetterRecord(all[3].number) == [2, 2])
        #expect(try await journal.deadLetters(of: "b", limit: 1).map(\.number) == [all[2].number])
        #expect(try await journal.deadLetters(after: all[2].number) == [all[3]])
        #expect(try await journal.deadLetter(all[1].number) == all[1])
        #expect(try await journal.deadLetter(99) == nil)
        let error = await #expect(throws: JournalError.self) { try await journal.deadLetterRecord(99) }
        #expect(error?.code == .unknown)
    }

    @Test func theyAreSettledOnceAndStay() async throws {
        let journal = try await journalWithLetters()
        let settlements = [
            replay(1, ToyRecord(key: 1, content: 1)), DeadLetterSettlement(3, .remove),
            DeadLetterSettlement(4, .supersede(by: 6)),
        ]
        let settled = try await journal.settle(settlements, knowingThrough: 6, at: at(7))
        #expect(settled?.map(\.state) == [.replayed, .removed, .superseded])
        #expect(settled?.map(\.settledAt) == [at(7), at(7), at(7)])
        #expect(settled?.map(\.settledAs) == [7, nil, 6])
        #expect(try await journal.deadLetters().map(\.number) == [2])
        #expect(try await journal.deadLetters(state: .superseded).map(\.number) == [4])
        #expect(try await journal.deadLetters(state: nil).count == 4)
        #expect(try await journal.routes().map(\.openDeadLetters) == [1, 0])
        #expect(try await journal.cursor(of: "a")?.deadLetters == 2)
        // Asked for once more, as after a crash before the request was removed: nothing is sent twice.
        #expect(try await journal.settle(settlements, knowingThrough: 7, at: at(8)) == [])
        #expect(journal.lastPosition == 7)
    }

    @Test func whatIsSentAgainFollowsOnEverythingElse() async throws {
        let journal = try await journalWithLetters()
        let one = ToyRecord(key: 1, content: 1)
        try await journal.mustSettle([replay(1, one), replay(4, one, isAsOffered: true)], knowingThrough: 6, at: at(7))
        let tail = [chunk(7, one, route: "a"), chunk(8, one, route: "b", isAsOffered: true)]
        #expect(try await journal.chunks(after: 6, limitBytes: .max) == tail)
        #expect(try await journal.chunks(after: 7, limitBytes: 1) == [tail[1]])
        #expect(journal.recentChunks(after: 6, limitBytes: .max) == nil)
        try await journal.commit([filing(4, records: toys(9...9))], at: at(8))
        #expect(try await journal.stream() == toys(1...6) + [one, one] + toys(9...9))
        #expect(try await journal.stream(limitBytes: 1) == toys(1...6) + [one, one] + toys(9...9))
        let status = try await journal.status()
        #expect(status.lastPosition == 9)
        #expect(status.routes.map(\.behind) == [7, 7])
        let totals = try await journal.totals()
        #expect(totals.replayed == 2)
        #expect(totals.reconciles)
        try await journal.advance([RouteAdvance(route: "a", to: 9, selected: 6, acked: 6)], at: at(9))
        #expect(try await journal.cursor(of: "a")?.reconciles == true)
    }

    @Test func itWakesWhoWaits() async throws {
        let journal = try await journalWithLetters()
        async let woken = journal.waitForRecords(after: 6)
        try await journal.mustSettle([replay(1, ToyRecord(key: 1, content: 1))], knowingThrough: 6, at: at(7))
        #expect(try await woken == 7)
    }

    @Test func nothingIsDoneWhenThereAreNewerRecords() async throws {
        let journal = try await journalWithLetters()
        let settlement = replay(1, ToyRecord(key: 1, content: 1))
        #expect(try await journal.settle([settlement], knowingThrough: 5, at: at(7)) == nil)
        #expect(try await journal.settle([settlement], knowingThrough: 7, at: at(7)) == nil)
        #expect(try await journal.deadLetters().count == 4)
        #expect(journal.lastPosition == 6)
    }

    @Test func anUnknownOneStopsAllOfThem() async throws {
        let journal = try await journalWithLetters()
        let error = await #expect(throws: JournalError.self) {
            try await journal.mustSettle(
                [replay(1, ToyRecord(key: 1, content: 1)), DeadLetterSettlement(99, .remove)], knowingThrough: 6,
                at: at(7))
        }
        #expect(error?.code == .unknown)
        #expect(try await journal.deadLetters().count == 4)
        #expect(try await journal.status().lastPosition == 6)
    }

    @Test func theyLastAndCanBeRefusedAgain() async throws {
        let one = ToyRecord(key: 1, content: 1)
        let first = try await journalWithLetters()
        try await first.mustSettle([replay(1, one)], knowingThrough: 6, at: at(7))
        try first.close()
        let journal = try await folder.open()
        #expect(journal.lastPosition == 7)
        #expect(try await journal.chunks(after: 6, limitBytes: .max) == [chunk(7, one, route: "a")])
        let refused = RefusedRecord(position: 7, record: one.message, reason: "still")
        try await journal.advance(
            [RouteAdvance(route: "a", to: 7, selected: 5, acked: 4, refused: [refused])], at: at(8))
        let again = try #require(try await journal.deadLetters(of: "a").last)
        #expect(again.position == 7)
        try await journal.mustSettle([replay(again.number, one)], knowingThrough: 7, at: at(9))
        #expect(try await journal.chunks(after: 7, limitBytes: .max) == [chunk(8, one, route: "a")])
    }

    @Test func pruningTakesTheRecordAndKeepsTheCount() async throws {
        let journal = try await journalWithLetters()
        let one = ToyRecord(key: 1, content: 1)
        try await journal.mustSettle([replay(1, one)], knowingThrough: 6, at: at(7))
        try await journal.commit([filing(4, records: toys(8...8))], at: at(8))
        let gone = [3, 4].map { DeadLetterSettlement($0, .remove) }
        try await journal.mustSettle([replay(2, one)] + gone, knowingThrough: 8, at: at(9))
        try await journal.advance([RouteAdvance(route: "a", to: 7, selected: 5, acked: 5)], at: at(9))
        let report = try await journal.prune(olderThan: at(10), deliveredTo: [], at: at(10))
        #expect(report.filings == 4)
        // What follows on the last filing waits for the next one.
        #expect(try await journal.chunks(after: 0, limitBytes: .max) == [chunk(9, one, route: "a")])
        #expect(try await journal.totals().reconciles)
        #expect(try await journal.totals().replayed == 2)
    }

    @Test func damageIsFound() async throws {
        let first = try await journalWithLetters()
        try await first.mustSettle([replay(1, ToyRecord(key: 1, content: 1))], knowingThrough: 6, at: at(7))
        try first.close()
        let queue = try DatabaseQueue(path: folder.journal)
        try await queue.write { try $0.execute(sql: "UPDATE replay SET record = x'03312D31'") }
        try queue.close()
        let journal = try await folder.open()
        let error = await #expect(throws: JournalError.self) { try await journal.chunks(after: 6, limitBytes: 1) }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("position 7") == true)
    }

    /// Commits and dead letters at random: whoever reads from any place on, with room for any number of bytes, finds no gap.
    @Test func theStreamHasNoGaps() async throws {
        var random = SplitMix64(state: 3)
        let journal = try await folder.open()
        _ = try await journal.openRoute("a", startingAt: .beginning, at: at(0))
        var expected: [ToyRecord] = []
        for number in 1...60 {
            if expected.isEmpty || Bool.random(using: &random) {
                let records = toys(0..<Int.random(in: 0...4, using: &random), content: UInt64(number))
                try await journal.commit([filing(UInt64(number), records: records)], at: at(Double(number)))
                expected += records
            } else {
                let position = try #require(try await journal.cursor(of: "a")).position
                let last = journal.lastPosition
                guard last > position else { continue }
                let refused = RefusedRecord(position: last, record: [1], reason: "no")
                let step = RouteAdvance(
                    route: "a", to: last, selected: Int(last - position), acked: Int(last - position) - 1,
                    refused: [refused])
                try await journal.advance([step], at: at(Double(number)))
                let letter = try #require(try await journal.deadLetters().first)
                let record = ToyRecord(key: 99, content: UInt64(number))
                try await journal.mustSettle(
                    [replay(letter.number, record)], knowingThrough: last, at: at(Double(number)))
                expected.append(record)
            }
        }
        #expect(expected.count > 30)
        for position in 0...expected.count {
            let limit = Int.random(in: 1...40, using: &random)
            let stream = try await journal.stream(after: Int64(position), limitBytes: limit)
            #expect(stream == Array(expected[position...]))
        }
        #expect(try await journal.totals().reconciles)
    }
}
