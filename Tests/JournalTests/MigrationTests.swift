import Findings
import Foundation
import GRDB
import Testing

@testable import Journal

@Suite struct MigrationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func options(_ migrations: [Migration]) -> JournalOptions {
        var options = JournalOptions()
        options.migrations = migrations
        return options
    }

    private static let second = Migration(version: 2) { database in
        try database.execute(sql: "ALTER TABLE filing ADD COLUMN signer TEXT")
    }
    private static let third = Migration(version: 3) { database in
        try database.execute(sql: "UPDATE filing SET signer = 'nobody'")
    }

    @Test func migrationsAreNumberedFromOneWithoutGaps() {
        #expect(Migration.all.map(\.version) == Array(1...Journal.currentVersion))
    }

    @Test func stepsAreMadeInOrderAndKeepWhatIsThere() async throws {
        let old = try await folder.open(options([.version1]))
        try await old.commit([filing(1, records: toys(1...3))], at: at(1))
        try old.close()
        let new = try await folder.open(options([.version1, Self.second, Self.third]))
        #expect(new.openingReport.previousVersion == 1)
        #expect(new.openingReport.version == 3)
        #expect(try await new.stream() == toys(1...3))
        #expect(try await new.read { try String.fetchOne($0, sql: "SELECT signer FROM filing") } == "nobody")
        try new.close()
        let error = await #expect(throws: JournalError.self) { _ = try await folder.open(options([.version1])) }
        #expect(error?.code == .newer)
        #expect(error?.message.contains("version 3") == true)
        #expect(error?.message.contains("up to 1") == true)
    }

    @Test func stepThatFailsLeavesTheVersionBeforeIt() async throws {
        try await folder.open(options([.version1])).close()
        let broken = Migration(version: 3) { try $0.execute(sql: "DROP TABLE filing; SELECT * FROM nowhere") }
        await #expect(throws: JournalError.self) {
            _ = try await folder.open(options([.version1, Self.second, broken]))
        }
        let journal = try await folder.open(options([.version1, Self.second]))
        #expect(journal.openingReport.previousVersion == 2)
        #expect(try await journal.filings().isEmpty)
    }

    @Test func olderJournalIsNotForGuestsAndReaders() async throws {
        try await folder.open(options([.version1])).close()
        for access in [JournalOptions.Access.guest, .reader] {
            var options = options([.version1, Self.second])
            options.access = access
            let error = await #expect(throws: JournalError.self) { _ = try await folder.open(options) }
            #expect(error?.advice.contains("Start the gateway") == true)
        }
    }

    /// A journal of the first release, as it was laid out then: it opens, and its contents are as they were.
    @Test func journalOfTheFirstReleaseOpens() async throws {
        let queue = try DatabaseQueue(path: folder.journal)
        try await queue.write { database in
            try database.execute(sql: Version1Fixture.layout)
            try database.execute(sql: Version1Fixture.contents)
        }
        try queue.close()
        let journal = try await folder.open()
        #expect(journal.openingReport.previousVersion == 1)
        #expect(journal.openingReport.version == Journal.currentVersion)
        let filing = try #require(try await journal.filing(startingWith: "0102"))
        #expect(filing.outcome == .acceptedWithFindings)
        #expect(filing.positions == 1...2)
        #expect(filing.counts.recordsByType == ["Person": 2])
        #expect(filing.findingCodes == ["csv.ragged": 1])
        #expect(try await journal.findings(of: filing.identity).findings.first?.field == "姓名")
        #expect(try await journal.stream() == toys(7...8, content: 5))
        #expect(try await journal.cursor(of: "all")?.position == 1)
        #expect(try await journal.receiptsDue(limit: 9).map(\.filing) == [filing])
        let known = ToyRecord(key: 7, content: 5)
        let next = try await journal.commit(
            [Self.upsert([known, ToyRecord(key: 9, content: 1)])], at: at(1))[0]
        #expect(next.summary?.changes == RecordChanges(new: 1, unchanged: 1))
        #expect(next.summary?.positions == 3...3)
    }

    private static func upsert(_ records: [ToyRecord]) -> JournaledFiling {
        filing(2, source: "liangzhang", delivery: .upsert(scope: "roster"), records: records)
    }

    /// What has been released never changes: the first layout is word for word that of the fixture.
    @Test func firstLayoutIsFrozen() async throws {
        func layout(_ sql: @Sendable (Database) throws -> Void) throws -> [String] {
            try DatabaseQueue().write { database in
                try sql(database)
                return try String.fetchAll(
                    database, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
                ).map { $0.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
            }
        }
        let released = try layout { try $0.execute(sql: Version1Fixture.layout) }
        #expect(try layout { try Migration.version1.apply($0) } == released)
    }
}
