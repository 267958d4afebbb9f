import ArgumentParser
import Foundation
import Gateway
import Inbound
import Journal
import Logging
import Mappings

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Takes the samples through the whole gateway, in a temporary folder.",
        discussion: """
            Two sources drop their files, the gateway converts, journals and answers them, and two exporters get the \
            records. Everything stays in the folder that is named at the end.

            EXAMPLES
              qiao demo
              qiao demo --folder /tmp/qiao-demo
            """)

    @OptionGroup var mappingOptions: MappingOptions
    @Option(help: "The folder of the samples. Default: ./samples.") var samples: String?
    @Option(help: "Works in this folder, which must be empty or missing, instead of a temporary one.") var folder:
        String?
    @Flag(help: "Shows the gateway's log.") var verbose = false

    func validate() throws {
        for folder in [samples, folder] { try RawArguments.demandText(folder, for: "The name of a folder") }
    }

    func run() async throws {
        let samples = try samplesFolder()
        let root = try workFolder()
        let settings = DemoSettings(root: root).settings(mappings: mappingOptions.folder)
        let configuration = GatewayConfiguration(settings: settings, mappings: try mappingOptions.load())
        var environment = GatewayEnvironment(logger: logger, notifier: ServiceNotifier(environment: [:]))
        environment.handlesSignals = false
        Terminal.say("The gateway starts in \(root)")
        let gateway = Gateway(configuration, environment: environment, reload: { .broken([]) })
        let (done, finish) = AsyncStream.makeStream(of: Result<DemoSummary, any Error>.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await gateway.run { journal in
                    finish.yield(await Result { try await Self.file(samples, settings, journal) })
                }
                finish.finish()
            }
            for await result in done {
                Terminal.print(try result.get().text(root: root, settings: settings))
                break
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    // Drops the samples as their sources would, and waits until every record has been delivered everywhere.
    private static func file(_ samples: String, _ settings: Settings, _ journal: Journal) async throws -> DemoSummary {
        for (source, name) in DemoSettings.documents {
            guard let inbound = settings.sources.first(where: { $0.name == source })?.inbound else { continue }
            Terminal.say("\(source) files \(name)")
            let part = "\(inbound)/\(name).part"
            try FileManager.default.copyItem(atPath: "\(samples)/yutai/\(name)", toPath: part)
            try FileManager.default.moveItem(atPath: part, toPath: "\(inbound)/\(name)")
        }
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(60)
        while clock.now < deadline {
            let status = try await journal.status()
            let answered = status.sources.reduce(0) { $0 + $1.filings.values.reduce(0, +) }
            let isDelivered =
                status.routes.count == settings.routes.count && status.routes.allSatisfy { $0.behind == 0 }
            if answered >= DemoSettings.documents.count, isDelivered, status.receiptsDue == 0 {
                return try await DemoSummary(journal)
            }
            try await clock.sleep(for: .milliseconds(20))
        }
        throw CommandFailure(
            .internalFault, "The samples were not delivered within a minute; run `qiao demo --verbose` to see why.")
    }

    private func samplesFolder() throws -> String {
        let candidates = samples.map { [$0] } ?? ["samples", Installation.folder("samples")].compactMap { $0 }
        guard let found = candidates.first(where: { FileManager.default.fileExists(atPath: "\($0)/yutai") }) else {
            throw CommandFailure(
                .usage, "There are no samples in \(samples ?? "./samples"); name their folder with --samples.")
        }
        return found
    }

    private func workFolder() throws -> String {
        let files = FileManager.default
        let path =
            folder.map { URL(filePath: $0).path }
            ?? "\(files.temporaryDirectory.path)/qiao-demo-\(UUID().uuidString.prefix(8))"
        var isFolder: ObjCBool = true
        if files.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
            throw CommandFailure(.usage, "\(path) is a file; name a folder that is empty or missing.")
        }
        if let entries = try? files.contentsOfDirectory(atPath: path), !entries.isEmpty {
            throw CommandFailure(.usage, "\(path) is not empty; name another folder.")
        }
        do {
            try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(
                .inputOutput, "The folder \(path) cannot be made: \(error.localizedDescription) Name another one.")
        }
        return path
    }

    private var logger: Logger {
        let level: Logger.Level = verbose ? .debug : .error
        return Logger(label: "qiao") { label in
            LogLine(label: label, level: level, style: .text(colour: Terminal.isErrorTerminal)) { Terminal.say($0) }
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

/// Two sources and two routes under one folder.
struct DemoSettings {
    static let documents = [
        ("yutai-liangzhang", "liangzhang-roster.csv"), ("yutai-yukuaiban", "yukuaiban-cases.xml"),
    ]

    let root: String

    func settings(mappings: String) -> Settings {
        let sources = Self.documents.map { name, _ in
            SourceSettings(
                name: name, inbound: "\(root)/inbound/\(name)", completion: .rename,
                receipts: "\(root)/receipts/\(name)",
                areaCode: "370827")
        }
        let lines = RouteSettings(
            name: "lines", exporter: ["qiao-export-jsonl", "--output", "\(root)/outbound/records.jsonl"])
        var segments = RouteSettings(
            name: "segments", exporter: ["qiao-export-files", "--folder", "\(root)/outbound/segments"])
        segments.sensitive = .hash
        try? FileManager.default.createDirectory(atPath: "\(root)/outbound/segments", withIntermediateDirectories: true)
        return Settings(state: "\(root)/state", mappings: mappings, sources: sources, routes: [lines, segments])
    }
}

/// What the demonstration shows at the end.
struct DemoSummary {
    private let filings: [FilingSummary]
    private let routes: [RouteStatus]
    private let findings: [String: Int]

    init(_ journal: Journal) async throws {
        filings = try await journal.filings().reversed()
        routes = try await journal.routes()
        findings = try await journal.totals().findingCodes
    }

    func text(root: String, settings: Settings) -> String {
        [filingTable, recordTable, findingTable, routeTable, places(root, settings)].joined(separator: "\n\n")
    }

    private var filingTable: String {
        var table = Table([
            "FILING", "SOURCE", "NAME", "OUTCOME", "ROWS", "CONVERTED", "SET ASIDE", "SKIPPED", "CONTROL TOTALS",
        ])
        for filing in filings {
            let counts = filing.counts
            let agree = counts.controlTotals.filter(\.holds).count
            table.add([
                String(filing.identity.hex.prefix(12)), filing.identity.source, FilingView(filing).name,
                filing.outcome.rawValue, "\(counts.rowsRead)", "\(counts.rowsConverted)", "\(counts.rowsSetAside)",
                "\(counts.rowsSkipped)", "\(agree) of \(counts.controlTotals.count) agree",
            ])
        }
        return table.text
    }

    private var recordTable: String {
        var records: [String: Int] = [:]
        for filing in filings { records.merge(filing.counts.recordsByType, uniquingKeysWith: +) }
        var table = Table(["RECORDS", "TYPE"])
        for (type, count) in records.sorted(by: { $0.key < $1.key }) { table.add(["\(count)", type]) }
        return table.text
    }

    private var findingTable: String {
        var table = Table(["FINDINGS", "CODE"])
        for (code, count) in findings.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            table.add(["\(count)", code])
        }
        return table.text
    }

    private var routeTable: String {
        var table = Table(["ROUTE", "SELECTED", "ACKED", "DEAD LETTERS"])
        for route in routes {
            table.add([
                route.cursor.route, "\(route.cursor.selected)", "\(route.cursor.acked)", "\(route.cursor.deadLetters)",
            ])
        }
        return table.text
    }

    private func places(_ root: String, _ settings: Settings) -> String {
        var table = Table(["WHERE", "WHAT"])
        table.add(["\(root)/receipts", "receipts, and findings as tables that Excel opens"])
        table.add(["\(root)/outbound/records.jsonl", "records as JSON lines, sensitive fields masked"])
        table.add(["\(root)/outbound/segments", "records as protobuf segments, sensitive fields hashed"])
        table.add(["\(root)/state/archive", "the originals"])
        table.add([settings.journalPath, "the journal"])
        return table.text
    }
}
