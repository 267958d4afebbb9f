import CanonicalRecords
import ExporterHost
import ExporterProtocol
import Foundation
import Testing

@Suite(.timeLimit(.minutes(4)))
struct SegmentProgramTests {
    private func deliver(
        _ feed: MemoryFeed, _ folder: TestFolder, _ arguments: [String] = [],
        change: (inout ExporterRoute) -> Void = { _ in }
    ) async throws {
        let command = try Programs.command("qiao-export-files", ["--folder", "\(folder.path)/out"] + arguments)
        let supervisor = ExporterSupervisor(
            route: TestRoute.make(command, change: change), feed: feed, gateway: "qiao-test 1",
            logger: CollectedLog().logger)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await supervisor.run() }
            await feed.wait { $0.isParked || $0.acknowledged == $0.records.last?.position ?? 0 }
            group.cancelAll()
        }
    }

    private func names(_ folder: TestFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out").filter {
            $0 != ".lock" && $0 != ".epoch"
        }
        .sorted()
    }

    private func name(_ first: Int, _ last: Int) -> String {
        String(format: "records-%020d-%020d.pb", first, last)
    }

    /// The records of all segments, in the order of their names.
    private func records(_ folder: TestFolder) throws -> [[UInt8]] {
        try names(folder).flatMap { name in
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/out/\(name)")))
            var records: [[UInt8]] = []
            var position = 0
            while let range = try DelimitedRecords.next(in: bytes.span, at: &position) {
                records.append(Array(bytes[range]))
            }
            return records
        }
    }

    @Test func segmentsEndAtTheirNumberOfRecords() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 10)
        try await deliver(feed, folder, ["--records", "4", "--age", "3600"])
        #expect(try names(folder) == [name(1, 4), name(5, 8), name(9, 10)])
        #expect(try records(folder) == feed.state.records.map { Array($0.bytes) })
    }

    @Test func folderTellsTheEpochOfItsNewestSegments() async throws {
        let folder = try TestFolder()
        for (records, epochs) in [
            (1, nil), (2, FeedEpochs(current: "a")), (3, FeedEpochs(current: "b", ends: ["a": 2])),
        ] {
            let feed = MemoryFeed(records: records)
            feed.change { $0.epochs = epochs }
            try await deliver(feed, folder)
            #expect(feed.state.codes.isEmpty)
        }
        #expect(try names(folder) == [name(1, 1), name(2, 2), name(3, 3)])
        #expect(try folder.read("out/.epoch") == "b\n")
        // One that nothing came of changes nothing.
        let idle = MemoryFeed(records: 3)
        idle.change { $0.epochs = FeedEpochs(current: "c", ends: ["b": 3]) }
        try await deliver(idle, folder)
        #expect(try folder.read("out/.epoch") == "b\n")
    }

    @Test func anOlderCopyOfTheJournalDoesNotGoOnBehindWhatAYoungerOneGave() async throws {
        let folder = try TestFolder()
        let lost = MemoryFeed(records: 5)
        lost.change { $0.epochs = FeedEpochs(current: "a") }
        try await deliver(lost, folder)
        let restored = MemoryFeed(records: 9, acknowledged: 3)
        restored.change { $0.epochs = FeedEpochs(current: "b", ends: ["a": 3]) }
        try await deliver(restored, folder)
        #expect(restored.state.codes == ["exporter-ahead"])
        #expect(try names(folder) == [name(1, 5)])
        #expect(try folder.read("out/.epoch") == "a\n")
    }

    @Test func segmentsEndAtTheirSize() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 10, size: 500)
        try await deliver(feed, folder, ["--size", "1K", "--age", "3600"])
        #expect(try names(folder).count == 4)
        #expect(try records(folder).count == 10)
    }

    @Test func segmentEndsAtItsAgeWithoutAFlush() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 3)
        try await deliver(feed, folder, ["--age", "1"], change: { $0.rules.flushAfter = .seconds(3600) })
        #expect(try names(folder) == [name(1, 3)])
    }

    @Test func segmentsAreNoGreaterThanHalfTheWindow() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 100, size: 100)
        try await deliver(feed, folder, ["--age", "3600"], change: { $0.rules.window.records = 20 })
        #expect(try names(folder).first == name(1, 10))
        #expect(try records(folder).count == 100)
    }

    @Test func exporterGoesOnBehindItsLastSegmentAndClearsWhatWasHalfWritten() async throws {
        let folder = try TestFolder()
        try await deliver(MemoryFeed(records: 5), folder, ["--age", "3600"])
        let half = "\(folder.path)/out/.records-00000000000000000006.tmp"
        try "half".write(toFile: half, atomically: true, encoding: .utf8)
        try await deliver(MemoryFeed(records: 9), folder, ["--age", "3600"])
        #expect(!FileManager.default.fileExists(atPath: half))
        #expect(try records(folder) == MemoryFeed(records: 9).state.records.map { Array($0.bytes) })
    }

    @Test func filesOfOthersAreLeftAlone() async throws {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: "\(folder.path)/out", withIntermediateDirectories: true)
        for name in ["notes.txt", "records-1-99.pb", ".records-x.tmp"] {
            try "mine".write(toFile: "\(folder.path)/out/\(name)", atomically: true, encoding: .utf8)
        }
        let feed = MemoryFeed(records: 2)
        try await deliver(feed, folder, ["--age", "3600"])
        #expect(try names(folder) == [".records-x.tmp", "notes.txt", "records-1-99.pb", name(1, 2)].sorted())
    }

    @Test func folderThatCannotBeWrittenEndsTheExporter() async throws {
        let folder = try TestFolder()
        try "a file".write(toFile: "\(folder.path)/out", atomically: true, encoding: .utf8)
        let feed = MemoryFeed(records: 2)
        try await deliver(feed, folder)
        #expect(feed.state.isParked)
        #expect(feed.state.failures.last?.message.contains("status 74") == true)
    }
}
