import Findings
import GRDB

/// The findings of filings, as rows.
struct FindingStore {
    let database: Database

    func insert(_ findings: [Finding], of filing: Int64) throws {
        for (index, finding) in findings.enumerated() {
            try database.run(
                "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    filing, index, finding.code, finding.severity.rawValue, finding.place?.line, finding.place?.column,
                    finding.place?.offset, finding.row, finding.field, finding.value, finding.message.chinese,
                    finding.message.english,
                ])
        }
    }

    func findings(of identity: FilingIdentity, limit: Int) throws -> JournaledFindings {
        guard let number = try FilingStore(database: database).number(of: identity) else {
            return JournaledFindings(findings: [], counts: [:])
        }
        let rows = try database.rows(
            """
            SELECT code, severity, line, column, offset, row, field, value, chinese, english
            FROM finding WHERE filing = ? ORDER BY number LIMIT ?
            """,
            [number, limit])
        return JournaledFindings(
            findings: try rows.map(finding),
            counts: try CountStore(database: database).counts(of: number).findingCodes)
    }

    private func finding(_ row: Row) throws -> Finding {
        guard let severity = Severity(rawValue: row[1]) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        var place: SourcePlace?
        if let line: Int = row[2], let column: Int = row[3], let offset: Int = row[4] {
            place = SourcePlace(line: line, column: column, offset: offset)
        }
        let kind = FindingKind(row[0], severity, chinese: row[8], english: row[9])
        return Finding(kind, at: place, row: row[5], field: row[6], value: row[7])
    }
}
