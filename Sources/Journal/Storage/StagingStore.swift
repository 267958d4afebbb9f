import FoundationEssentials
import GRDB

/// Stagings of big filings. One that is not in `live`, a table of the writer's own that dies with the process, is abandoned.
struct StagingStore {
    let database: Database
    var place = ""

    static let temporaryTables = "CREATE TEMP TABLE live (batch INTEGER PRIMARY KEY)"

    func begin(_ identity: FilingIdentity, delivery: Delivery, at time: Date) throws -> Staging {
        try database.run("UPDATE ledger SET last_batch = last_batch + 1")
        let batch = try database.number("SELECT last_batch FROM ledger") ?? 0
        try database.run(
            "INSERT INTO staging (batch, source, digest, began_at) VALUES (?, ?, ?, ?)",
            [batch, identity.source, Data(identity.digest.bytes), time.microseconds])
        try database.run("INSERT INTO temp.live VALUES (?)", [batch])
        let scope = try delivery.scope.map { name in
            let scope = try Scope(name, of: identity.source, in: database)
            return Staging.StagedScope(name: name, number: scope.number, generation: scope.generation)
        }
        return Staging(identity: identity, batch: batch, scope: scope)
    }

    func append(_ chunks: [RecordChunk], to staging: Staging, shelf: StatedKeyShelf) throws {
        guard try isLive(staging) else { throw JournalError.misuse(place, "the staging has ended") }
        var writer = try BatchWriter(
            store: ChunkStore(database: database, place: place), batch: staging.batch,
            comparison: staging.scope.map { scope in
                try KeyComparison(
                    database: database, scope: Scope(scope.name, of: staging.identity.source, in: database),
                    stated: shelf[staging.batch] ?? StatedKeys())
            },
            tally: tally(of: staging))
        try writer.append(chunks)
        try writer.flush()
        if staging.scope != nil {
            var stated = writer.stated
            try stated.settle(in: folder)
            // Once it is certain that nothing of this append is undone.
            database.afterNextTransaction { [stated] _ in shelf[staging.batch] = stated }
        }
        let tally = writer.tally
        try database.run(
            """
            UPDATE staging SET records_new = ?, records_changed = ?, records_unchanged = ?, repeated_keys = ?,
                matched_keys = ? WHERE batch = ?
            """,
            [
                tally.changes.new, tally.changes.changed, tally.changes.unchanged, tally.changes.repeatedKeys,
                tally.matchedKeys, staging.batch,
            ])
    }

    // Where the keys of stagings are kept: beside the journal, whose disk is the one with the room.
    private var folder: String {
        let folder = place.lastIndex(of: "/").map { String(place[..<$0]) } ?? "."
        return folder.isEmpty ? "/" : folder
    }

    func isLive(_ staging: Staging) throws -> Bool {
        try database.row("SELECT 1 FROM temp.live WHERE batch = ?", [staging.batch]) != nil
    }

    func tally(of staging: Staging) throws -> BatchTally {
        guard
            let row = try database.row(
                """
                SELECT records_new, records_changed, records_unchanged, repeated_keys, matched_keys
                FROM staging WHERE batch = ?
                """,
                [staging.batch])
        else { return BatchTally() }
        return BatchTally(
            changes: RecordChanges(new: row[0], changed: row[1], unchanged: row[2], repeatedKeys: row[3]),
            matchedKeys: row[4])
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

    /// Removes a bounded part of one abandoned staging.
    func removeSome() throws -> Removal {
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

    /// Finds the scope, or makes it.
    init(_ name: String, of source: String, in database: Database) throws {
        let query = "SELECT number, keys, generation FROM scope WHERE source = ? AND name = ?"
        var row = try database.row(query, [source, name])
        if row == nil {
            try database.run("INSERT INTO scope (source, name) VALUES (?, ?)", [source, name])
            row = try database.row(query, [source, name])
        }
        guard let row else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        number = row[0]
        keys = row[1]
        generation = row[2]
    }

    /// Keeps count of what a commit did.
    func note(_ changes: RecordChanges, in database: Database) throws {
        guard changes.journaled > 0 else { return }
        try database.run(
            "UPDATE scope SET keys = keys + ?, generation = generation + 1 WHERE number = ?",
            [changes.new - changes.deleted, number])
    }
}
