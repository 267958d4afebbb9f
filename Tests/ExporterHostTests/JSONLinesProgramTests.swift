import ExporterHost
import ExporterProtocol
import Foundation
import Testing

@Suite(.timeLimit(.minutes(4)))
struct JSONLinesProgramTests {
    /// Serves the program until everything of `feed` is acknowledged, and then stops it.
    private func deliver(_ feed: MemoryFeed, _ command: ExporterCommand) async {
        try? await serve(feed, command) {
            await feed.wait { $0.isParked || $0.acknowledged == $0.records.last?.position ?? 0 }
        }
    }

    /// Serves the program until `body` returns, and then stops it.
    private func serve(_ feed: MemoryFeed, _ command: ExporterCommand, _ body: () async throws -> Void) async throws {
        let supervisor = ExporterSupervisor(
            route: TestRoute.make(command), feed: feed, gateway: "qiao-test 1", logger: CollectedLog().logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await supervisor.run() }
            try await body()
            group.cancelAll()
        }
    }

    private func positions(_ text: String) throws -> [Int] {
        try text.split(separator: "\n").map { line in
            struct Line: Decodable { var position: String }
            return Int(try JSONDecoder().decode(Line.self, from: Data(line.utf8)).position) ?? 0
        }
    }

    @Test func everyRecordIsOneLineWithItsPosition() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 3000)
        await deliver(
            feed, try Programs.command("qiao-export-jsonl", ["--output", "\(folder.path)/deep/er/out.jsonl"]))
        let text = try folder.read("deep/er/out.jsonl")
        #expect(try positions(text) == Array(1...3000))
        #expect(text.hasPrefix(#"{"position":"1","record":{"provenance":{"id":"00000001"}}}"# + "\n"))
    }

    @Test(arguments: ["", "{\"posi", "{\"position\":\"3\",\"record\":{}}"])
    func brokenLastLineIsWrittenAnewAndNothingTwice(_ tail: String) async throws {
        let folder = try TestFolder()
        let command = try Programs.command("qiao-export-jsonl", ["--output", "\(folder.path)/out.jsonl"])
        await deliver(MemoryFeed(records: 2), command)
        _ = try folder.write(try folder.read("out.jsonl") + tail, to: "out.jsonl")
        // The journal never learnt of the acknowledgements.
        await deliver(MemoryFeed(records: 5), command)
        #expect(try positions(try folder.read("out.jsonl")) == [1, 2, 3, 4, 5])
    }

    @Test func linesTellTheEpochInWhichTheyCame() async throws {
        let folder = try TestFolder()
        let command = try Programs.command("qiao-export-jsonl", ["--output", "\(folder.path)/out.jsonl"])
        // Written before there were epochs.
        await deliver(MemoryFeed(records: 1), command)
        for (records, epochs) in [(2, FeedEpochs(current: "aA1")), (3, FeedEpochs(current: "b", ends: ["aA1": 2]))] {
            let feed = MemoryFeed(records: records)
            feed.change { $0.epochs = epochs }
            await deliver(feed, command)
            #expect(feed.state.codes.isEmpty)
        }
        let lines = try folder.read("out.jsonl").split(separator: "\n")
        #expect(
            lines.map { $0.prefix { $0 != "}" } } == [
                #"{"position":"1","record":{"provenance":{"id":"00000001""#,
                #"{"position":"2","epoch":"aA1","record":{"provenance":{"id":"00000002""#,
                #"{"position":"3","epoch":"b","record":{"provenance":{"id":"00000003""#,
            ])
    }

    /// The position is in the journal again, but what it gave before is not what it gives now.
    @Test func anOlderCopyOfTheJournalDoesNotGoOnBehindWhatAYoungerOneGave() async throws {
        let folder = try TestFolder()
        let command = try Programs.command("qiao-export-jsonl", ["--output", "\(folder.path)/out.jsonl"])
        let lost = MemoryFeed(records: 5)
        lost.change { $0.epochs = FeedEpochs(current: "a") }
        await deliver(lost, command)
        let restored = MemoryFeed(records: 9, acknowledged: 3)
        restored.change { $0.epochs = FeedEpochs(current: "b", ends: ["a": 3]) }
        await deliver(restored, command)
        #expect(restored.state.isParked)
        #expect(restored.state.codes == ["exporter-ahead"])
        #expect(restored.state.failures.first?.message.contains("ended at 3 in that epoch") == true)
        #expect(restored.state.acknowledgements.isEmpty)
        // An empty place is what the message advises.
        try FileManager.default.moveItem(atPath: "\(folder.path)/out.jsonl", toPath: "\(folder.path)/old.jsonl")
        let anew = MemoryFeed(records: 9, acknowledged: 3)
        anew.change { $0.epochs = restored.state.epochs }
        await deliver(anew, command)
        #expect(try positions(try folder.read("out.jsonl")) == [4, 5, 6, 7, 8, 9])
    }

    @Test func fileThatIsMovedAwayIsBegunAnew() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 2)
        let command = try Programs.command("qiao-export-jsonl", ["--output", "\(folder.path)/out.jsonl"])
        try await serve(feed, command) {
            await feed.wait { $0.acknowledged == 2 }
            try FileManager.default.moveItem(atPath: "\(folder.path)/out.jsonl", toPath: "\(folder.path)/old.jsonl")
            feed.append(1)
            await feed.wait { $0.acknowledged == 3 }
            feed.append(1)
            await feed.wait { $0.acknowledged == 4 }
        }
        #expect(try positions(try folder.read("old.jsonl")) == [1, 2, 3])
        #expect(try positions(try folder.read("out.jsonl")) == [4])
    }

    /// What a rotation or a person has cut off is written again, unless all of it is gone, and no gap is left.
    @Test(arguments: [("", [3, 4]), ("{\"position\":\"1\",\"record\":{}}\n{\"posi", [1, 2, 3, 4])])
    func fileThatIsCutIsGoneOnWith(_ text: String, _ expected: [Int]) async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 2)
        let command = try Programs.command("qiao-export-jsonl", ["--output", "\(folder.path)/out.jsonl"])
        try await serve(feed, command) {
            await feed.wait { $0.acknowledged == 2 }
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(folder.path)/out.jsonl"))
            try file.truncate(atOffset: 0)
            try file.write(contentsOf: Data(text.utf8))
            feed.append(2)
            await feed.wait { $0.acknowledged == 4 }
        }
        #expect(feed.state.codes == ["exited"])
        #expect(try positions(try folder.read("out.jsonl")) == expected)
    }

    @Test func fileOfSomeoneElseIsLeftAlone() async throws {
        let folder = try TestFolder()
        _ = try folder.write("name,number\n", to: "out.jsonl")
        let feed = MemoryFeed(records: 2)
        await deliver(feed, try Programs.command("qiao-export-jsonl", ["--output", "\(folder.path)/out.jsonl"]))
        #expect(feed.state.isParked)
        #expect(feed.state.failures.last?.message.contains("status 74") == true)
        #expect(try folder.read("out.jsonl") == "name,number\n")
    }

    @Test func fullDiskEndsTheExporterAndLosesNothing() async throws {
        let feed = MemoryFeed(records: 2)
        await deliver(feed, try Programs.command("qiao-export-jsonl", ["--output", "/dev/full"]))
        #expect(feed.state.isParked)
        #expect(feed.state.acknowledged == 0)
        #expect(feed.state.failures.last?.message.contains("status 74") == true)
    }

    @Test func recordThatIsNoneIsRefused() async throws {
        let folder = try TestFolder()
        let feed = MemoryFeed(records: 3)
        feed.change { $0.records[1].bytes = [0xFF, 0xFF, 0xFF] }
        await deliver(feed, try Programs.command("qiao-export-jsonl", ["--output", "\(folder.path)/out.jsonl"]))
        #expect(feed.state.deadLetters.map(\.position) == [2])
        #expect(try positions(try folder.read("out.jsonl")) == [1, 3])
    }

    @Test(arguments: [
        [], ["--output", "-"], ["--colour", "red"], ["--output"], ["stray"], ["--bare", "maybe", "--output", "x"],
    ])
    func wrongOptionsEndWithUsage(_ arguments: [String]) async throws {
        let feed = MemoryFeed(records: 1)
        await deliver(feed, try Programs.command("qiao-export-jsonl", arguments))
        // Nothing that a restart mends: parked after one try.
        #expect(feed.state.failures.count == 1)
        #expect(feed.state.failures.last?.message.contains("status 64") == true)
    }
}
