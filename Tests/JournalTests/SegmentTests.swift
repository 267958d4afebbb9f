import Foundation
import GRDB
import Synchronization
import Testing

@testable import Journal

/// The files in which the chunks of big filings lie: there while a row names them, whole or not at all, gone afterwards.
@Suite struct SegmentTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func segments(_ folder: TemporaryFolder) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.segments)) ?? []).sorted()
    }

    private func staged(
        _ number: UInt64, _ keys: Range<Int>, delivery: Delivery = .event, in journal: Journal
    ) async throws -> JournaledFiling {
        let staging = try await journal.beginStaging(identity(number), delivery: delivery, at: at(1))
        for start in stride(from: keys.lowerBound, to: keys.upperBound, by: 500) {
            try await journal.append([RecordChunk(toys(start..<min(start + 500, keys.upperBound)))], to: staging)
        }
        var given = filing(number, delivery: delivery)
        given.records = .staged(staging)
        return given
    }

    @Test func stagedChunksLieInAFileUntilTheyArePruned() async throws {
        let journal = try await folder.open()
        #expect(segments(folder).isEmpty)
        try await journal.commit([staged(1, 0..<2000, in: journal)], at: at(2))
        try await journal.commit([staged(2, 5000..<6000, in: journal)], at: at(3))
        #expect(segments(folder).count == 2)
        #expect(try await journal.read { try Int.fetchOne($0, sql: "SELECT sum(length(bytes)) FROM chunk") } == 0)
        #expect(try await journal.stream(limitBytes: 4000) == toys(0..<2000) + toys(5000..<6000))
        let report = try await journal.prune(olderThan: at(2.5), deliveredTo: [], at: at(4))
        #expect(report.filings == 1)
        #expect(report.bytes > 0)
        #expect(segments(folder).count == 1)
        #expect(try await journal.stream(after: 2000) == toys(5000..<6000))
        try journal.close()
        let again = try await folder.open()
        #expect(segments(folder).count == 1)
        #expect(try await again.stream(after: 2000) == toys(5000..<6000))
    }

    /// Where there is no disk whose cache could be passed by.
    @Test func memoryServesAsADisk() async throws {
        let memory = try TemporaryFolder(in: "/dev/shm")
        let journal = try await memory.open()
        journal.segments.leavesInFileFrom.withLock { $0 = 500 }
        let delivery = Delivery.toySnapshot()
        try await journal.commit([staged(1, 0..<2000, delivery: delivery, in: journal)], at: at(2))
        #expect(segments(memory).count == 2)
        try journal.close()
        let again = try await memory.open()
        #expect(try await again.stream(limitBytes: 4000) == toys(0..<2000))
        let outcome = try await again.commit(
            [staged(2, 500..<2500, delivery: delivery, in: again)], at: at(3))[0]
        #expect(outcome.summary?.changes == RecordChanges(new: 500, unchanged: 1500, deleted: 500))
    }

    /// Each is read ahead for by itself, and begins where another has been.
    @Test func routesReadOneFileEachAtItsOwnPace() async throws {
        let journal = try await folder.open()
        let staging = try await journal.beginStaging(identity(1), delivery: .event, at: at(1))
        var random = SplitMix64(state: 5)
        var written: [UInt8] = []
        for _ in 0..<12 {
            let records = (0..<300).flatMap { _ in
                ToyRecord.delimit((0..<400).map { _ in UInt8(truncatingIfNeeded: random.next()) })
            }
            try await journal.append([RecordChunk(bytes: records, count: 300, keys: [])], to: staging)
            written += records
        }
        var given = filing(1)
        given.records = .staged(staging)
        try await journal.commit([given], at: at(2))
        let expected = written
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for limit in [1, 100_000, 300_000, 600_000, 1, 200_000] {
                group.addTask { try await bytes(of: journal, limit) }
            }
            for try await bytes in group { #expect(bytes == expected) }
        }
    }

    private func bytes(of journal: Journal, _ limit: Int) async throws -> [UInt8] {
        var (bytes, position) = ([UInt8](), Int64(0))
        while case let chunks = try await journal.chunks(after: position, limitBytes: limit), let last = chunks.last {
            for chunk in chunks { bytes += chunk.bytes }
            position = last.lastPosition
        }
        return bytes
    }

    /// Deletions come with the commit and lie in the database, behind what was staged.
    @Test func snapshotThatDeletesHasItsChunksInBothPlaces() async throws {
        let journal = try await folder.open()
        let delivery = Delivery.toySnapshot()
        try await journal.commit([staged(1, 0..<1000, delivery: delivery, in: journal)], at: at(2))
        let outcome = try await journal.commit(
            [staged(2, 500..<1500, delivery: delivery, in: journal)], at: at(3))[0]
        #expect(outcome.summary?.changes == RecordChanges(new: 500, unchanged: 500, deleted: 500))
        let stream = try await journal.stream(after: 1000)
        #expect(stream.prefix(500) == toys(1000..<1500)[...])
        #expect(Set(stream.dropFirst(500)) == Set((0..<500).map { ToyRecord(key: $0, content: nil) }))
    }

    /// The files as they are behind each step, as if the machine had stopped there.
    @Test func crashLeavesWhatWasCommittedAndRemovesTheRest() async throws {
        let journal = try await folder.open()
        try await journal.commit([staged(1, 0..<1000, in: journal)], at: at(2))
        let second = try await staged(2, 2000..<3000, in: journal)
        let before = try TemporaryFolder()
        try folder.copy(to: before)
        try await journal.commit([second], at: at(3))
        let behind = try TemporaryFolder()
        try folder.copy(to: behind)
        #expect(segments(before).count == 2)
        let early = try await before.open()
        #expect(early.openingReport.stagingsRemoved == 1)
        #expect(segments(before).count == 1)
        #expect(try await early.stream() == toys(0..<1000))
        // The filing is staged anew, under a number that was not used.
        try await early.commit([staged(2, 2000..<3000, in: early)], at: at(4))
        #expect(try await early.stream() == toys(0..<1000) + toys(2000..<3000))
        let late = try await behind.open()
        #expect(segments(behind).count == 2)
        #expect(try await late.stream() == toys(0..<1000) + toys(2000..<3000))
    }

    @Test func filesOfNobodyAreRemovedAtOpenAndOthersAreLeft() async throws {
        let journal = try await folder.open()
        try await journal.commit([staged(1, 0..<10, in: journal)], at: at(2))
        try journal.close()
        for name in ["77", "9999999", "notes.txt"] {
            try Data([1, 2, 3]).write(to: URL(filePath: "\(folder.segments)/\(name)"))
        }
        let again = try await folder.open()
        #expect(segments(folder).count == 2)
        #expect(segments(folder).contains("notes.txt"))
        #expect(try await again.stream() == toys(0..<10))
    }

    /// A tail that a crash has left, and the commit that never named it.
    @Test func whatLiesBehindTheLastChunkCountsForNothing() async throws {
        let journal = try await folder.open()
        try await journal.commit([staged(1, 0..<1000, in: journal)], at: at(2))
        try journal.close()
        let file = try #require(FileHandle(forWritingAtPath: "\(folder.segments)/\(segments(folder)[0])"))
        try file.seekToEnd()
        try file.write(contentsOf: Data(repeating: 7, count: 5000))
        try file.close()
        #expect(try await folder.open().stream() == toys(0..<1000))
    }

    @Test func lostFileBesideItsChunksIsNotTakenForNew() async throws {
        let journal = try await folder.open()
        try await journal.commit([staged(1, 0..<10, in: journal)], at: at(2))
        try journal.close()
        try FileManager.default.removeItem(atPath: folder.journal)
        let error = await #expect(throws: JournalError.self) { _ = try await folder.open() }
        #expect(error?.code == .damaged)
        #expect(segments(folder).count == 1)
    }

    enum Damage: String, CaseIterable, Sendable {
        case flipped, cut, emptied, removed
    }

    /// The start is not prevented, what is not damaged is given, and nothing wrong is.
    @Test(arguments: Damage.allCases) func damageIsTold(damage: Damage) async throws {
        let journal = try await folder.open()
        try await journal.commit([filing(1, records: toys(1...3))], at: at(1))
        try await journal.commit([staged(2, 0..<1000, in: journal)], at: at(2))
        try journal.close()
        let path = "\(folder.segments)/\(segments(folder)[0])"
        var data = try Data(contentsOf: URL(filePath: path))
        switch damage {
        case .flipped: data[data.count / 2] ^= 1
        // The last block of the disk has something of the last chunk; what fills it up counts for nothing.
        case .cut: data = data.dropLast(4096)
        case .emptied: data = Data()
        case .removed: try FileManager.default.removeItem(atPath: path)
        }
        if damage != .removed { try data.write(to: URL(filePath: path)) }
        let again = try await folder.open()
        #expect(try await again.chunks(after: 0, limitBytes: 1).map(\.count) == [3])
        let error = await #expect(throws: JournalError.self) { try await again.stream(after: 3) }
        #expect(error?.code == .damaged)
    }

    @Test func appendsThatOverlapKeepTheirOrder() async throws {
        let journal = try await folder.open()
        let staging = try await journal.beginStaging(identity(1), delivery: .upsert(scope: "s"), at: at(1))
        let appends = try (0..<40).map { index in
            try journal.beginAppending(to: staging) { [RecordChunk(toys((index * 30)..<(index * 30 + 40)))] }
        }
        for append in appends { try await append.finished() }
        var given = filing(1, delivery: .upsert(scope: "s"))
        given.records = .staged(staging)
        let outcome = try await journal.commit([given], at: at(2))[0]
        #expect(outcome.summary?.changes == RecordChanges(new: 1210, unchanged: 390, repeatedKeys: 390))
        #expect(try await journal.stream() == toys(0..<1210))
    }

    /// What failed is not in the commit; what was there before it, is.
    @Test func stagingCanBeCommittedAsItWasBeforeAnAppendFailed() async throws {
        let journal = try await folder.open()
        let staging = try await journal.beginStaging(identity(1), delivery: .upsert(scope: "s"), at: at(1))
        try await journal.append([RecordChunk(toys(0..<100))], to: staging)
        journal.segments.limit.withLock { $0 = 0 }
        await #expect(throws: JournalError.self) {
            try await journal.append([RecordChunk(toys(100..<200))], to: staging)
        }
        var given = filing(1, delivery: .upsert(scope: "s"))
        given.records = .staged(staging)
        #expect(try await journal.commit([given], at: at(2))[0].summary?.changes == RecordChanges(new: 100))
        #expect(try await journal.stream() == toys(0..<100))
    }

    /// Nobody can tell what is on the disk then: nothing is committed, now or later, and the filing is staged anew.
    @Test func stagingThatCannotBeMadeSafeIsLost() async throws {
        let journal = try await folder.open()
        let lost = try await staged(1, 0..<1000, in: journal)
        journal.segments.failsToSync.withLock { $0 = true }
        let error = await #expect(throws: JournalError.self) { try await journal.commit([lost], at: at(2)) }
        #expect(error?.code == .inputOutput)
        #expect(error?.retryHelps == false)
        journal.segments.failsToSync.withLock { $0 = false }
        await #expect(throws: JournalError.self) { try await journal.commit([lost], at: at(3)) }
        guard case .staged(let staging) = lost.records else { return }
        await #expect(throws: JournalError.self) {
            try await journal.append([RecordChunk(toys(1...1))], to: staging)
        }
        try await journal.discard(staging)
        #expect(segments(folder).isEmpty)
        try await journal.commit([staged(1, 0..<1000, in: journal)], at: at(4))
        #expect(try await journal.stream() == toys(0..<1000))
    }

    /// One that finds no room, and what had begun behind it; then all of them again.
    @Test func appendThatFailsTakesThoseBehindItAlong() async throws {
        let journal = try await folder.open()
        let staging = try await journal.beginStaging(identity(1), delivery: .upsert(scope: "s"), at: at(1))
        @Sendable func part(_ index: Int) -> [RecordChunk] { [RecordChunk(toys((index * 600)..<(index * 600 + 600)))] }
        try await journal.append(part(0), to: staging)
        journal.segments.limit.withLock { $0 = 10_000 }
        let appends = try (1..<12).map { index in try journal.beginAppending(to: staging) { part(index) } }
        var stored = 1
        var failed = 0
        for append in appends {
            do {
                try await append.finished()
                #expect(failed == 0)
                stored += 1
            } catch {
                #expect(error.code == .full)
                failed += 1
            }
        }
        #expect(failed > 1)
        journal.segments.limit.withLock { $0 = nil }
        for index in stored..<12 { try await journal.append(part(index), to: staging) }
        var given = filing(1, delivery: .upsert(scope: "s"))
        given.records = .staged(staging)
        #expect(try await journal.commit([given], at: at(2))[0].summary?.changes == RecordChanges(new: 7200))
        #expect(try await journal.stream(limitBytes: 1 << 20) == toys(0..<7200))
    }

    @Test func journalOfVersion4Opens() async throws {
        var options = JournalOptions()
        options.migrations = Array(Migration.all.prefix(4))
        let old = try await folder.open(options)
        // What is committed today begins an epoch, which that layout did not know.
        try await old.write { try Migration.epochs(version: 5).apply($0) }
        try await old.commit([filing(1, records: toys(0..<2000))], at: at(1))
        try await old.write { try $0.execute(sql: "DROP TABLE epoch") }
        try old.close()
        let new = try await folder.open()
        #expect(new.openingReport.previousVersion == 4)
        #expect(try await new.stream(limitBytes: 1 << 20) == toys(0..<2000))
        let outcome = try await new.commit(
            [staged(2, 2000..<3000, delivery: .upsert(scope: "s"), in: new)], at: at(2))[0]
        #expect(outcome.summary?.changes == RecordChanges(new: 1000))
        #expect(try await new.stream(limitBytes: 1 << 20) == toys(0..<3000))
    }
}
