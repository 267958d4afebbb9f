import Foundation
import Journal
import Testing

/// The real binary that lets go of what is delivered: killed at random moments, and looked at from outside.
@Suite(.serialized, .timeLimit(.minutes(10))) struct RetentionTests {
    private let folder: TemporaryFolder
    private var setup: Setup

    init() throws {
        folder = try TemporaryFolder()
        setup = try Setup(folder)
        setup.extra = "retention: { records: 1ms, archive: 1ms }"
    }

    private var config: String { folder.url.appending(path: "qiao.yaml").path }
    private var state: URL { folder.url.appending(path: "state") }

    private func journal() async throws -> Journal {
        try await Journal.open(path: state.path + "/journal.sqlite", options: JournalOptions(access: .reader))
    }

    private func areDelivered(_ filings: Int) async throws -> Bool {
        let status = try await journal().status()
        return status.sources.reduce(0) { $0 + ($1.filings[.accepted] ?? 0) } == filings && status.receiptsDue == 0
            && status.routes.allSatisfy { $0.behind == 0 }
    }

    /// What was delivered in one run is removed at the start of the next one, which is killed meanwhile.
    @Test func nothingIsLostWhileItIsKilled() async throws {
        var random = SplitMix64(seed: 9)
        var filed: [String] = []
        var files = 0
        for round in 0..<16 {
            let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
            if round.isMultiple(of: 2) {
                try await gateway.ready()
                let big = (0..<5000).map { "r\(round)-b\($0)" }
                let small = (0..<20).map { "r\(round)-s\($0)" }
                try setup.drop(Forms.cases(big), as: "big-\(round).xml", into: "cases")
                try setup.drop(Forms.cases(small), as: "small-\(round).xml", into: "cases")
                filed += big + small
                files += 2
                if round < 12 { try await eventually("delivered") { try await areDelivered(files) } }
            } else {
                // While it looks for what to remove.
                try await gateway.waitFor("Journal is open")
            }
            await spin(for: .microseconds(Int.random(in: 0...40_000, using: &random)))
            try await gateway.end(SIGKILL)
        }
        let settled = try await RunningGateway(in: folder, settings: setup.yaml)
        try await settled.ready()
        try await eventually("delivered") { try await areDelivered(files) }
        #expect(try await settled.end() == 0)
        let last = try await RunningGateway(in: folder, settings: setup.yaml)
        try await last.ready()
        try await eventually("all records have left") {
            try await journal().status().prunedThrough == journal().lastPosition
        }
        #expect(try await last.end() == 0)
        let numbers = setup.exportedLines.compactMap { line in
            line.firstRange(of: "\"number\":\"").map { line[$0.upperBound...].prefix { $0 != "\"" } }
        }.map(String.init)
        #expect(numbers.count == filed.count, "the exporter has each record once")
        #expect(Set(numbers) == Set(filed))
        #expect(state.appending(path: "journal.sqlite-chunks").entries.isEmpty, "files of big filings are gone")
        #expect(try await journal().totals().reconciles)
    }

    @Test func whatHasLeftIsStillKnownAndShown() async throws {
        let first = try await RunningGateway(in: folder, settings: setup.yaml)
        try await first.ready()
        try setup.drop(Forms.cases(["a", "b"]), as: "one.xml", into: "cases")
        try await eventually("delivered") { try await areDelivered(1) }
        #expect(try await first.end() == 0)
        // As if it had been filed long ago.
        let archive = state.appending(path: "archive/cases")
        let day = try #require(archive.entries.first)
        let old = archive.appending(path: "2020-01-01")
        try FileManager.default.moveItem(at: archive.appending(path: day), to: old)
        let second = try await RunningGateway(in: folder, settings: setup.yaml)
        try await second.waitFor("Originals whose retention has ended are removed")
        try await second.waitFor("Records whose retention has ended are removed")
        #expect(archive.entries.isEmpty)
        try await second.ready()
        try setup.drop(Forms.cases(["a", "b"]), as: "again.xml", into: "cases")
        try await eventually("the same bytes are a duplicate") { setup.receipts("cases").count == 2 }
        #expect(try setup.receiptText("cases", named: "again").contains("duplicate"))
        let status = try await qiao("status", "--config", config)
        #expect(status.exitCode == 0)
        let text = String(decoding: status.output, as: UTF8.self)
        #expect(text.contains("KEPT"))
        #expect(text.contains("position 3"))
        let id = try #require(try await journal().filings().first?.identity.hex)
        let shown = try await qiao("filing", id, "--config", config)
        #expect(String(decoding: shown.output, as: UTF8.self).contains("pruned"))
        #expect(try await second.end() == 0)
        #expect(setup.exportedLines.count == 2)
    }

    @Test func statusTellsWhatHoldsItBack() async throws {
        var setup = setup
        setup.extra = ""
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try setup.drop(Forms.cases(["a"]), as: "one.xml", into: "cases")
        try await eventually("delivered") { try await areDelivered(1) }
        #expect(try await gateway.end() == 0)
        for (extra, isTold) in [
            ("", false), ("retention: { records: 1ms }", true), ("retention: { records: 9d }", false),
        ] {
            setup.extra = extra
            let routes = "routes:\n  new: { exporter: [cat] }"
            try folder.write(setup.yaml.replacing("routes:", with: routes), to: "qiao.yaml")
            let text = try await qiao("status", "--config", config)
            let told = "route new has not got all of them yet; see to its exporter"
            #expect(text.exitCode == 0)
            #expect(String(decoding: text.output, as: UTF8.self).contains(told) == isTold)
            let json = try await qiao("status", "--json", "--config", config)
            let report = try JSONDecoder().decode(KeptStatus.self, from: json.output)
            #expect(report.kept.held?.route == (isTold ? "new" : nil))
            #expect(report.kept.held?.why == (isTold ? told : nil))
        }
    }

    private struct KeptStatus: Decodable {
        struct Held: Decodable { var route, why: String }
        struct Kept: Decodable { var held: Held? }
        var kept: Kept
    }

    // Busy waiting: the killing must fall at any microsecond, which no event marks.
    private func spin(for duration: Duration) async {
        let clock = ContinuousClock()
        let end = clock.now + duration
        while clock.now < end { await Task.yield() }
    }
}
