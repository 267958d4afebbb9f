import ArgumentParser
import Foundation
import Gateway
import Inbound
import Journal

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows how a gateway is doing: sources, routes, and whether the counts reconcile.",
        discussion: """
            EXAMPLES
              qiao status --config /etc/qiao/qiao.yaml
              qiao status --json | jq .routes
            """)

    @OptionGroup var options: ConfigurationOptions
    @Flag(help: "Prints one JSON object.") var json = false

    func run() async throws {
        let settings = try await options.settings()
        let journal = try await options.journal(settings)
        let report = StatusReport(
            process: settings.runningProcess, status: try await journal.status(), totals: try await journal.totals(),
            kept: KeptReport(settings, held: try await settings.heldRecords(in: journal, at: Date())),
            waiting: settings.sources.map { ($0.name, try? WaitingFiles(in: $0.inbound)) },
            routes: Set(settings.routes.map(\.name)))
        if json {
            Terminal.print(try report.json())
        } else {
            Terminal.print(report.text)
        }
        if !report.reconciles { throw ExitCode(Outcome.rejected.rawValue) }
    }
}

/// What `qiao status` says.
struct StatusReport {
    let process: Int32?
    let status: JournalStatus
    let totals: JournalTotals
    let kept: KeptReport
    /// What waits in each inbound folder; nil where the folder cannot be read.
    let waiting: [(source: String, files: WaitingFiles?)]
    /// The routes of the settings. The journal remembers others, which stand still.
    let routes: Set<String>

    /// Whether all counts agree: rows with records, records with positions, routes with their outcomes.
    var reconciles: Bool {
        totals.reconciles && status.routes.allSatisfy(\.cursor.reconciles)
    }

    var text: String {
        let state = process.map { "running (process \($0))" } ?? "not running"
        var parts = ["gateway: \(state), journal version \(status.version), \(records) records"]
        parts += [sourceTable.text, routeTable.text, kept.text(status)]
        if status.receiptsDue > 0 {
            parts.append("receipts that are still to be written: \(status.receiptsDue); if they stay, the log says why")
        }
        parts.append(reconciliation)
        return parts.joined(separator: "\n\n")
    }

    private var records: Int64 { status.lastPosition - Int64(totals.replayed) }

    private var sourceTable: Table {
        var table = Table([
            "SOURCE", "ACCEPTED", "WITH FINDINGS", "REJECTED", "DUPLICATES", "RECORDS", "WAITING", "LAST SUCCESS",
        ])
        for name in Set(waiting.map(\.source)).union(status.sources.map(\.source)).sorted() {
            let source = status.sources.first { $0.source == name }
            let files = waiting.first { $0.source == name }.flatMap(\.files)
            table.add([
                name, "\(source?.filings[.accepted] ?? 0)", "\(source?.filings[.acceptedWithFindings] ?? 0)",
                "\(source?.quarantined ?? 0)", "\(source?.duplicates ?? 0)", "\(source?.records ?? 0)",
                files.map { $0.count == 0 ? "0" : "\($0.count), oldest \(Moment.text($0.oldestDate))" } ?? "-",
                Moment.text(source?.lastSuccessAt),
            ])
        }
        return table
    }

    private var routeTable: Table {
        var table = Table(["ROUTE", "STATE", "SINCE", "BEHIND", "SELECTED", "ACKED", "DEAD LETTERS", "WHY"])
        for route in status.routes {
            let cursor = route.cursor
            table.add([
                cursor.route, cursor.state.condition.rawValue, Moment.text(cursor.since), "\(route.behind)",
                "\(cursor.selected)", "\(cursor.acked)", Self.deadLetters(route),
                why(cursor) ?? "-",
            ])
        }
        return table
    }

    private func why(_ cursor: RouteCursor) -> String? {
        guard routes.contains(cursor.route) else { return "not in the settings" }
        return cursor.state.reason.isEmpty ? nil : cursor.state.reason
    }

    private static func deadLetters(_ route: RouteStatus) -> String {
        let count = route.cursor.deadLetters
        return count == 0 ? "0" : "\(count), \(route.openDeadLetters) open"
    }

    private var reconciliation: String {
        let rows = totals.rows
        var lines = [
            "rows read \(rows.rowsRead) = converted \(rows.rowsConverted) + set aside \(rows.rowsSetAside) + skipped \(rows.rowsSkipped)",
            "records \(totals.changes.handedIn) = new \(totals.changes.new) + changed \(totals.changes.changed) + unchanged \(totals.changes.unchanged); deleted \(totals.changes.deleted)",
        ]
        if totals.replayed > 0 {
            lines.append(
                "positions \(totals.lastPosition) = records \(totals.changes.journaled) + sent again \(totals.replayed)"
            )
        }
        for route in status.routes {
            let cursor = route.cursor
            lines.append(
                "route \(cursor.route): selected \(cursor.selected) = acked \(cursor.acked) + dead letters \(cursor.deadLetters)"
            )
        }
        lines.append(reconciles ? "all counts reconcile" : "ALARM: counts do not reconcile")
        lines += totals.unreconciled.map { "  filing \($0)" }
        return lines.joined(separator: "\n")
    }

    func json() throws -> String {
        struct Source: Encodable {
            var name: String
            var accepted, withFindings, rejected, duplicates, records: Int
            var waiting: Int?
            var oldestWaiting, lastSuccess: Date?
        }
        struct Route: Encodable {
            var name, state, why: String
            var since: Date
            var behind: Int64
            var selected, acked, deadLetters, openDeadLetters: Int
            var reconciles: Bool
        }
        struct Report: Encodable {
            var process: Int32?
            var journalVersion: Int
            var records: Int64
            var sources: [Source]
            var routes: [Route]
            var kept: KeptReport.View
            var receiptsDue: Int
            var rowsRead, rowsConverted, rowsSetAside, rowsSkipped: Int
            var reconciles: Bool
        }
        let sources = waiting.map { name, files in
            let source = status.sources.first { $0.source == name }
            return Source(
                name: name, accepted: source?.filings[.accepted] ?? 0,
                withFindings: source?.filings[.acceptedWithFindings] ?? 0, rejected: source?.quarantined ?? 0,
                duplicates: source?.duplicates ?? 0, records: source?.records ?? 0, waiting: files?.count,
                oldestWaiting: files?.oldestDate, lastSuccess: source?.lastSuccessAt)
        }
        let routes = status.routes.map { route in
            Route(
                name: route.cursor.route, state: route.cursor.state.condition.rawValue, why: why(route.cursor) ?? "",
                since: route.cursor.since, behind: route.behind, selected: route.cursor.selected,
                acked: route.cursor.acked, deadLetters: route.cursor.deadLetters,
                openDeadLetters: route.openDeadLetters, reconciles: route.cursor.reconciles)
        }
        return try JSONOutput.line(
            Report(
                process: process, journalVersion: status.version, records: records, sources: sources,
                routes: routes, kept: kept.view(status), receiptsDue: status.receiptsDue,
                rowsRead: totals.rows.rowsRead, rowsConverted: totals.rows.rowsConverted,
                rowsSetAside: totals.rows.rowsSetAside, rowsSkipped: totals.rows.rowsSkipped, reconciles: reconciles))
    }
}

/// Moments as people read them.
enum Moment {
    static func text(_ date: Date?) -> String {
        date.map { $0.formatted(.iso8601.dateTimeSeparator(.space)) } ?? "-"
    }
}

/// JSON for machines: one line, keys in order, dates in ISO 8601.
enum JSONOutput {
    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// The same, with one more member, which is JSON already, at the end.
    static func line(_ value: some Encodable, with json: String, as name: String) throws -> String {
        try line(value).dropLast() + ",\"\(name)\":\(json)}"
    }
}

extension WaitingFiles {
    fileprivate var oldestDate: Date? { oldest.map { Date(timeIntervalSince1970: Double($0) / 1e9) } }
}
