import Findings
import FoundationEssentials
import GRDB

/// Filings as rows.
struct FilingStore {
    let database: Database
    var place = ""

    private static let columns = """
        f.number, s.name, f.digest, f.name, f.size, f.mapping, f.mapping_version, f.encoding, f.received_at,
        f.journaled_at, f.outcome, f.attempts, f.duplicates, f.rows_read, f.rows_converted, f.rows_set_aside,
        f.rows_skipped, f.records_new, f.records_changed, f.records_unchanged, f.records_deleted, f.repeated_keys,
        f.first_position, f.pruned
        """
    private static let select = "SELECT \(columns) FROM filing f JOIN source s ON s.number = f.source"

    func find(_ identity: FilingIdentity) throws -> FilingSummary? {
        try database.row(
            "\(Self.select) WHERE f.digest = ? AND s.name = ?", [Data(identity.digest.bytes), identity.source]
        ).map(summary)
    }

    func find(number: Int64) throws -> FilingSummary? {
        try database.row("\(Self.select) WHERE f.number = ?", [number]).map(summary)
    }

    /// The filing that was committed with a claim, if it is among the last that were.
    func find(claim: String, source: String) throws -> FilingSummary? {
        try database.row(
            """
            \(Self.select) WHERE s.name = ?2 AND f.number = (
                SELECT filing FROM (SELECT filing, claim FROM arrival ORDER BY number DESC LIMIT \(Self.lastArrivals))
                WHERE claim = ?1 LIMIT 1)
            """, [claim, source]
        ).map(summary)
    }

    // Arrivals that are gone through, the newest first: claims are not indexed.
    private static let lastArrivals = 100_000

    /// The number alone: cheap.
    func number(of identity: FilingIdentity) throws -> Int64? {
        try database.number(
            "SELECT f.number FROM filing f JOIN source s ON s.number = f.source WHERE f.digest = ? AND s.name = ?",
            [Data(identity.digest.bytes), identity.source])
    }

    func find(startingWith prefix: String, source: String?) throws -> FilingSummary? {
        guard let (low, high) = Self.bounds(of: prefix) else {
            throw JournalError.unknown(place, "filing whose id begins so: an id has 1 to 64 hexadecimal digits")
        }
        let rows = try database.rows(
            """
            \(Self.select) WHERE f.digest >= ?1 AND f.digest <= ?2 AND (?3 IS NULL OR s.name = ?3)
            ORDER BY f.digest, s.name LIMIT ?4
            """,
            [low, high, source, Journal.listLimit + 1])
        guard rows.count > 1 else { return try rows.first.map(summary) }
        let names = try rows.prefix(Journal.listLimit).map { row in
            FilingIdentity(source: row[1], digest: try FilingDigest(column: row[2])).description
        }
        let more = rows.count > Journal.listLimit ? ", …" : ""
        throw JournalError(
            .ambiguous, place: place, message: "several filings begin so: \(names.joined(separator: ", "))\(more)",
            advice: "Give more digits, or the source.")
    }

    func list(_ query: FilingQuery) throws -> [FilingSummary] {
        var conditions = ["f.number < ?"]
        var arguments: StatementArguments = [query.before ?? .max]
        if let source = query.source {
            conditions.append("f.source = (SELECT number FROM source WHERE name = ?)")
            arguments += [source]
        }
        // Written out, so that the index of what is in quarantine serves.
        if let outcome = query.outcome { conditions.append("f.outcome = \(outcome.column)") }
        arguments += [query.limit]
        return try database.rows(
            "\(Self.select) WHERE \(conditions.joined(separator: " AND ")) ORDER BY f.number DESC LIMIT ?", arguments
        ).map(summary)
    }

    // The lowest and highest digests that begin with these digits.
    static func bounds(of prefix: String) -> (Data, Data)? {
        let digits = 2 * FilingDigest.byteCount
        let missing = digits - prefix.utf8.count
        guard !prefix.isEmpty, missing >= 0,
            let low = Hexadecimal.bytes(of: prefix + String(repeating: "0", count: missing)),
            let high = Hexadecimal.bytes(of: prefix + String(repeating: "f", count: missing))
        else { return nil }
        return (Data(low), Data(high))
    }

    private func summary(_ row: Row) throws -> FilingSummary {
        let number: Int64 = row[0]
        let counts = try CountStore(database: database).counts(of: number)
        return FilingSummary(
            number: number,
            identity: FilingIdentity(source: row[1], digest: try FilingDigest(column: row[2])),
            name: [UInt8](row[3] as Data), size: row[4],
            mapping: (row[5] as String?).map { MappingReference(id: $0, version: row[6] ?? "") },
            encoding: row[7], receivedAt: Date(microseconds: row[8]), journaledAt: Date(microseconds: row[9]),
            outcome: try FilingOutcome(column: row[10]), attempts: row[11], duplicates: row[12],
            counts: FilingCounts(
                rowsRead: row[13], rowsConverted: row[14], rowsSetAside: row[15], rowsSkipped: row[16],
                recordsByType: counts.recordsByType,
                controlTotals: try CountStore(database: database).controlTotals(of: number)),
            findingCodes: counts.findingCodes, findingSeverities: counts.findingSeverities,
            changes: RecordChanges(
                new: row[17], changed: row[18], unchanged: row[19], deleted: row[20], repeatedKeys: row[21]),
            firstPosition: row[22], isPruned: row[23])
    }
}
