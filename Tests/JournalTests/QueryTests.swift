import Findings
import Foundation
import Testing

@testable import Journal

@Suite struct QueryTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func digest(_ hex: String) throws -> FilingDigest {
        try #require(FilingDigest(hex: hex + String(repeating: "0", count: 64 - hex.count)))
    }

    static let prefixes: [(String, String?, String?)] = [
        ("abc1", nil, "abc1"), ("ABC1", nil, "abc1"), ("abc2", nil, "abc2"), ("f", nil, "ff"), ("abc3", nil, nil),
        ("abc1", "b", nil), ("dd", "b", "dd"),
    ]

    @Test(arguments: prefixes) func filingIsFoundByTheStartOfItsID(
        prefix: String, source: String?, expected: String?
    ) async throws {
        let journal = try await prefixJournal()
        let found = try await journal.filing(startingWith: prefix, source: source)
        #expect(found?.identity.hex.hasPrefix(expected ?? "-") == (found == nil ? nil : true))
        #expect((found == nil) == (expected == nil))
    }

    @Test(arguments: ["abc", "a", "dd"]) func ambiguousStartNamesTheFilings(prefix: String) async throws {
        let journal = try await prefixJournal()
        let error = await #expect(throws: JournalError.self) { try await journal.filing(startingWith: prefix) }
        #expect(error?.code == .ambiguous)
        #expect(error?.message.contains("/\(prefix)") == true)
    }

    @Test(arguments: ["", "xyz", String(repeating: "0", count: 65)]) func whatIsNoIDIsToldSo(prefix: String)
        async throws
    {
        let journal = try await prefixJournal()
        let error = await #expect(throws: JournalError.self) { try await journal.filing(startingWith: prefix) }
        #expect(error?.code == .unknown)
    }

    private func prefixJournal() async throws -> Journal {
        let journal = try await folder.open()
        let ids = [("a", "abc1"), ("a", "abc2"), ("a", "ff"), ("a", "dd"), ("b", "dd")]
        let filings = try ids.map { source, hex in
            var given = filing(1, source: source)
            given.identity.digest = try digest(hex)
            return given
        }
        try await journal.commit(filings, at: at(1))
        return journal
    }

    @Test func longListOfCandidatesIsCut() async throws {
        let journal = try await folder.open()
        let filings = try (0..<15).map { index in
            var given = filing(1)
            given.identity.digest = try digest("ab" + String(index, radix: 16))
            return given
        }
        try await journal.commit(filings, at: at(1))
        let error = await #expect(throws: JournalError.self) { try await journal.filing(startingWith: "ab") }
        #expect(error?.message.hasSuffix("…") == true)
    }

    @Test func listsAreFilteredNewestFirstAndContinued() async throws {
        let journal = try await folder.open()
        var filings: [JournaledFiling] = []
        for number in 1...6 as ClosedRange<UInt64> {
            let outcome: FilingOutcome = number.isMultiple(of: 3) ? .rejected : .accepted
            filings.append(filing(number, source: number.isMultiple(of: 2) ? "a" : "b", outcome: outcome))
        }
        try await journal.commit(filings, at: at(1))
        func numbers(_ query: FilingQuery) async throws -> [Int64] { try await journal.filings(query).map(\.number) }
        #expect(try await numbers(FilingQuery()) == [6, 5, 4, 3, 2, 1])
        #expect(try await numbers(FilingQuery(limit: 2)) == [6, 5])
        #expect(try await numbers(FilingQuery(limit: 2, before: 5)) == [4, 3])
        #expect(try await numbers(FilingQuery(source: "a")) == [6, 4, 2])
        #expect(try await numbers(FilingQuery(outcome: .rejected)) == [6, 3])
        #expect(try await numbers(FilingQuery(source: "b", outcome: .rejected)) == [3])
        #expect(try await numbers(FilingQuery(source: "none")) == [])
    }

    @Test func statusAndTotalsAgreeWithTheFilings() async throws {
        let journal = try await folder.open()
        var log = FindingLog()
        log.report(Finding(FindingKind("csv.ragged", .error, chinese: "a", english: "b"), row: 1))
        var partly = filing(3, outcome: .acceptedWithFindings, records: toys(5...6), findings: log)
        partly.counts.rowsRead = 3
        partly.counts.rowsSetAside = 1
        try await journal.commit([filing(1, records: toys(1...2)), filing(2, outcome: .rejected), partly], at: at(10))
        try await journal.commit([filing(1, records: toys(1...2)), filing(4, source: "b")], at: at(20))
        let status = try await journal.status()
        #expect(status.version == Journal.currentVersion)
        #expect(status.lastPosition == 4)
        #expect(status.receiptsDue == 5)
        #expect(status.sources.map(\.source) == ["b", "liangzhang"])
        let source = status.sources[1]
        #expect(source.filings == [.accepted: 1, .acceptedWithFindings: 1, .rejected: 1])
        #expect(source.duplicates == 1)
        #expect(source.records == 4)
        #expect(source.quarantined == 1)
        #expect(source.lastArrivalAt == at(1))
        #expect(source.lastSuccessAt == at(10))
        let totals = try await journal.totals()
        #expect(totals.filings == [.accepted: 2, .acceptedWithFindings: 1, .rejected: 1])
        #expect(totals.rows.rowsRead == 5)
        #expect(totals.rows.recordsByType == ["Person": 4])
        #expect(totals.findingCodes == ["csv.ragged": 1])
        #expect(totals.reconciles)
    }

    /// A mismatch is an alarm, and says where.
    @Test func numbersThatDoNotAgreeAreNamed() async throws {
        let journal = try await folder.open()
        var rows = filing(1, records: toys(1...2))
        rows.counts.rowsRead = 3
        var records = filing(2, records: toys(3...4))
        records.counts.recordsByType = ["Person": 5]
        let outcomes = try await journal.commit([rows, records, filing(3, records: toys(5...5))], at: at(1))
        #expect(outcomes.map { $0.summary?.reconciles } == [false, false, true])
        let totals = try await journal.totals()
        #expect(totals.unreconciled == [rows.identity, records.identity])
        #expect(!totals.reconciles)
    }

    @Test func notedEventsAreInOrderOfTime() async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1)], at: at(5))
        let own = FilingEvent(at: at(4), kind: FilingEventKind(rawValue: "archived"), detail: "2026/11")
        try await journal.note([(identity(1), own)])
        #expect(try await journal.events(of: identity(1)).map(\.kind.rawValue) == ["claimed", "archived", "journaled"])
        #expect(try await journal.events(of: identity(2)).isEmpty)
        let error = await #expect(throws: JournalError.self) {
            try await journal.note([(identity(1), own), (identity(2), own)])
        }
        #expect(error?.code == .unknown)
        #expect(try await journal.events(of: identity(1)).count == 3)
    }

    @Test func findingsAreLimitedButCounted() async throws {
        let journal = try await folder.open()
        var log = FindingLog()
        let kind = FindingKind("csv.ragged", .note, chinese: "a", english: "b")
        for row in 1...5 { log.report(Finding(kind, row: row)) }
        try await journal.commit([filing(1, findings: log)], at: at(1))
        let findings = try await journal.findings(of: identity(1), limit: 2)
        #expect(findings.findings.map(\.row) == [1, 2])
        #expect(findings.counts == ["csv.ragged": 5])
        #expect(try await journal.findings(of: identity(7)).counts.isEmpty)
    }

    @Test func receiptIsDueUntilItIsWritten() async throws {
        let journal = try await folder.open()
        let first = try await journal.commit([filing(1, claim: "a"), filing(2, outcome: .rejected)], at: at(1))
        var again = filing(1, claim: "b")
        again.name = Array("other.csv".utf8)
        let second = try await journal.commit([again], at: at(2))
        let due = try await journal.receiptsDue(limit: 10)
        #expect(due.map(\.number) == (first + second).compactMap(\.receipt))
        #expect(due.map(\.isDuplicate) == [false, false, true])
        #expect(due[2].name == again.name)
        #expect(due[2].claim == "b")
        #expect(due[2].filing.name == filing(1).name)
        #expect(try await journal.receiptsDue(limit: 1).count == 1)
        try await journal.markReceiptsWritten([due[0].number, due[2].number], at: at(3))
        try await journal.markReceiptsWritten([due[0].number], at: at(4))
        #expect(try await journal.receiptsDue(limit: 10).map(\.number) == [due[1].number])
        #expect(try await journal.status().receiptsDue == 1)
        let receipts = try await journal.events(of: identity(1)).filter { $0.kind == .receipt }
        #expect(receipts.map(\.at) == [at(3), at(3)])
        // The same claim again: its receipt is written, so none is due.
        let repeated = try await journal.commit([filing(1, claim: "a")], at: at(5))
        #expect(repeated.map(\.word) == ["repeated"])
        #expect(repeated[0].summary?.duplicates == 1)
        #expect(repeated[0].receipt == nil)
    }

    static let hexes: [(String, Bool)] = [
        (String(repeating: "0f", count: 32), true), (String(repeating: "0F", count: 32), true),
        (String(repeating: "0f", count: 31), false), (String(repeating: "0", count: 63), false),
        (String(repeating: "0g", count: 32), false), ("", false),
    ]

    @Test(arguments: hexes) func digestIsReadFromHex(text: String, isGood: Bool) {
        #expect((FilingDigest(hex: text) != nil) == isGood)
        if let digest = FilingDigest(hex: text) { #expect(digest.hex == text.lowercased()) }
    }

    @Test func fingerprintsSortInTheJournalAsTheyDoInMemory() {
        let halves: [UInt64] = [0, 1, .max / 2, .max / 2 + 1, .max]
        let prints = halves.flatMap { high in halves.map { Fingerprint(high: high, low: $0) } }
        let sorted = prints.sorted { ($0.columns.high, $0.columns.low) < ($1.columns.high, $1.columns.low) }
        #expect(sorted == prints.sorted())
        #expect(prints.allSatisfy { Fingerprint(columns: $0.columns.high, $0.columns.low) == $0 })
        #expect(Fingerprint(high: 0x0123_4567_89AB_CDEF, low: 2).description == "0123456789abcdef0000000000000002")
    }
}
