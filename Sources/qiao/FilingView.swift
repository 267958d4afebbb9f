import Findings
import Foundation
import Inbound
import Journal

/// A filing for machines.
struct FilingView: Encodable {
    struct Event: Encodable {
        var at: Date
        var kind: String
        var detail: String
    }

    struct ControlTotal: Encodable {
        var statement: String
        var declared: Int64?
        var isAtLeast: Bool
        var found: Int64
        var agrees: Bool
    }

    var id: String
    var source: String
    var name: String
    var size: Int64
    var outcome: String
    var mapping: String?
    var mappingVersion: String?
    var encoding: String?
    var receivedAt: Date
    var attempts: Int
    var duplicates: Int
    var rowsRead: Int
    var rowsConverted: Int
    var rowsSetAside: Int
    var rowsSkipped: Int
    var records: [String: Int]
    var new: Int
    var changed: Int
    var unchanged: Int
    var deleted: Int
    var controlTotals: [ControlTotal]
    var findingCodes: [String: Int]
    var reconciles: Bool
    var events: [Event]?
    var findings: [Finding]?

    init(_ filing: FilingSummary, events: [FilingEvent]? = nil, findings: [Finding]? = nil) {
        id = filing.identity.hex
        source = filing.identity.source
        name = FileName(bytes: filing.name)?.displayed ?? ""
        size = filing.size
        outcome = filing.outcome.rawValue
        mapping = filing.mapping?.id
        mappingVersion = filing.mapping?.version
        encoding = filing.encoding
        receivedAt = filing.receivedAt
        attempts = filing.attempts
        duplicates = filing.duplicates
        rowsRead = filing.counts.rowsRead
        rowsConverted = filing.counts.rowsConverted
        rowsSetAside = filing.counts.rowsSetAside
        rowsSkipped = filing.counts.rowsSkipped
        records = filing.counts.recordsByType
        new = filing.changes.new
        changed = filing.changes.changed
        unchanged = filing.changes.unchanged
        deleted = filing.changes.deleted
        controlTotals = filing.counts.controlTotals.map {
            ControlTotal(
                statement: $0.statement, declared: $0.expected, isAtLeast: !$0.isExact, found: $0.actual,
                agrees: $0.holds)
        }
        findingCodes = filing.findingCodes
        reconciles = filing.reconciles
        self.events = events?.map { Event(at: $0.at, kind: $0.kind.rawValue, detail: $0.detail) }
        self.findings = findings
    }
}

/// A filing for people.
struct FilingText {
    private let filing: FilingSummary
    private let events: [FilingEvent]
    private let findings: JournaledFindings

    init(_ filing: FilingSummary, events: [FilingEvent], findings: JournaledFindings) {
        self.filing = filing
        self.events = events
        self.findings = findings
    }

    var text: String {
        ([head, counts] + [controls, happened, found].filter { !$0.isEmpty }).joined(separator: "\n\n")
    }

    private var head: String {
        let view = FilingView(filing)
        return """
            filing    \(view.id)
            source    \(view.source)
            name      \(view.name)
            size      \(view.size) bytes, \(view.encoding ?? "-")
            mapping   \(view.mapping.map { "\($0) (version \(view.mappingVersion ?? "-"))" } ?? "none")
            received  \(Moment.text(view.receivedAt))
            outcome   \(view.outcome)\(view.duplicates > 0 ? ", filed again \(view.duplicates) times" : "")
            """
    }

    private var counts: String {
        let rows = filing.counts
        let changes = filing.changes
        let types = rows.recordsByType.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(
            separator: ", ")
        return """
            rows read \(rows.rowsRead) = converted \(rows.rowsConverted) + set aside \(rows.rowsSetAside) + skipped \(rows.rowsSkipped)
            records \(rows.records)\(types.isEmpty ? "" : " (\(types))") = new \(changes.new) + changed \(changes.changed) + unchanged \(changes.unchanged); deleted \(changes.deleted)
            \(filing.reconciles ? "counts reconcile" : "ALARM: counts do not reconcile")
            """
    }

    private var controls: String {
        filing.counts.controlTotals.map { total in
            let declared = total.expected.map { "\(total.isExact ? "" : "at least ")\($0)" } ?? "nothing"
            return
                "control total \(total.statement): declared \(declared), found \(total.actual), \(total.holds ? "agrees" : "DIFFERS")"
        }.joined(separator: "\n")
    }

    private var happened: String {
        events.map { "\(Moment.text($0.at))  \($0.kind.rawValue)\($0.detail.isEmpty ? "" : "  \($0.detail)")" }
            .joined(separator: "\n")
    }

    private var found: String {
        guard !findings.counts.isEmpty else { return "" }
        var table = Table(["SEVERITY", "CODE", "ROW", "PLACE", "FIELD", "VALUE", "MESSAGE"])
        for finding in findings.findings {
            table.add([
                finding.severity.rawValue, finding.code, finding.row.map(String.init) ?? "-",
                finding.place.map(\.description) ?? "-", finding.field ?? "-", finding.value ?? "-",
                finding.message.english,
            ])
        }
        let counts = findings.counts.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(
            separator: ", ")
        return "findings: \(counts)\n\(table.text)"
    }
}
