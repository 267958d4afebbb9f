import Findings
import GRDB

/// The counts of a filing that have names.
struct CountStore {
    let database: Database

    private enum Kind {
        static let recordType: Int64 = 1
        static let findingCode: Int64 = 2
        static let findingSeverity: Int64 = 3
    }

    struct Counts {
        var recordsByType: [String: Int] = [:]
        var findingCodes: [String: Int] = [:]
        var findingSeverities: [Severity: Int] = [:]

        fileprivate mutating func add(kind: Int64, name: String, number: Int) {
            switch kind {
            case Kind.recordType: recordsByType[name] = number
            case Kind.findingCode: findingCodes[name] = number
            default: if let severity = Severity(rawValue: name) { findingSeverities[severity] = number }
            }
        }
    }

    func insert(_ filing: FilingSummary) throws {
        for (type, number) in filing.counts.recordsByType {
            try insert(filing.number, Kind.recordType, type, number)
        }
        for (code, number) in filing.findingCodes { try insert(filing.number, Kind.findingCode, code, number) }
        for (severity, number) in filing.findingSeverities {
            try insert(filing.number, Kind.findingSeverity, severity.rawValue, number)
        }
        for (index, total) in filing.counts.controlTotals.enumerated() {
            try database.run(
                "INSERT INTO control_total VALUES (?, ?, ?, ?, ?, ?)",
                [filing.number, index, total.statement, total.expected, total.actual, total.isExact])
        }
    }

    func counts(of filing: Int64) throws -> Counts {
        try collect("SELECT kind, name, number FROM filing_count WHERE filing = ?", [filing])
    }

    /// Over all filings; records of rejected ones are left out.
    func allCounts() throws -> Counts {
        try collect(
            """
            SELECT c.kind, c.name, sum(c.number) FROM filing_count c JOIN filing f ON f.number = c.filing
            WHERE c.kind <> \(Kind.recordType) OR f.outcome <> 3 GROUP BY c.kind, c.name
            """)
    }

    func controlTotals(of filing: Int64) throws -> [ControlTotalResult] {
        try database.rows(
            "SELECT statement, expected, actual, is_exact FROM control_total WHERE filing = ? ORDER BY number", [filing]
        ).map { ControlTotalResult(statement: $0[0], expected: $0[1], actual: $0[2], isExact: $0[3]) }
    }

    private func insert(_ filing: Int64, _ kind: Int64, _ name: String, _ number: Int) throws {
        try database.run("INSERT INTO filing_count VALUES (?, ?, ?, ?)", [filing, kind, name, number])
    }

    private func collect(_ sql: String, _ arguments: StatementArguments = []) throws -> Counts {
        var counts = Counts()
        for row in try database.rows(sql, arguments) { counts.add(kind: row[0], name: row[1], number: row[2]) }
        return counts
    }
}
