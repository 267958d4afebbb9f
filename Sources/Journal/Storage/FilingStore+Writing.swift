import Findings
import FoundationEssentials
import GRDB

extension FilingStore {
    /// Writes a filing's row, new or in place of the one it had when it was rejected, with everything that hangs on it.
    func write(_ summary: FilingSummary, of filing: JournaledFiling, source: Int64, batch: Int64?) throws {
        if summary.attempts > 1 { try removeDetails(of: summary.number) }
        try writeRow(summary, source: source, batch: batch)
        let counts = CountStore(database: database)
        try counts.insert(summary)
        try FindingStore(database: database).insert(filing.findings.findings, of: summary.number)
        try EventStore(database: database).append(filing.events, to: summary.number)
        if let verdict = filing.verdict {
            try VerdictStore(database: database).set(verdict, of: summary.number, at: summary.journaledAt)
        } else if summary.attempts > 1 {
            try VerdictStore(database: database).remove(of: summary.number)
        }
    }

    private func removeDetails(of number: Int64) throws {
        for table in ["filing_count", "control_total", "finding"] {
            try database.run("DELETE FROM \(table) WHERE filing = ?", [number])
        }
    }

    private func writeRow(_ summary: FilingSummary, source: Int64, batch: Int64?) throws {
        let changes = summary.changes
        let identity: StatementArguments = [
            summary.number, source, Data(summary.identity.digest.bytes), Data(summary.name), summary.size,
            summary.mapping?.id, summary.mapping?.version, summary.encoding, summary.receivedAt.microseconds,
            summary.journaledAt.microseconds, summary.outcome.column, summary.attempts, summary.duplicates,
        ]
        let numbers: StatementArguments = [
            summary.counts.rowsRead, summary.counts.rowsConverted, summary.counts.rowsSetAside,
            summary.counts.rowsSkipped, changes.new, changes.changed, changes.unchanged, changes.deleted,
            changes.repeatedKeys, batch, summary.positions?.lowerBound, summary.positions?.upperBound,
        ]
        try database.run(
            """
            INSERT OR REPLACE INTO filing (
                number, source, digest, name, size, mapping, mapping_version, encoding, received_at, journaled_at,
                outcome, attempts, duplicates, rows_read, rows_converted, rows_set_aside, rows_skipped, records_new,
                records_changed, records_unchanged, records_deleted, repeated_keys, batch, first_position, last_position)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            identity + numbers)
    }
}
