import ExporterHost
import Foundation
import Testing

@Suite(.timeLimit(.minutes(3)))
struct ExporterConformanceTests {
    private static let samples = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("samples/exporters").path

    private func run(_ command: ExporterCommand, patience: Duration = .seconds(20)) async -> [ConformanceResult] {
        await ExporterConformance(command: command, patience: patience).run()
    }

    private func failures(_ results: [ConformanceResult]) -> [String] {
        results.filter(\.isFailure).map(\.description)
    }

    private func skips(_ results: [ConformanceResult]) -> Set<String> {
        Set(results.filter { if case .skipped = $0.outcome { true } else { false } }.map(\.scenario))
    }

    @Test func jsonLinesExporterConforms() async throws {
        let folder = try TestFolder()
        let results = await run(try Programs.command("qiao-export-jsonl", ["--output", "\(folder.path)/out.jsonl"]))
        #expect(failures(results).isEmpty)
        #expect(results.map(\.scenario) == ExporterConformance.scenarios)
        #expect(skips(results).isEmpty)
    }

    @Test func bareJSONLinesExporterConformsWithoutAPosition() async throws {
        let folder = try TestFolder()
        let results = await run(
            try Programs.command("qiao-export-jsonl", ["--bare=yes", "--output", "\(folder.path)/out.jsonl"]))
        #expect(failures(results).isEmpty)
        #expect(skips(results) == ["killed", "resume", "epoch"])
    }

    @Test func segmentExporterConforms() async throws {
        let folder = try TestFolder()
        let results = await run(
            try Programs.command("qiao-export-files", ["--folder", "\(folder.path)/segments", "--records", "7"]))
        #expect(failures(results).isEmpty)
        #expect(skips(results).isEmpty)
    }

    @Test func pythonSampleConforms() async throws {
        let folder = try TestFolder()
        let results = await run(
            ExporterCommand("python3", ["\(Self.samples)/append_lines.py", "\(folder.path)/out.jsonl"]))
        #expect(failures(results).isEmpty)
        #expect(skips(results).isEmpty)
    }

    @Test func tenLinesOfPythonConform() async throws {
        let folder = try TestFolder()
        let results = await run(
            ExporterCommand("python3", ["\(Self.samples)/ten_lines.py", "\(folder.path)/out.jsonl"]))
        #expect(failures(results).isEmpty)
        #expect(skips(results) == ["killed", "resume", "epoch"])
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var body: String
        var scenario: String
        var reason: String
    }

    static let faults = [
        Fault(testDescription: "no Ready", body: "time.sleep(600)", scenario: "handshake", reason: "Ready"),
        Fault(
            testDescription: "another version", body: "hear(); ready(protocol=2)", scenario: "handshake",
            reason: "version 2"),
        Fault(testDescription: "prints", body: "print('hello')", scenario: "handshake", reason: "not made of frames"),
        Fault(
            testDescription: "ignores Flush until Stop",
            body: """
                begin()
                last = None
                for name, frame in frames():
                    if name == 'record': last = frame['position']
                    if name == 'stop': break
                if last: say(ack={'position': last})
                """, scenario: "flush", reason: "waited"),
        Fault(
            testDescription: "acknowledges what was not sent",
            body: """
                begin()
                for name, frame in frames():
                    if name == 'record': say(ack={'position': int(frame['position']) + 1})
                    if name == 'stop': break
                """, scenario: "order", reason: "it acknowledged position"),
        Fault(
            testDescription: "fails on Stop",
            body: """
                begin()
                for name, frame in frames():
                    if name == 'record': say(ack={'position': frame['position']})
                    if name == 'stop': sys.exit(5)
                """, scenario: "stop", reason: "status 5"),
        Fault(
            testDescription: "swallows garbage",
            body: """
                begin()
                for line in sys.stdin.buffer:
                    try: frame = json.loads(line)
                    except ValueError: continue
                    if 'record' in frame: say(ack={'position': frame['record']['position']})
                    if 'stop' in frame: break
                """, scenario: "garbage", reason: "waited"),
        Fault(
            testDescription: "forgets what it acknowledged", body: "begin(storedPosition='0')\nserve()",
            scenario: "killed", reason: "has stored 0 only"),
    ]

    @Test(arguments: faults) func faultIsFound(_ fault: Fault) async throws {
        let folder = try TestFolder()
        let results = await run(try folder.python(fault.body), patience: .seconds(4))
        let result = results.first { $0.scenario == fault.scenario }
        #expect(result?.isFailure == true)
        #expect(result?.description.contains(fault.reason) == true, "\(results.map(\.description))")
    }

    @Test func missingProgramIsSaidOnce() async throws {
        let results = await run(ExporterCommand("no-such-exporter-here"))
        #expect(results.count == 1)
        #expect(results.first?.description.contains("no-such-exporter-here") == true)
    }
}
