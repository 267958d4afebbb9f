import Foundation
import Glibc
import Testing

/// Exporters that misbehave: the gateway recovers or parks the route, and says which.
@Suite struct ExporterTests {
    struct Misdeed: Sendable, CustomTestStringConvertible {
        var name: String
        var command: @Sendable (String) -> String
        var words: String
        var testDescription: String { name }
    }

    static let misdeeds: [Misdeed] = [
        Misdeed(name: "exits at once", command: { _ in "[/bin/true]" }, words: "failed"),
        Misdeed(name: "is no program", command: { _ in "[/nowhere/to/be/found]" }, words: "not-started"),
        Misdeed(
            name: "answers garbage", command: { _ in "[/bin/sh, -c, 'yes nonsense']" },
            words: "garbage"),
        Misdeed(
            name: "never reads and never answers", command: { _ in "[/bin/sleep, '600']" }, words: "handshake-timeout"),
    ]

    /// Whatever the exporter does, the route says so, filings are answered, and the gateway stops cleanly.
    @Test(.timeLimit(.minutes(3)), arguments: misdeeds)
    func aBadExporterHoldsUpNobodyElse(misdeed: Misdeed) async throws {
        let folder = try TemporaryFolder()
        var setup = try Setup(folder, exporter: misdeed.command(folder.url.path))
        setup.route = """
            on-reject: dead-letter
            """
        setup.extra = ""
        let good = """
              good:
                exporter: [qiao-export-jsonl, --output, \(folder.url.path)/out/good.jsonl]
            """
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml + "\n" + good + "\n")
        try await gateway.ready()
        try setup.drop(Forms.cases(["1", "2", "3"]), as: "cases.xml", into: "cases")
        try await eventually("the filing is answered") { setup.receipts("cases").count == 1 }
        try await eventually("the good route delivers") {
            folder.url.appending(path: "out/good.jsonl").endedLines.count == 3
        }
        try await gateway.waitFor(misdeed.words, within: .seconds(60))
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(3)))
    func aKilledExporterIsStartedAgainAndLosesNothing() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        var expected = 0
        for round in 0..<5 {
            try setup.drop(Forms.cases((0..<200).map { "\(round)-\($0)" }), as: "cases-\(round).xml", into: "cases")
            expected += 200
            for child in try childIdentifiers(of: gateway.identifier) { kill(child, SIGKILL) }
            try await eventually("round \(round) is delivered, once") { setup.exportedLines.count == expected }
        }
        #expect(Set(setup.exportedLines).count == expected)
        #expect(try await gateway.end() == 0)
    }

    @Test(.timeLimit(.minutes(4)))
    func noExporterOutlivesAGatewayThatIsKilled() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder, exporter: "[/bin/sh, -c, 'trap \"\" TERM; sleep 600']")
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        var children: [Int32] = []
        try await eventually("the exporter runs") {
            children = try childIdentifiers(of: gateway.identifier)
            return !children.isEmpty
        }
        try await gateway.end(SIGKILL)
        try await eventually("the exporter is gone") { children.allSatisfy { kill($0, 0) != 0 || isZombie($0) } }
    }

    private func childIdentifiers(of parent: Int32) throws -> [Int32] {
        let text = (try? String(contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8)) ?? ""
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(parent)/task")) ?? []
        let all = tasks.map {
            (try? String(contentsOfFile: "/proc/\(parent)/task/\($0)/children", encoding: .utf8)) ?? ""
        }
        return ([text] + all).joined(separator: " ").split(whereSeparator: { !$0.isNumber }).compactMap { Int32($0) }
    }

    private func isZombie(_ process: Int32) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        return status.split(separator: ")").last?.hasPrefix(" Z") ?? true
    }
}
