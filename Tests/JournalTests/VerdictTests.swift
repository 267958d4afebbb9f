import Findings
import Foundation
import Journal
import Testing

/// Verdicts on signed filings, and what they rest on.
@Suite struct VerdictTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func signed(_ number: UInt64, _ text: String, evidence: [UInt64], outcome: FilingOutcome = .accepted)
        -> JournaledFiling
    {
        var signed = filing(number, outcome: outcome)
        signed.verdict = JournaledVerdict(
            bytes: Array(text.utf8), evidence: evidence.map { .init(digest: digest($0), bytes: [UInt8($0), 0, 255]) })
        return signed
    }

    @Test func verdictAndEvidenceAreKeptWithTheFiling() async throws {
        let journal = try await folder.open()
        try await journal.commit(
            [signed(1, "good", evidence: [7, 8]), filing(2), signed(3, "bad", evidence: [8], outcome: .rejected)],
            at: at(1))
        #expect(try await journal.verdict(of: identity(1)) == Array("good".utf8))
        #expect(try await journal.verdict(of: identity(2)) == nil)
        #expect(try await journal.verdict(of: identity(3)) == Array("bad".utf8))
        #expect(try await journal.verdict(of: identity(4)) == nil)
        let evidence = try await journal.evidence([digest(7), digest(8), digest(9)])
        #expect(evidence == [digest(7): [7, 0, 255], digest(8): [8, 0, 255]])
    }

    @Test func aRetryReplacesTheVerdict() async throws {
        let journal = try await folder.open()
        try await journal.commit([signed(1, "bad", evidence: [], outcome: .rejected)], at: at(1))
        try await journal.commit([signed(1, "good", evidence: [])], at: at(2))
        #expect(try await journal.verdict(of: identity(1)) == Array("good".utf8))
        try await journal.commit([signed(2, "bad", evidence: [], outcome: .rejected)], at: at(3))
        try await journal.commit([filing(2)], at: at(4))
        #expect(try await journal.verdict(of: identity(2)) == nil)
    }

    @Test func aDuplicateKeepsTheFirstVerdict() async throws {
        let journal = try await folder.open()
        try await journal.commit([signed(1, "first", evidence: [])], at: at(1))
        try await journal.commit([signed(1, "second", evidence: [])], at: at(2))
        #expect(try await journal.verdict(of: identity(1)) == Array("first".utf8))
    }

    @Test func aGroupThatFailsKeepsNoVerdict() async throws {
        let journal = try await folder.open()
        var broken = filing(2)
        var chunk = RecordChunk(toys(1...3))
        chunk.count = 2
        broken.records = .chunks([chunk])
        await #expect(throws: JournalError.self) {
            try await journal.commit([signed(1, "good", evidence: [7]), broken], at: at(1))
        }
        #expect(try await journal.verdict(of: identity(1)) == nil)
        #expect(try await journal.evidence([digest(7)]).isEmpty)
    }
}
