import CanonicalRecords
import ExporterHost
import ExporterProtocol
import Foundation
import Testing

/// The built-in exporters are killed again and again while records flow; nothing is lost, and nothing is there twice.
@Suite(.timeLimit(.minutes(4)))
struct ExactlyOnceTests {
    private static let total = 20_000
    private static let rounds = 8

    private func survive(_ command: ExporterCommand, marker: String) async {
        let feed = MemoryFeed()
        let route = TestRoute.make(command) { route in
            route.rules.window = SessionWindow(records: 200, bytes: 1 << 20)
            route.restarts.failuresBeforeParking = 1000
        }
        let supervisor = ExporterSupervisor(
            route: route, feed: feed, gateway: "qiao-test 1", logger: CollectedLog().logger)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await supervisor.run() }
            let share = Self.total / Self.rounds
            for round in 1...Self.rounds {
                feed.append(share)
                // Somewhere in the middle of the share, with records under way.
                await feed.wait { $0.acknowledged > UInt64(round * share - share + share * round / 20) }
                for pid in ProcessTable.pids(running: marker) { kill(pid, SIGKILL) }
                await feed.wait { $0.acknowledged == UInt64(round * share) }
            }
            group.cancelAll()
        }
        #expect(feed.state.codes.contains("exited"))
    }

    @Test func linesSurviveKills() async throws {
        let folder = try TestFolder()
        await survive(
            try Programs.command("qiao-export-jsonl", ["--output", "\(folder.path)/out.jsonl"]), marker: folder.path)
        let lines = try folder.read("out.jsonl").split(separator: "\n")
        #expect(lines.count == Self.total)
        for (index, line) in lines.enumerated() where !line.hasPrefix("{\"position\":\"\(index + 1)\",") {
            Issue.record("line \(index + 1) is \(line)")
            return
        }
    }

    @Test func segmentsSurviveKills() async throws {
        let folder = try TestFolder()
        await survive(
            try Programs.command("qiao-export-files", ["--folder", folder.path, "--records", "50"]),
            marker: folder.path)
        var next: UInt64 = 1
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() where name != ".lock" {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)")))
            var position = 0
            while let range = try DelimitedRecords.next(in: bytes.span, at: &position) {
                #expect(Array(bytes[range]) == TestRecord.bytes(next, size: 8))
                next += 1
            }
        }
        #expect(next == UInt64(Self.total) + 1)
    }
}
