import GRDB

/// Compares records with what their keys last were, in the scope or earlier in the same batch.
///
/// What a batch has stated so far gathers in `seen`, a table of the writer's own that dies with the process, as stagings do.
/// The scope's state itself is not touched before the commit.
struct KeyComparison {
    let database: Database
    let batch: Int64
    let scope: Int64
    private let lookUp: Statement
    private let noteSeen: Statement

    init(database: Database, batch: Int64, scope: Int64) throws {
        self.database = database
        self.batch = batch
        self.scope = scope
        lookUp = try database.cachedStatement(
            sql: "SELECT content_high, content_low FROM record_state WHERE scope = ? AND id_high = ? AND id_low = ?")
        noteSeen = try database.cachedStatement(sql: "INSERT OR IGNORE INTO temp.seen VALUES (?, ?, ?, ?, ?, ?, ?)")
    }

    static let temporaryTables = """
        CREATE TEMP TABLE live (batch INTEGER PRIMARY KEY);
        CREATE TEMP TABLE seen (
            batch INTEGER NOT NULL,
            id_high INTEGER NOT NULL,
            id_low INTEGER NOT NULL,
            body INTEGER NOT NULL,
            content_high INTEGER NOT NULL,
            content_low INTEGER NOT NULL,
            differs INTEGER NOT NULL,
            PRIMARY KEY (batch, id_high, id_low)
        ) WITHOUT ROWID;
        """

    /// Notes the key and counts what it is; true when its record has to be journaled.
    func judge(_ key: RecordKey, counting tally: inout BatchTally) throws -> Bool {
        let (idHigh, idLow) = key.id.columns
        let known = try Row.fetchOne(lookUp, arguments: [scope, idHigh, idLow]).map {
            Fingerprint(columns: $0[0], $0[1])
        }
        let (contentHigh, contentLow) = key.content.columns
        let differs = known != key.content
        try noteSeen.execute(
            arguments: [batch, idHigh, idLow, key.bodyNumber, contentHigh, contentLow, differs])
        guard database.changesCount > 0 else { return try judgeRepeated(key, counting: &tally) }
        switch known {
        case nil: tally.changes.new += 1
        case key.content?: tally.changes.unchanged += 1
        default: tally.changes.changed += 1
        }
        if known != nil { tally.matchedKeys += 1 }
        return differs
    }

    // The key occurred before in this batch: it is compared with that occurrence, so that the last one stands.
    private func judgeRepeated(_ key: RecordKey, counting tally: inout BatchTally) throws -> Bool {
        tally.changes.repeatedKeys += 1
        let (idHigh, idLow) = key.id.columns
        let (contentHigh, contentLow) = key.content.columns
        try database.run(
            """
            UPDATE temp.seen SET body = ?6, content_high = ?4, content_low = ?5, differs = 1
            WHERE batch = ?1 AND id_high = ?2 AND id_low = ?3 AND (content_high <> ?4 OR content_low <> ?5)
            """,
            [batch, idHigh, idLow, contentHigh, contentLow, key.bodyNumber])
        guard database.changesCount > 0 else {
            tally.changes.unchanged += 1
            return false
        }
        tally.changes.changed += 1
        return true
    }

    /// Makes what the batch stated the scope's state.
    func adopt() throws {
        try database.run(
            """
            INSERT OR REPLACE INTO record_state
            SELECT ?, id_high, id_low, body, content_high, content_low FROM temp.seen
            WHERE batch = ? AND differs ORDER BY id_high, id_low
            """,
            [scope, batch])
        try forget()
    }

    /// Forgets what the batch stated.
    func forget() throws {
        try database.run("DELETE FROM temp.seen WHERE batch = ?", [batch])
    }

    /// Removes the keys from the scope that the batch did not state, in key order, a page at a time, and hands them over.
    func removeUnstated(_ handOver: (RecordKey) throws -> Void) throws {
        var page: [RecordKey] = []
        repeat {
            page = try unstated(after: page.last?.id)
            for key in page {
                let (high, low) = key.id.columns
                try database.run(
                    "DELETE FROM record_state WHERE scope = ? AND id_high = ? AND id_low = ?", [scope, high, low])
                try handOver(key)
            }
        } while page.count == Self.pageSize
    }

    private static let pageSize = 4096

    private func unstated(after id: Fingerprint?) throws -> [RecordKey] {
        let (high, low) = (id ?? Fingerprint(high: 0, low: 0)).columns
        // The first page begins with the lowest id there can be, inclusively.
        let comparison = id == nil ? ">=" : ">"
        return try database.rows(
            """
            SELECT body, id_high, id_low, content_high, content_low FROM record_state AS r
            WHERE scope = ?1 AND (id_high, id_low) \(comparison) (?2, ?3) AND NOT EXISTS (
                SELECT 1 FROM temp.seen AS s WHERE s.batch = ?4 AND s.id_high = r.id_high AND s.id_low = r.id_low)
            ORDER BY id_high, id_low LIMIT ?5
            """,
            [scope, high, low, batch, Self.pageSize]
        ).map { row in
            RecordKey(
                bodyNumber: row[0], id: Fingerprint(columns: row[1], row[2]),
                content: Fingerprint(columns: row[3], row[4]), range: 0..<0)
        }
    }
}
