import Foundation
import Journal
import Testing

/// The real binary, killed with SIGKILL at random moments while files are dropped, again and again.
@Suite(.serialized) struct CrashTests {
    static let rounds = 50

    @Test(.timeLimit(.minutes(10)))
    func nothingIsLostAndNothingComesTwice() async throws {
        let folder = try TemporaryFolder()
        let setup = try Setup(folder)
        var random = SplitMix64(seed: 20_261_121)
        var filed: [String] = []
        for round in 0..<Self.rounds {
            let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
            try await gateway.ready()
            // The moment of death: after some files, with more work under way than can be done by then.
            let files = Int.random(in: 1...12, using: &random)
            for file in 0..<files {
                let ids = (0..<Int.random(in: 1...40, using: &random)).map { "r\(round)-f\(file)-c\($0)" }
                try setup.drop(Forms.cases(ids), as: "cases-\(round)-\(file).xml", into: "cases")
                filed += ids
            }
            await spin(for: .microseconds(Int.random(in: 0...60_000, using: &random)))
            try await gateway.end(SIGKILL)
        }
        try await settle(folder, setup)
        try await checkInvariants(setup, filed: filed)
    }

    // The last run is left in peace until everything has been answered and delivered.
    private func settle(_ folder: TemporaryFolder, _ setup: Setup) async throws {
        let gateway = try await RunningGateway(in: folder, settings: setup.yaml)
        try await gateway.ready()
        try await eventually("all filings are answered and delivered") {
            let result = try await qiao("status", "--config", folder.url.appending(path: "qiao.yaml").path, "--json")
            guard let status = try? JSONDecoder().decode(Status.self, from: result.output) else { return false }
            return setup.root.appending(path: "inbound/cases").entries.isEmpty && status.isSettled
                && setup.root.appending(path: "inbound/cases/.qiao/work").entries == ["attempts"]
        }
        #expect(try await gateway.end() == 0)
    }

    private func checkInvariants(_ setup: Setup, filed: [String]) async throws {
        let journal = try await Journal.open(
            path: setup.root.path + "/state/journal.sqlite", options: JournalOptions(access: .reader))
        let filings = try await journal.filings(FilingQuery(limit: 100_000))
        // 2: each good record of an accepted filing exactly once.
        var numbers: [String] = []
        var position: Int64 = 0
        while let chunk = try await journal.chunks(after: position, limitBytes: 1 << 20).first {
            numbers += caseNumbers(in: chunk.bytes)
            position = chunk.lastPosition
        }
        #expect(numbers.count == filed.count, "records in the journal")
        #expect(Set(numbers) == Set(filed), "nothing lost, nothing invented")
        let allAreAccepted = filings.allSatisfy { $0.outcome == .accepted && $0.reconciles }
        #expect(allAreAccepted)
        // 1: the bytes of every filing are in the archive.
        let archived =
            FileManager.default.enumerator(atPath: setup.root.path + "/state/archive")?
            .compactMap { ($0 as? String).flatMap { $0.hasSuffix(".xml") ? $0 : nil } } ?? []
        #expect(archived.count == filings.count, "originals in the archive")
        // 3: the exporter stores its position with the data, so it has every record exactly once and in order.
        let exported = setup.exportedLines.compactMap { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]).flatMap(exportedNumber)
        }
        #expect(exported == numbers, "the exporter's lines, in order")
        // 4: one receipt for each filing.
        #expect(setup.receipts("cases").count == filings.count, "receipts")
        let status = try await journal.status()
        #expect(status.receiptsDue == 0)
        let routesReconcile = status.routes.allSatisfy(\.cursor.reconciles)
        #expect(routesReconcile)
        #expect(try await journal.totals().reconciles)
    }

    private func exportedNumber(_ object: [String: Any]) -> String? {
        let record = object["record"] as? [String: Any] ?? object
        return (record["case"] as? [String: Any])?["number"] as? String
    }

    // Busy waiting: the killing must fall at any microsecond, which no event marks.
    private func spin(for duration: Duration) async {
        let clock = ContinuousClock()
        let end = clock.now + duration
        while clock.now < end { await Task.yield() }
    }

    private struct Status: Decodable {
        struct Route: Decodable { var behind: Int64 }
        struct Source: Decodable { var waiting: Int }
        var routes: [Route]
        var sources: [Source]
        var isSettled: Bool { routes.allSatisfy { $0.behind == 0 } && sources.allSatisfy { $0.waiting == 0 } }
    }
}

/// A small generator with a seed, so that a failing run can be had again.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
