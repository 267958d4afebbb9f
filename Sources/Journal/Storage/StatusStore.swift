import FoundationEssentials
import GRDB

/// Numbers over everything.
struct StatusStore {
    let database: Database

    func status() throws -> JournalStatus {
        guard let ledger = try database.row("SELECT last_position, pruned_through FROM ledger") else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        let due = try database.number("SELECT count(*) FROM arrival WHERE receipt_at IS NULL")
        return JournalStatus(
            version: try Migration.storedVersion(in: database), lastPosition: ledger[0], prunedThrough: ledger[1],
            recordsSince: try recordsSince(), reusableBytes: try reusableBytes(), receiptsDue: Int(due ?? 0),
            sources: try sources(), routes: try RouteStore(database: database).statuses())
    }

    private func recordsSince() throws -> Date? {
        try database.number(
            """
            SELECT journaled_at FROM filing WHERE last_position > (SELECT pruned_through FROM ledger)
            ORDER BY last_position LIMIT 1
            """
        ).map(Date.init(microseconds:))
    }

    private func reusableBytes() throws -> Int {
        let pages = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
        return try pages * (Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
    }

    func totals() throws -> JournalTotals {
        guard
            let row = try database.row(
                """
                SELECT coalesce(sum(outcome = 1), 0), coalesce(sum(outcome = 2), 0), coalesce(sum(outcome = 3), 0),
                    coalesce(sum(rows_read) FILTER (WHERE outcome <> 3), 0),
                    coalesce(sum(rows_converted) FILTER (WHERE outcome <> 3), 0),
                    coalesce(sum(rows_set_aside) FILTER (WHERE outcome <> 3), 0),
                    coalesce(sum(rows_skipped) FILTER (WHERE outcome <> 3), 0),
                    coalesce(sum(records_new), 0), coalesce(sum(records_changed), 0),
                    coalesce(sum(records_unchanged), 0), coalesce(sum(records_deleted), 0),
                    coalesce(sum(repeated_keys), 0), (SELECT last_position FROM ledger)
                FROM filing
                """)
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        let counts = try CountStore(database: database).allCounts()
        return JournalTotals(
            filings: [.accepted: row[0], .acceptedWithFindings: row[1], .rejected: row[2]],
            rows: FilingCounts(
                rowsRead: row[3], rowsConverted: row[4], rowsSetAside: row[5], rowsSkipped: row[6],
                recordsByType: counts.recordsByType),
            changes: RecordChanges(
                new: row[7], changed: row[8], unchanged: row[9], deleted: row[10], repeatedKeys: row[11]),
            findingCodes: counts.findingCodes, unreconciled: try unreconciled(),
            replayed: try ReplayStore(database: database).count(), lastPosition: row[12])
    }

    private func sources() throws -> [SourceSummary] {
        try database.rows(
            """
            SELECT name, accepted, accepted_with_findings, rejected, duplicates, records, last_arrival_at,
                last_success_at FROM source ORDER BY name
            """
        ).map { row in
            SourceSummary(
                source: row[0], filings: [.accepted: row[1], .acceptedWithFindings: row[2], .rejected: row[3]],
                duplicates: row[4], records: row[5], lastArrivalAt: (row[6] as Int64?).map(Date.init(microseconds:)),
                lastSuccessAt: (row[7] as Int64?).map(Date.init(microseconds:)))
        }
    }

    // The same rule as FilingSummary.reconciles.
    private func unreconciled() throws -> [FilingIdentity] {
        try database.rows(
            """
            SELECT s.name, f.digest FROM filing f JOIN source s ON s.number = f.source
            WHERE f.outcome <> 3 AND (f.rows_read <> f.rows_converted + f.rows_set_aside + f.rows_skipped
                OR f.records_new + f.records_changed + f.records_unchanged <> (
                    SELECT coalesce(sum(c.number), 0) FROM filing_count c WHERE c.filing = f.number AND c.kind = 1))
            ORDER BY f.number LIMIT ?
            """,
            [Journal.listLimit]
        ).map { FilingIdentity(source: $0[0], digest: try FilingDigest(column: $0[1])) }
    }
}
