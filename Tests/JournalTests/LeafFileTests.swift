import Foundation
import GRDB
import Synchronization
import Testing

@testable import Journal

/// The files in which the leaves of scopes lie that big filings have changed.
@Suite struct LeafFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(_ folder: TemporaryFolder? = nil) async throws -> Journal {
        let journal = try await (folder ?? self.folder).open()
        journal.segments.leavesInFileFrom.withLock { $0 = 500 }
        return journal
    }

    private func leafFiles(_ folder: TemporaryFolder? = nil) -> [String] {
        (folder ?? self.folder).names.filter { $0.hasSuffix(".keys") }
    }

    private func staged(
        _ number: UInt64, _ keys: Range<Int>, content: UInt64 = 1, scope: String = "s", in journal: Journal
    ) async throws -> JournaledFiling {
        let delivery = Delivery.toySnapshot(scope)
        let staging = try await journal.beginStaging(identity(number), delivery: delivery, at: at(1))
        try await journal.append([RecordChunk(toys(keys, content: content))], to: staging)
        var given = filing(number, delivery: delivery)
        given.records = .staged(staging)
        return given
    }

    /// What the scope knows, by filing it all again.
    private func expect(
        _ keys: Range<Int>, content: UInt64, scope: String = "s", number: UInt64, in journal: Journal
    ) async throws {
        let given = filing(number, delivery: .toySnapshot(scope), records: toys(keys, content: content))
        let changes = try await journal.commit([given], at: at(9))[0].summary?.changes
        #expect(changes == RecordChanges(unchanged: keys.count))
    }

    @Test func leavesLieInOneFileAndTheOneBeforeItIsKept() async throws {
        var journal = try await open()
        for number in 1...4 as ClosedRange<UInt64> {
            try await journal.commit([staged(number, 0..<2000, content: number, in: journal)], at: at(2))
            #expect(leafFiles().count == min(2, Int(number)))
            try journal.close()
            journal = try await open()
            #expect(leafFiles().count == min(2, Int(number)))
            try await expect(0..<2000, content: number, number: 100 + number, in: journal)
        }
        // A scope of its own has a file of its own.
        try await journal.commit([staged(50, 0..<600, content: 4, scope: "t", in: journal)], at: at(3))
        #expect(leafFiles().count == 3)
        try await expect(0..<600, content: 4, scope: "t", number: 200, in: journal)
        try await expect(0..<2000, content: 4, number: 201, in: journal)
    }

    /// Leaves that are in a file and leaves that are not, side by side; few changes write no file.
    @Test func smallChangesGoIntoTheDatabase() async throws {
        let journal = try await open()
        try await journal.commit([staged(1, 0..<2000, in: journal)], at: at(2))
        let few = filing(2, delivery: .upsert(scope: "s"), records: toys([3, 1500, 2000], content: 7))
        let outcome = try await journal.commit([few], at: at(3))[0]
        #expect(outcome.summary?.changes == RecordChanges(new: 1, changed: 2))
        #expect(leafFiles().count == 1)
        let sizes = try await journal.read { try Int.fetchAll($0, sql: "SELECT length(keys) FROM key_leaf") }
        #expect(sizes.contains(LeafReference.size))
        #expect(sizes.contains { $0 % LeafBytes.keySize == 0 })
        #expect(sizes.allSatisfy { $0 == LeafReference.size || $0 % LeafBytes.keySize == 0 })
        // All of it moves into the next file, what was not stated goes.
        let next = try await journal.commit([staged(3, 100..<3000, content: 7, in: journal)], at: at(4))[0]
        #expect(next.summary?.changes == RecordChanges(new: 999, changed: 1899, unchanged: 2, deleted: 100))
        #expect(leafFiles().count == 2)
        let after = try await journal.read { try Int.fetchAll($0, sql: "SELECT length(keys) FROM key_leaf") }
        #expect(after.allSatisfy { $0 == LeafReference.size })
        try await expect(100..<3000, content: 7, number: 4, in: journal)
    }

    /// Keys that another scope has deleted leave this one's file, and are new when it is filed next.
    @Test func keysThatAnotherScopeDeletesAreForgotten() async throws {
        var journal = try await open()
        try await journal.commit([staged(1, 0..<2000, in: journal)], at: at(2))
        for (number, keys) in [(2, 1990..<2010), (3, 2000..<2010)] {
            let other = filing(UInt64(number), delivery: .toySnapshot("t", guardShare: 1), records: toys(keys))
            try await journal.commit([other], at: at(3))
        }
        try journal.close()
        journal = try await open()
        let again = try await journal.commit([staged(4, 0..<2000, in: journal)], at: at(4))[0]
        #expect(again.summary?.changes == RecordChanges(new: 10, unchanged: 1990))
        try await expect(0..<2000, content: 1, number: 5, in: journal)
    }

    /// The files as they are before and behind the commit, as if the machine had stopped there.
    @Test func crashLeavesTheLeavesThatWereCommitted() async throws {
        let journal = try await open()
        try await journal.commit([staged(1, 0..<1000, in: journal)], at: at(2))
        let second = try await staged(2, 0..<1000, content: 2, in: journal)
        let before = try TemporaryFolder()
        try folder.copy(to: before)
        try await journal.commit([second], at: at(3))
        let behind = try TemporaryFolder()
        try folder.copy(to: behind)
        // What the file of a commit leaves that never was.
        try Data([1, 2, 3]).write(to: URL(filePath: "\(before.segments)/2.keys"))
        try Data([1, 2, 3]).write(to: URL(filePath: "\(behind.segments)/77.keys"))
        let early = try await open(before)
        #expect(leafFiles(before) == ["1.keys"])
        try await expect(0..<1000, content: 1, number: 8, in: early)
        let late = try await open(behind)
        #expect(leafFiles(behind).sorted() == ["1.keys", "2.keys"])
        try await expect(0..<1000, content: 2, number: 8, in: late)
    }

    /// A database of before the last big filing, with the folder of after it.
    @Test func backupOfTheDatabaseCanBeOneFilingOlder() async throws {
        let journal = try await open()
        try await journal.commit([staged(1, 0..<1000, in: journal)], at: at(2))
        let backup = try TemporaryFolder()
        try folder.copy(to: backup)
        try await journal.commit([staged(2, 0..<1000, content: 2, in: journal)], at: at(3))
        try FileManager.default.removeItem(atPath: backup.segments)
        try FileManager.default.copyItem(atPath: folder.segments, toPath: backup.segments)
        let restored = try await open(backup)
        try await expect(0..<1000, content: 1, number: 8, in: restored)
    }

    @Test func fullDiskLeavesNoFileAndTheSameCommitSucceedsLater() async throws {
        let journal = try await open()
        let given = try await staged(1, 0..<20_000, in: journal)
        journal.segments.limit.withLock { $0 = 1000 }
        let error = await #expect(throws: JournalError.self) { try await journal.commit([given], at: at(2)) }
        #expect(error?.code == .full)
        #expect(error?.retryHelps == true)
        #expect(leafFiles().isEmpty)
        journal.segments.limit.withLock { $0 = nil }
        let outcome = try await journal.commit([given], at: at(3))[0]
        #expect(outcome.summary?.changes == RecordChanges(new: 20_000))
        #expect(leafFiles().count == 1)
        try await expect(0..<20_000, content: 1, number: 2, in: journal)
    }

    enum Damage: String, CaseIterable, Sendable {
        case flipped, cut, removed
    }

    /// The start is not prevented, records are given, other scopes go on, and nothing is taken for known that is not.
    @Test(arguments: Damage.allCases) func damageIsTold(damage: Damage) async throws {
        let journal = try await open()
        try await journal.commit([staged(1, 0..<1000, in: journal)], at: at(2))
        try journal.close()
        let path = "\(folder.segments)/\(leafFiles()[0])"
        var data = try Data(contentsOf: URL(filePath: path))
        if damage == .flipped { data[data.count - 40] ^= 1 } else { data = data.dropLast() }
        if damage == .removed {
            try FileManager.default.removeItem(atPath: path)
        } else {
            try data.write(to: URL(filePath: path))
        }
        let again = try await open()
        #expect(try await again.stream(limitBytes: 1 << 20) == toys(0..<1000))
        let repeated = filing(2, delivery: .toySnapshot("s"), records: toys(0..<1000))
        let error = await #expect(throws: JournalError.self) { try await again.commit([repeated], at: at(3)) }
        #expect(error?.code == .damaged)
        try await again.commit([staged(3, 0..<1000, scope: "t", in: again)], at: at(4))
        try await expect(0..<1000, content: 1, scope: "t", number: 4, in: again)
    }
}

/// The keys of every leaf, in a journal with no more than one scope.
func leavesOfOneScope(in database: Database, _ segments: SegmentFolder) throws -> [[StatedKey]] {
    let file = try Int64.fetchOne(database, sql: "SELECT leaves FROM scope")
    return try Data.fetchAll(database, sql: "SELECT keys FROM key_leaf ORDER BY number").map { stored in
        guard let reference = LeafReference(stored) else { return LeafBytes.decode(stored) }
        let bytes = try file.flatMap {
            try segments.leafBytes(Int(reference.count) * LeafBytes.keySize, at: reference.place, of: $0)
        }
        return LeafBytes.decode(Data(bytes ?? []))
    }
}
