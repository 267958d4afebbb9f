import Findings
import Foundation
import Journal
import Testing

@Suite struct CommitTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func everythingOfAFilingComesBack() async throws {
        let journal = try await folder.open()
        var log = FindingLog(limit: 2)
        let kind = FindingKind("csv.ragged", .warning, chinese: "列数不符", english: "ragged row")
        for row in 1...3 {
            log.report(
                Finding(
                    kind, at: SourcePlace(line: row, column: 2, offset: row * 10), row: row, field: "姓名", value: "张*"))
        }
        var given = filing(1, outcome: .acceptedWithFindings, records: toys(1...3), findings: log)
        given.name = [0xC3, 0xFB, 0x0A, 0xFF]
        given.counts = FilingCounts(
            rowsRead: 6, rowsConverted: 2, rowsSetAside: 1, rowsSkipped: 3,
            recordsByType: ["Person": 1, "RoleAssignment": 2],
            controlTotals: [
                ControlTotalResult(statement: "Person", expected: 2, actual: 1, isExact: false),
                ControlTotalResult(statement: "Case", expected: nil, actual: 4),
            ])
        given.events = [FilingEvent(at: at(2), kind: .converted, detail: "0.1 s")]
        let outcomes = try await journal.commit([given], at: at(3))
        let summary = try #require(outcomes[0].summary)

        #expect(outcomes[0].word == "journaled")
        #expect(try await journal.filing(given.identity) == summary)
        #expect(summary.name == given.name)
        #expect(summary.counts == given.counts)
        #expect(summary.findingCodes == ["csv.ragged": 3])
        #expect(summary.findingSeverities == [.warning: 3])
        #expect(summary.positions == 1...3)
        #expect(summary.receivedAt == at(1))
        #expect(summary.journaledAt == at(3))
        #expect(summary.reconciles)
        let findings = try await journal.findings(of: given.identity)
        #expect(findings.findings == log.findings)
        #expect(findings.dropped == 1)
        #expect(try await journal.events(of: given.identity).map(\.kind) == [.claimed, .converted, .journaled])
    }

    /// Zero records, and zero bytes, are an outcome with a receipt.
    @Test func filingWithoutRecordsIsJournaled() async throws {
        let journal = try await folder.open()
        let outcomes = try await journal.commit([filing(1), filing(2, records: toys(1...1))], at: at(5))
        #expect(outcomes[0].summary?.positions == nil)
        #expect(outcomes[1].summary?.positions == 1...1)
        #expect(try await journal.receiptsDue(limit: 10).map(\.filing.identity) == [identity(1), identity(2)])
    }

    struct Again: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var first: FilingOutcome
        var firstClaim: String?
        var second: FilingOutcome
        var secondClaim: String?
        var word: String
        var attempts: Int
        var positions: Int64
    }

    static let arrivals = [
        Again(
            testDescription: "accepted, then dropped again", first: .accepted, firstClaim: "a", second: .accepted,
            secondClaim: "b", word: "duplicate", attempts: 1, positions: 2),
        Again(
            testDescription: "accepted, then converted worse", first: .accepted, firstClaim: "a", second: .rejected,
            secondClaim: "b", word: "duplicate", attempts: 1, positions: 2),
        Again(
            testDescription: "accepted, process died before it acted", first: .accepted, firstClaim: "a",
            second: .accepted, secondClaim: "a", word: "repeated", attempts: 1, positions: 2),
        Again(
            testDescription: "claims unknown", first: .accepted, firstClaim: nil, second: .accepted, secondClaim: nil,
            word: "duplicate", attempts: 1, positions: 2),
        Again(
            testDescription: "rejected, then tried again with success", first: .rejected, firstClaim: "a",
            second: .acceptedWithFindings, secondClaim: "b", word: "journaled", attempts: 2, positions: 2),
        Again(
            testDescription: "rejected, then rejected again", first: .rejected, firstClaim: "a", second: .rejected,
            secondClaim: "b", word: "journaled", attempts: 2, positions: 0),
        Again(
            testDescription: "rejected, process died before it acted", first: .rejected, firstClaim: "a",
            second: .rejected, secondClaim: "a", word: "repeated", attempts: 1, positions: 0),
    ]

    @Test(arguments: arrivals) func sameBytesAgain(arrival: Again) async throws {
        let journal = try await folder.open()
        let records = toys(1...2)
        try await journal.commit(
            [filing(1, claim: arrival.firstClaim, outcome: arrival.first, records: records)], at: at(1))
        let again = filing(1, claim: arrival.secondClaim, outcome: arrival.second, records: records)
        let outcome = try await journal.commit([again], at: at(2))[0]
        #expect(outcome.word == arrival.word)
        let summary = try #require(try await journal.filing(identity(1)))
        #expect(summary.attempts == arrival.attempts)
        #expect(summary.duplicates == (arrival.word == "duplicate" ? 1 : 0))
        #expect(journal.lastPosition == arrival.positions)
        #expect(try await journal.stream().count == Int(arrival.positions))
        #expect(try await journal.receiptsDue(limit: 9).count == (arrival.word == "repeated" ? 1 : 2))
        #expect(try await journal.totals().reconciles)
    }

    @Test func knownBytesAreRecognisedBeforeTheyAreConverted() async throws {
        let journal = try await folder.open()
        try await journal.commit(
            [filing(1, claim: "a", records: toys(1...2)), filing(2, claim: "b", outcome: .rejected)], at: at(1))
        func arrival(_ number: UInt64, _ claim: String?) -> Arrival {
            Arrival(identity: identity(number), claim: claim, name: Array("again".utf8), receivedAt: at(5))
        }
        let arrivals = [
            arrival(1, "a"), arrival(1, "c"), arrival(1, nil), arrival(2, "b"), arrival(2, "d"), arrival(3, "e"),
        ]
        let outcomes = try await journal.recognise(arrivals, at: at(6))
        #expect(outcomes.map { $0?.word } == ["repeated", "duplicate", "duplicate", "repeated", nil, nil])
        #expect(try await journal.filing(identity(1))?.duplicates == 2)
        #expect(try await journal.receiptsDue(limit: 9).map(\.isDuplicate) == [false, false, true, true])
        #expect(try await journal.recognise([arrival(8, "x")], at: at(7)) == [nil])
        #expect(try await journal.status().sources[0].duplicates == 2)
    }

    @Test func sameBytesTwiceInOneGroup() async throws {
        let journal = try await folder.open()
        let outcomes = try await journal.commit(
            [filing(1, claim: "a", records: toys(1...2)), filing(1, claim: "b", records: toys(1...2))], at: at(1))
        #expect(outcomes.map(\.word) == ["journaled", "duplicate"])
        #expect(journal.lastPosition == 2)
    }

    @Test func sameBytesFromTwoSourcesAreTwoFilings() async throws {
        let journal = try await folder.open()
        let outcomes = try await journal.commit(
            [filing(1, source: "a", records: toys(1...1)), filing(1, source: "b", records: toys(1...1))], at: at(1))
        #expect(outcomes.map(\.word) == ["journaled", "journaled"])
        #expect(journal.lastPosition == 2)
    }

    @Test func rejectedFilingForgetsItsFirstFindings() async throws {
        let journal = try await folder.open()
        var log = FindingLog()
        log.report(Finding(FindingKind("xml.malformed", .fatal, chinese: "坏", english: "bad")))
        try await journal.commit([filing(1, outcome: .rejected, findings: log)], at: at(1))
        #expect(try await journal.status().sources[0].quarantined == 1)
        try await journal.commit([filing(1, records: toys(1...1))], at: at(2))
        #expect(try await journal.findings(of: identity(1)).findings.isEmpty)
        #expect(try await journal.filing(identity(1))?.findings == 0)
        let kinds = try await journal.events(of: identity(1)).map(\.kind)
        #expect(kinds == [.claimed, .claimed, .journaled, .retried])
        let status = try await journal.status()
        #expect(status.sources[0].filings == [.accepted: 1, .acceptedWithFindings: 0, .rejected: 0])
        #expect(status.sources[0].lastSuccessAt == at(2))
    }

    /// One bad filing of a group takes the whole group back.
    @Test func groupIsWrittenWholeOrNotAtAll() async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1, records: toys(1...2))], at: at(1))
        var bad = filing(3)
        bad.records = .chunks([RecordChunk(bytes: [5, 1, 2], count: 1)])
        let error = await #expect(throws: JournalError.self) {
            try await journal.commit([filing(2, records: toys(3...4)), bad, filing(4)], at: at(2))
        }
        #expect(error?.code == .misuse)
        #expect(journal.lastPosition == 2)
        #expect(try await journal.filings().map(\.identity) == [identity(1)])
        #expect(try await journal.commit([filing(2, records: toys(3...4))], at: at(3))[0].summary?.positions == 3...4)
    }

    static let malformed: [(String, RecordChunk)] = [
        ("count too high", RecordChunk(bytes: [1, 7], count: 2)),
        ("count too low", RecordChunk(bytes: [1, 7, 1, 7], count: 1)),
        ("cut in the message", RecordChunk(bytes: [2, 7], count: 1)),
        ("cut in the length", RecordChunk(bytes: [0x80], count: 1)),
        ("length beyond any record", RecordChunk(bytes: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], count: 1)),
        ("bytes without records", RecordChunk(bytes: [1], count: 0)),
    ]

    @Test(arguments: malformed) func malformedChunkIsRefused(name: String, chunk: RecordChunk) async throws {
        let journal = try await folder.open()
        for delivery in [Delivery.event, .upsert(scope: "s")] {
            var bad = filing(1, delivery: delivery)
            bad.records = .chunks([chunk])
            await #expect(throws: JournalError.self) { try await journal.commit([bad], at: at(1)) }
        }
        #expect(try await journal.filings().isEmpty)
    }

    @Test func chunksAreCutAtTheirLimitAndBigRecordsStayWhole() async throws {
        let journal = try await folder.open()
        let small = ToyRecord.delimit([UInt8](repeating: 1, count: 60_000))
        let big = ToyRecord.delimit([UInt8](repeating: 2, count: 600_000))
        var given = filing(1)
        given.records = .chunks([
            RecordChunk(bytes: Array([small, small, small, small, small].joined()), count: 5),
            RecordChunk(bytes: big + small, count: 2), RecordChunk(bytes: [], count: 0),
        ])
        try await journal.commit([given], at: at(1))
        let chunks = try await journal.chunks(after: 0, limitBytes: .max)
        #expect(chunks.map(\.count) == [4, 1, 1, 1])
        #expect(chunks.map(\.firstPosition) == [1, 5, 6, 7])
        #expect(chunks.allSatisfy { $0.bytes.count <= Limits.chunkSize || $0.count == 1 })
    }

    @Test func emptyGroupIsNoWork() async throws {
        let journal = try await folder.open()
        #expect(try await journal.commit([], at: at(1)).isEmpty)
    }

    /// Group sizes and record counts at random; positions have neither gaps nor overlaps, in commit order.
    @Test(arguments: [1, 2, 3] as [UInt64]) func positionsHaveNoGaps(seed: UInt64) async throws {
        let journal = try await folder.open()
        var random = SplitMix64(state: seed)
        var next: Int64 = 1
        var expected: [ToyRecord] = []
        var number: UInt64 = 0
        for _ in 0..<30 {
            let group = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                number += 1
                let records = toys((0..<Int.random(in: 0...9, using: &random)).map { Int(number) * 100 + $0 })
                let isRejected = Int.random(in: 0..<4, using: &random) == 0
                if !isRejected { expected += records }
                return filing(number, outcome: isRejected ? .rejected : .accepted, records: records)
            }
            for outcome in try await journal.commit(group, at: at(0)) {
                guard let positions = outcome.summary?.positions else { continue }
                #expect(positions.lowerBound == next)
                next = positions.upperBound + 1
            }
        }
        #expect(journal.lastPosition == next - 1)
        #expect(try await journal.stream() == expected)
        #expect(try await journal.totals().reconciles)
    }
}
