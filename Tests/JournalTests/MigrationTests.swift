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

    // Two steps behind all there are.
    private static let last = Journal.currentVersion
    private static let next = Migration(version: last + 1) { database in
        try database.execute(sql: "ALTER TABLE filing ADD COLUMN signer TEXT")
    }
    private static let nextButOne = Migration(version: last + 2) { database in
        try database.execute(sql: "UPDATE filing SET signer = 'nobody'")
    }

    @Test func migrationsAreNumberedFromOneWithoutGaps() {
        #expect(Migration.all.map(\.version) == Array(1...Journal.currentVersion))
    }

    @Test func stepsAreMadeInOrderAndKeepWhatIsThere() async throws {
        let old = try await folder.open(options(Migration.all))
        try await old.commit([filing(1, records: toys(1...3))], at: at(1))
        try old.close()
        let new = try await folder.open(options(Migration.all + [Self.next, Self.nextButOne]))
        #expect(new.openingReport.previousVersion == Self.last)
        #expect(new.openingReport.version == Self.last + 2)
        #expect(try await new.stream() == toys(1...3))
        #expect(try await new.read { try String.fetchOne($0, sql: "SELECT signer FROM filing") } == "nobody")
        try new.close()
        let error = await #expect(throws: JournalError.self) { _ = try await folder.open(options(Migration.all)) }
        #expect(error?.code == .newer)
        #expect(error?.message.contains("version \(Self.last + 2)") == true)
        #expect(error?.message.contains("up to \(Self.last)") == true)
    }

    @Test func stepThatFailsLeavesTheVersionBeforeIt() async throws {
        try await folder.open(options(Migration.all)).close()
        let broken = Migration(version: Self.last + 2) {
            try $0.execute(sql: "DROP TABLE filing; SELECT * FROM nowhere")
        }
        await #expect(throws: JournalError.self) {
            _ = try await folder.open(options(Migration.all + [Self.next, broken]))
        }
        let journal = try await folder.open(options(Migration.all + [Self.next]))
        #expect(journal.openingReport.previousVersion == Self.last + 1)
        #expect(try await journal.filings().isEmpty)
    }

    @Test func olderJournalIsNotForGuestsAndReaders() async throws {
        try await folder.open(options(Migration.all)).close()
        for access in [JournalOptions.Access.guest, .reader] {
            var options = options(Migration.all + [Self.next])
            options.access = access
            let error = await #expect(throws: JournalError.self) { _ = try await folder.open(options) }
            #expect(error?.advice.contains("Start the gateway") == true)
        }
    }

    /// A journal of an earlier layout, as it was made then: it opens, and its contents are as they were.
    @Test(arguments: 1...2) func journalOfAnEarlierReleaseOpens(version: Int) async throws {
        let queue = try DatabaseQueue(path: folder.journal)
        try await queue.write { database in
            try database.execute(sql: version == 1 ? Version1Fixture.layout : Version2Fixture.layout)
            try database.execute(sql: version == 1 ? Version1Fixture.contents : Version2Fixture.contents)
        }
        try queue.close()
        let journal = try await folder.open()
        #expect(journal.openingReport.previousVersion == version)
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

    /// More keys than a leaf has, in two scopes and an empty one.
    @Test func keysMoveIntoLeaves() async throws {
        let queue = try DatabaseQueue(path: folder.journal)
        try await queue.write { database in
            try database.execute(sql: Version1Fixture.layout)
            try database.execute(
                sql: "INSERT INTO scope VALUES (1, 's', 'a', 1000, 1), (2, 's', 'none', 0, 1), (3, 's', 'b', 5, 1)")
            for (scope, keys) in [(1, 0..<1000), (3, 0..<5)] as [(Int64, Range<UInt64>)] {
                for key in keys {
                    let (id, content) = (ToyRecord.id(key).columns, Fingerprint(high: 2, low: ~2).columns)
                    try database.execute(
                        sql: "INSERT INTO record_state VALUES (?, ?, ?, 11, ?, ?)",
                        arguments: [scope, id.high, id.low, content.high, content.low])
                }
            }
        }
        try queue.close()
        let journal = try await folder.open()
        for (scope, count) in [("a", 1000), ("none", 0), ("b", 5)] {
            let given = filing(
                UInt64(count + 1), source: "s", delivery: .toySnapshot(scope), records: toys(0..<1000, content: 2))
            let changes = try await journal.commit([given], at: at(1))[0].summary?.changes
            #expect(changes == RecordChanges(new: 1000 - count, unchanged: count))
        }
    }

    private static func upsert(_ records: [ToyRecord]) -> JournaledFiling {
        filing(2, source: "liangzhang", delivery: .upsert(scope: "roster"), records: records)
    }

    /// What has been released never changes: the layouts are word for word those of the fixtures.
    @Test func earlierLayoutsAreFrozen() async throws {
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
        let second = try layout { try $0.execute(sql: Version2Fixture.layout) }
        #expect(
            try layout {
                try Migration.version1.apply($0)
                try Migration.version2.apply($0)
            } == second)
    }
}
