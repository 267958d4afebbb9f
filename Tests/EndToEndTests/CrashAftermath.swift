import Foundation
import Journal
import Testing

/// What must be so once a gateway that was killed has been left in peace: the invariants of the journal, seen from outside.
struct CrashAftermath {
    let folder: TemporaryFolder
    let settings: String
    let source: String

    private var root: URL { folder.url }

    /// A run that is left in peace until everything has been answered and delivered.
    func settle() async throws {
        let gateway = try await RunningGateway(in: folder, settings: settings)
        try await gateway.ready()
        try await waitUntilSettled()
        if try await retriesUnlucky() { try await waitUntilSettled() }
        #expect(try await gateway.end() == 0)
    }

    private func waitUntilSettled() async throws {
        try await eventually("all filings are answered and delivered") {
            // Folders first: what leaves them is in the journal by then, so that a status read later counts it.
            let inbound = root.appending(path: "inbound/\(source)")
            guard inbound.entries.isEmpty, inbound.appending(path: ".qiao/work").entries == ["attempts"] else {
                return false
            }
            let result = try await qiao("status", "--config", config, "--json")
            return (try? JSONDecoder().decode(Status.self, from: result.output))?.isSettled == true
        }
    }

    // On a busy machine a filing can be under way in five killed processes in a row; then it is quarantined as what may have
    // killed them, and someone has to ask for it. Nothing else may be rejected here.
    private func retriesUnlucky() async throws -> Bool {
        let journal = try await openJournal()
        let rejected = try await journal.filings(FilingQuery(limit: 100_000, outcome: .rejected))
        for filing in rejected {
            let findings = try await journal.findings(of: filing.identity)
            #expect(findings.counts == ["filing.crashed": 1])
            #expect(try await qiao("retry", filing.identity.hex, "--config", config).exitCode == 0)
        }
        guard !rejected.isEmpty else { return false }
        try await eventually("they are taken up again") {
            try await journal.filings(FilingQuery(limit: 1, outcome: .rejected)).isEmpty
        }
        return true
    }

    private var config: String { root.appending(path: "qiao.yaml").path }

    private func openJournal() async throws -> Journal {
        try await Journal.open(path: root.path + "/state/journal.sqlite", options: JournalOptions(access: .reader))
    }

    /// Holds what there is against what was filed, one record for each id.
    func check(filed: [String], documents suffix: String = ".xml") async throws {
        let journal = try await openJournal()
        let filings = try await journal.filings(FilingQuery(limit: 100_000))
        // 2: each good record of an accepted filing exactly once.
        var numbers: [String] = []
        var position: Int64 = 0
        while let chunk = try await journal.chunks(after: position, limitBytes: 1 << 20).first {
            numbers += caseNumbers(in: chunk.bytes)
            position = chunk.lastPosition
        }
        #expect(numbers.count == filed.count, "records in the journal")
        let strays = Set(numbers).symmetricDifference(filed)
        #expect(strays.isEmpty, "nothing lost, nothing invented")
        let allAreAccepted = filings.allSatisfy { $0.outcome == .accepted && $0.reconciles }
        #expect(allAreAccepted)
        // 1: the bytes of every filing are in the archive.
        #expect(archived(suffix).count == filings.count, "originals in the archive")
        // 3: the exporter stores its position with the data, so it has every record exactly once and in order.
        let exported = exportedLines.compactMap { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]).flatMap(exportedNumber)
        }
        #expect(exported.count == numbers.count, "the exporter's lines")
        let firstOther = zip(exported, numbers).first { $0 != $1 }.map { "\($0) where \($1) is next" }
        #expect(firstOther == nil, "the exporter's lines, in order")
        // 4: one receipt for each filing.
        let receipts = root.appending(path: "receipts/\(source)").entries.filter { $0.hasSuffix(".receipt.xml") }
        #expect(receipts.count == filings.count, "receipts")
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

    /// The files of the archive whose names end so.
    func archived(_ suffix: String) -> [String] {
        FileManager.default.enumerator(atPath: root.path + "/state/archive")?
            .compactMap { ($0 as? String).flatMap { $0.hasSuffix(suffix) ? $0 : nil } } ?? []
    }

    private var exportedLines: [String] { root.appending(path: "out/records.jsonl").endedLines }

    private struct Status: Decodable {
        struct Route: Decodable { var behind: Int64 }
        struct Source: Decodable { var waiting: Int }
        var routes: [Route]
        var sources: [Source]
        var isSettled: Bool { routes.allSatisfy { $0.behind == 0 } && sources.allSatisfy { $0.waiting == 0 } }
    }
}
