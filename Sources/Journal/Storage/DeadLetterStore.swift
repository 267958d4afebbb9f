import FoundationEssentials
import GRDB

/// Records that exporters refused for good.
struct DeadLetterStore {
    let database: Database
    var place = ""

    func insert(_ refused: RefusedRecord, of route: String, at time: Date) throws {
        try database.run(
            """
            INSERT INTO dead_letter (route, position, record, reason, at)
            VALUES ((SELECT number FROM route WHERE name = ?), ?, ?, ?, ?)
            """,
            [route, refused.position, Data(refused.record), refused.reason, time.microseconds])
    }

    func list(of route: String?, state: DeadLetter.State?, after number: Int64, limit: Int) throws -> [DeadLetter] {
        try database.rows(
            """
            SELECT d.number, r.name, d.position, length(d.record), d.reason, d.at, d.state
            FROM dead_letter d JOIN route r ON r.number = d.route
            WHERE d.number > ?1 AND (?2 IS NULL OR r.name = ?2) AND (?3 IS NULL OR d.state = ?3)
            ORDER BY d.number LIMIT ?4
            """,
            [number, route, state?.rawValue, limit]
        ).map { row in
            guard let state = DeadLetter.State(rawValue: row[6]) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            return DeadLetter(
                number: row[0], route: row[1], position: row[2], size: row[3], reason: row[4],
                at: Date(microseconds: row[5]), state: state)
        }
    }

    func record(_ number: Int64) throws -> [UInt8] {
        guard let row = try database.row("SELECT record FROM dead_letter WHERE number = ?", [number]) else {
            throw JournalError.unknown(place, "dead letter \(number)")
        }
        return [UInt8](row[0] as Data)
    }

    func settle(_ numbers: [Int64], as state: DeadLetter.State) throws {
        for number in numbers {
            try database.run("UPDATE dead_letter SET state = ? WHERE number = ?", [state.rawValue, number])
            guard database.changesCount > 0 else { throw JournalError.unknown(place, "dead letter \(number)") }
        }
    }
}
