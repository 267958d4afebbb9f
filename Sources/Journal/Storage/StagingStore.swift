import FoundationEssentials
import GRDB

/// Stagings of big filings. One that is not in `live`, a table of the writer's own that dies with the process, is abandoned.
struct StagingStore {
    let database: Database

    static let temporaryTables = "CREATE TEMP TABLE live (batch INTEGER PRIMARY KEY)"

    func begin(_ identity: FilingIdentity, delivery: Delivery, at time: Date) throws -> (Staging, scopeIsEmpty: Bool) {
        try database.run("UPDATE ledger SET last_batch = last_batch + 1")
        let batch = try database.number("SELECT last_batch FROM ledger") ?? 0
        try database.run(
            "INSERT INTO staging (batch, source, digest, began_at) VALUES (?, ?, ?, ?)",
            [batch, identity.source, Data(identity.digest.bytes), time.microseconds])
        try database.run("INSERT INTO temp.live VALUES (?)", [batch])
        let scope = try delivery.scope.map { try Scope($0, of: identity.source, in: database) }
        let staged = delivery.scope.flatMap { name in
            scope.map { Staging.StagedScope(name: name, number: $0.number, generation: $0.generation) }
        }
        return (Staging(identity: identity, batch: batch, scope: staged), scopeIsEmpty: scope?.keys == 0)
    }

    func isLive(_ staging: Staging) throws -> Bool {
        try database.row("SELECT 1 FROM temp.live WHERE batch = ?", [staging.batch]) != nil
    }

    /// Its chunks belong to a filing now.
    func end(_ batch: Int64) throws {
        try abandon(batch)
        try database.run("DELETE FROM staging WHERE batch = ?", [batch])
    }

    /// Its chunks belong to nobody now.
    func abandon(_ batch: Int64) throws {
        try database.run("DELETE FROM temp.live WHERE batch = ?", [batch])
    }

    struct Removal: Sendable {
        var stagings = 0
        var bytes: Int64 = 0
        var isDone = false
    }

    // 128 chunks of 256 KiB: short enough for others to get in between.
    private static let removedAtOnce = 128

    /// Removes a bounded part of one abandoned staging: its file, and what an earlier release has stored of it.
    func removeSome(of segments: SegmentFolder) throws -> Removal {
        let abandoned = "SELECT batch FROM staging WHERE batch NOT IN (SELECT batch FROM temp.live) LIMIT 1"
        guard let batch = try database.number(abandoned) else { return Removal(isDone: true) }
        let chunks = try database.rows(
            "SELECT number, length(bytes) FROM chunk WHERE batch = ? LIMIT ?", [batch, Self.removedAtOnce])
        var removal = Removal()
        for chunk in chunks {
            try database.run("DELETE FROM chunk WHERE number = ?", [chunk[0] as Int64])
            removal.bytes += chunk[1]
        }
        guard chunks.count < Self.removedAtOnce else { return removal }
        // Should this transaction fail, the staging is still there and still abandoned; should the file stay, it belongs to
        // nobody and is removed at the next start.
        for name in [SegmentName.chunks(batch), .leaves(batch)] { removal.bytes += (try? segments.remove(name)) ?? 0 }
        try database.run("DELETE FROM staging WHERE batch = ?", [batch])
        removal.stagings = 1
        return removal
    }

    /// How many abandoned stagings there are.
    func abandonedCount() throws -> Int {
        Int(try database.number("SELECT count(*) FROM staging WHERE batch NOT IN (SELECT batch FROM temp.live)") ?? 0)
    }
}

/// The state that upserts and snapshots of one kind are compared with.
struct Scope {
    var number: Int64
    var keys: Int
    var generation: Int64
    /// The file with the leaves before the last ones, by its batch.
    var leavesBefore: Int64?
    let source: String
    let name: String
    // Greater for what was filed later, among the scopes of the source.
    private let filed: Int64

    /// Finds the scope, or makes it.
    init(_ name: String, of source: String, in database: Database) throws {
        let query = "SELECT number, keys, generation, leaves_before, filed FROM scope WHERE source = ? AND name = ?"
        var row = try database.row(query, [source, name])
        if row == nil {
            try database.run("INSERT INTO scope (source, name) VALUES (?, ?)", [source, name])
            row = try database.row(query, [source, name])
        }
        guard let row else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        number = row[0]
        keys = row[1]
        generation = row[2]
        leavesBefore = row[3]
        self.source = source
        self.name = name
        filed = row[4]
    }

    /// The same as it is by now.
    func current(in database: Database) throws -> Scope { try Scope(name, of: source, in: database) }

    /// The other scopes of the source that have keys, how many, and whether they were filed after this one was.
    func others(in database: Database) throws -> [(number: Int64, name: String, isFiledSince: Bool, keys: Int)] {
        let rows = try database.rows(
            "SELECT number, name, filed > ?, keys FROM scope WHERE source = ? AND number <> ? AND keys > 0",
            [filed, source, number])
        return rows.map { ($0[0], $0[1], $0[2], $0[3]) }
    }

    /// Keeps count of keys of another scope that a commit has changed or removed.
    static func note(changeOf scope: Int64, removing count: Int, in database: Database) throws {
        try database.run(
            "UPDATE scope SET keys = keys - ?, generation = generation + 1 WHERE number = ?", [count, scope])
    }

    /// Keeps count of what a commit did, and of its turn, even where nothing changed.
    func note(_ tally: BatchTally, in database: Database) throws {
        let changes = tally.changes
        let isChanged = changes.journaled + tally.keptElsewhere > 0
        try database.run(
            """
            UPDATE scope SET keys = keys + ?, generation = generation + ?,
                filed = 1 + (SELECT max(filed) FROM scope WHERE source = ?)
            WHERE number = ?
            """,
            [changes.new - changes.deleted - tally.keptElsewhere, isChanged ? 1 : 0, source, number])
    }
}
