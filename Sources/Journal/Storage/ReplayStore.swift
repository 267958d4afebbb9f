import FoundationEssentials
import GRDB

/// Dead letters that are sent again, each at a position of its own.
struct ReplayStore {
    let database: Database
    var place = ""

    /// Gives the record of a dead letter the next position of the journal.
    func insert(_ record: [UInt8], isAsOffered: Bool, of letter: Int64) throws -> Int64 {
        try database.run("UPDATE ledger SET last_position = last_position + 1")
        guard let position = try database.number("SELECT last_position FROM ledger") else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        let bytes = DelimitedRanges.delimit(record)
        try database.run(
            """
            INSERT INTO replay (position, route, dead_letter, as_offered, checksum, record)
            VALUES (?1, (SELECT route FROM dead_letter WHERE number = ?2), ?2, ?3, ?4, ?5)
            """,
            [position, letter, isAsOffered, Checksum.of(bytes), Data(bytes)])
        return position
    }

    /// The first record beyond a position that is sent again; what was pruned is passed over.
    func first(after position: Int64) throws -> JournalChunk? {
        let row = try database.row(
            """
            SELECT p.position, r.name, p.as_offered, p.checksum, p.record
            FROM replay p JOIN route r ON r.number = p.route
            WHERE p.position > ? AND p.record IS NOT NULL ORDER BY p.position LIMIT 1
            """,
            [position])
        guard let row else { return nil }
        let bytes = [UInt8](row[4] as Data)
        guard Checksum.of(bytes) == row[3] as Int64 else {
            throw JournalError.damaged(
                place, "the record at position \(row[0] as Int64) is not the one that was committed")
        }
        return JournalChunk(
            firstPosition: row[0], count: 1, bytes: bytes, origin: .replay(route: row[1], isAsOffered: row[2]))
    }

    /// Removes the records that lie among pruned ones and that their routes have passed; that there were some stays.
    func prune() throws {
        try database.run(
            """
            UPDATE replay SET record = NULL
            WHERE record IS NOT NULL AND position <= (SELECT pruned_through FROM ledger)
                AND position <= (SELECT r.position FROM route r WHERE r.number = replay.route)
            """)
    }

    /// How many positions there are of this kind.
    func count() throws -> Int {
        Int(try database.number("SELECT count(*) FROM replay") ?? 0)
    }
}
