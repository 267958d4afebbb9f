import Foundation
import GRDB
import Synchronization
import Testing

@testable import Journal

/// Damage, a full disk and crashes: what was committed is there, or its loss is said; nothing crashes.
@Suite struct DamageTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fill(_ journal: Journal, _ numbers: ClosedRange<UInt64>) async throws {
        for number in numbers {
            let first = Int(number) * 1000
            try await journal.commit(
                [filing(number, delivery: .upsert(scope: "s"), records: toys(first..<(first + 200)))], at: at(1))
        }
    }

    enum Damage: String, CaseIterable, Sendable {
        case emptied, headerCut, halved, lastPageCut, magicGarbled, schemaGarbled, middleGarbled, endGarbled, noise
    }

    private func apply(_ damage: Damage, to data: inout Data) {
        func garble(_ range: Range<Int>) {
            var random = SplitMix64(state: 5)
            for index in range { data[index] = UInt8.random(in: 0...255, using: &random) }
        }
        switch damage {
        case .emptied: data = Data()
        case .headerCut: data = data.prefix(50)
        case .halved: data = data.prefix(data.count / 2)
        case .lastPageCut: data = data.prefix(data.count - 4096)
        case .magicGarbled: garble(0..<16)
        case .schemaGarbled: garble(100..<4096)
        case .middleGarbled: garble((data.count / 2)..<(data.count / 2 + 12_000))
        case .endGarbled: garble((data.count - 8192)..<data.count)
        case .noise: garble(0..<data.count)
        }
    }

    /// Either the damage is found at open, or by the first use that meets it; the file is left as it is.
    @Test(arguments: Damage.allCases, [true, false]) func damageIsToldAndNeverCrashes(damage: Damage, whole: Bool)
        async throws
    {
        let journal = try await folder.open()
        try await fill(journal, 1...30)
        try journal.close()
        var data = try Data(contentsOf: URL(filePath: folder.journal))
        apply(damage, to: &data)
        try data.write(to: URL(filePath: folder.journal))
        var options = JournalOptions()
        if !whole { options.wholeCheckLimit = 0 }
        do {
            let opened = try await folder.open(options)
            // An empty file is what a new journal begins as: nothing can be told apart.
            #expect(!whole || damage == .emptied)
            _ = try await opened.status()
            _ = try await opened.totals()
            _ = try await opened.filings(FilingQuery(limit: 1000))
            _ = try await opened.stream()
            try await fill(opened, 31...40)
        } catch {
            let error = try #require(error as? JournalError)
            #expect(error.code == .damaged || error.code == .foreign)
            #expect(!error.advice.isEmpty)
        }
    }

    @Test func flippedBitInARecordIsFound() async throws {
        let journal = try await folder.open()
        try await fill(journal, 1...2)
        try await journal.write {
            try $0.execute(sql: "UPDATE chunk SET bytes = CAST(replace(bytes, '=1', '=2') AS BLOB)")
        }
        let error = await #expect(throws: JournalError.self) { try await journal.chunks(after: 0, limitBytes: 1) }
        #expect(error?.code == .damaged)
    }

    @Test func lostChunkIsFound() async throws {
        let journal = try await folder.open()
        try await fill(journal, 1...3)
        try await journal.write { try $0.execute(sql: "DELETE FROM chunk WHERE number = 2") }
        let error = await #expect(throws: JournalError.self) { try await journal.chunks(after: 0, limitBytes: .max) }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("201") == true)
    }

    @Test func lostFileBesideItsCompanionIsNotTakenForNew() async throws {
        let crashed = try TemporaryFolder()
        do {
            let journal = try await folder.open()
            try await fill(journal, 1...2)
            try folder.copy(to: crashed)
        }
        try Data().write(to: URL(filePath: crashed.journal))
        let error = await #expect(throws: JournalError.self) { _ = try await crashed.open() }
        #expect(error?.code == .damaged)
        try FileManager.default.removeItem(atPath: crashed.journal)
        await #expect(throws: JournalError.self) { _ = try await crashed.open() }
        #expect(FileManager.default.fileExists(atPath: crashed.journal + "-wal"))
    }

    @Test func garbledCompanionNeverCrashes() async throws {
        for seed in 0..<8 as Range<UInt64> {
            let (own, crashed) = (try TemporaryFolder(), try TemporaryFolder())
            do {
                let journal = try await own.open()
                try await fill(journal, 1...5)
                try own.copy(to: crashed)
            }
            let companion = URL(filePath: crashed.journal + "-wal")
            var data = try Data(contentsOf: companion)
            var random = SplitMix64(state: seed)
            for _ in 0..<20 { data[Int.random(in: 0..<data.count, using: &random)] ^= 0x5A }
            try data.write(to: companion)
            do {
                let journal = try await crashed.open()
                // What is left is a whole number of commits, each one complete.
                let filings = try await journal.filings(FilingQuery(limit: 99))
                #expect(try await journal.stream().count == 200 * filings.count)
            } catch {
                #expect((error as? JournalError)?.code == .damaged)
            }
        }
    }

    @Test func fullDiskWritesNothingAndWorkResumes() async throws {
        var options = JournalOptions()
        options.pageLimit = 60
        let journal = try await folder.open(options)
        var committed: UInt64 = 0
        var failure: JournalError?
        while failure == nil {
            do {
                try await fill(journal, (committed + 1)...(committed + 1))
                committed += 1
            } catch { failure = error as? JournalError }
        }
        #expect(failure?.code == .full)
        #expect(failure?.retryHelps == true)
        #expect(committed > 0)
        for _ in 0..<3 {
            await #expect(throws: JournalError.self) { try await fill(journal, (committed + 1)...(committed + 1)) }
        }
        #expect(try await journal.stream().count == Int(committed) * 200)
        #expect(try await journal.totals().reconciles)
        try await journal.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 100000") }
        try await fill(journal, (committed + 1)...(committed + 3))
        #expect(try await journal.stream().count == Int(committed + 3) * 200)
    }

    @Test(arguments: [ENOSPC, EDQUOT], [ResultCode.SQLITE_IOERR_SHMOPEN, .SQLITE_IOERR_WRITE, .SQLITE_CANTOPEN])
    func whatFailsForWantOfRoomIsAFullDisk(_ code: CInt, _ result: ResultCode) {
        let failure = DatabaseError(resultCode: result)
        #expect(JournalError(failure, place: "x") { _ in code }.code == .full)
        #expect(JournalError(failure, place: "x") { _ in EIO }.code == .inputOutput)
        #expect(JournalError(failure, place: "x") { _ in 0 }.code == .inputOutput)
    }

    @Test func probeOfRoomLeavesNothing() throws {
        #expect(RoomProbe.failure(beside: folder.path + "/journal.sqlite") == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        #expect(RoomProbe.failure(beside: folder.path + "/none/journal.sqlite") == ENOENT)
    }

    @Test func fullDiskInTheMiddleOfAStagingCanBeWaitedOut() async throws {
        let journal = try await folder.open()
        journal.segments.limit.withLock { $0 = 100_000 }
        let delivery = Delivery.toySnapshot()
        let staging = try await journal.beginStaging(identity(1), delivery: delivery, at: at(1))
        var stored = 0
        var failure: JournalError?
        while failure == nil {
            do {
                try await journal.append([RecordChunk(toys(stored..<(stored + 3000)))], to: staging)
                stored += 3000
            } catch { failure = error }
        }
        #expect(failure?.code == .full)
        #expect(stored > 0)
        journal.segments.limit.withLock { $0 = nil }
        try await journal.append([RecordChunk(toys(stored..<(stored + 3000)))], to: staging)
        var given = filing(1, delivery: delivery)
        given.records = .staged(staging)
        let outcome = try await journal.commit([given], at: at(2))[0]
        #expect(outcome.summary?.changes == RecordChanges(new: stored + 3000))
        #expect(try await journal.stream(limitBytes: 1 << 20) == toys(0..<(stored + 3000)))
    }

    /// A full disk does not prevent the start.
    @Test func journalOpensOnAFullDisk() async throws {
        let crashed = try TemporaryFolder()
        do {
            let journal = try await folder.open()
            try await fill(journal, 1...3)
            let staging = try await journal.beginStaging(identity(9), delivery: .event, at: at(1))
            try await journal.append([RecordChunk(toys(0..<2000))], to: staging)
            try folder.copy(to: crashed)
        }
        var options = JournalOptions()
        options.pageLimit = 1
        let journal = try await crashed.open(options)
        #expect(try await journal.stream().count == 600)
    }

    /// The files as they are after each commit, opened as if the machine had stopped there.
    @Test func everyCommitSurvivesACrashBehindIt() async throws {
        let journal = try await folder.open()
        _ = try await journal.openRoute("a", startingAt: .beginning, at: at(0))
        for number in 1...8 as ClosedRange<UInt64> {
            try await fill(journal, number...number)
            let position = Int64(number) * 200
            try await journal.advance([RouteAdvance(route: "a", to: position, selected: 200, acked: 200)], at: at(2))
            let crashed = try TemporaryFolder()
            try folder.copy(to: crashed)
            let after = try await crashed.open()
            #expect(after.openingReport.wasInterrupted)
            #expect(after.lastPosition == position)
            #expect(try await after.stream().count == Int(position))
            #expect(try await after.cursor(of: "a")?.position == position)
            #expect(try await after.receiptsDue(limit: 99).count == Int(number))
            // And it goes on from there, with the state of its scope.
            let same = try await after.commit(
                [filing(99, delivery: .upsert(scope: "s"), records: toys(1000..<1200))], at: at(3))[0]
            #expect(same.summary?.changes == RecordChanges(unchanged: 200))
        }
    }

    /// A companion that was cut anywhere gives a whole number of commits.
    @Test func crashInTheMiddleOfAWriteLosesNoEarlierCommit() async throws {
        let journal = try await folder.open()
        let companion = URL(filePath: folder.journal + "-wal")
        var sizes: [Int] = []
        for number in 1...5 as ClosedRange<UInt64> {
            try await fill(journal, number...number)
            sizes.append(try Data(contentsOf: companion).count)
        }
        let whole = try Data(contentsOf: companion)
        var random = SplitMix64(state: 3)
        for _ in 0..<12 {
            let cut = Int.random(in: sizes[0]...sizes[4], using: &random)
            let crashed = try TemporaryFolder()
            try folder.copy(to: crashed)
            try whole.prefix(cut).write(to: URL(filePath: crashed.journal + "-wal"))
            let after = try await crashed.open()
            let committed = sizes.count { $0 <= cut }
            #expect(try await after.filings().count == committed)
            #expect(try await after.stream().count == committed * 200)
            #expect(try await after.totals().reconciles)
        }
    }
}
