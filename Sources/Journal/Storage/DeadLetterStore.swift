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

    private static let select = """
        SELECT d.number, r.name, d.position, length(d.record), d.reason, d.at, d.state, d.settled_at, d.settled_as
        FROM dead_letter d JOIN route r ON r.number = d.route
        """

    func list(of route: String?, state: DeadLetter.State?, after number: Int64, limit: Int) throws -> [DeadLetter] {
        try database.rows(
            """
            \(Self.select)
            WHERE d.number > ?1 AND (?2 IS NULL OR r.name = ?2) AND (?3 IS NULL OR d.state = ?3)
            ORDER BY d.number LIMIT ?4
            """,
            [number, route, state?.rawValue, limit]
        ).map(Self.letter)
    }

    func find(_ number: Int64) throws -> DeadLetter? {
        try database.row("\(Self.select) WHERE d.number = ?", [number]).map(Self.letter)
    }

    private static func letter(_ row: Row) throws -> DeadLetter {
        guard let state = DeadLetter.State(rawValue: row[6]) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        return DeadLetter(
            number: row[0], route: row[1], position: row[2], size: row[3], reason: row[4],
            at: Date(microseconds: row[5]), state: state,
            settledAt: (row[7] as Int64?).map(Date.init(microseconds:)), settledAs: row[8])
    }

    func record(_ number: Int64) throws -> [UInt8] {
        guard let row = try database.row("SELECT record FROM dead_letter WHERE number = ?", [number]) else {
            throw JournalError.unknown(place, "dead letter \(number)")
        }
        return [UInt8](row[0] as Data)
    }

    /// Of the open ones that whose record has the lowest position.
    func oldestOpen() throws -> (number: Int64, route: String, position: Int64)? {
        try database.row(
            """
            SELECT d.number, r.name, d.position FROM dead_letter d JOIN route r ON r.number = d.route
            WHERE d.state = ? ORDER BY d.position, d.number LIMIT 1
            """,
            [DeadLetter.State.open.rawValue]
        ).map { ($0[0], $0[1], $0[2]) }
    }

    /// Removes those that were settled before a time, at most so many; gives how many there were.
    func prune(settledBefore date: Date, limit: Int) throws -> Int {
        try database.run(
            """
            DELETE FROM dead_letter WHERE number IN (
                SELECT number FROM dead_letter WHERE state <> ? AND settled_at < ? LIMIT ?)
            """,
            [DeadLetter.State.open.rawValue, date.microseconds, limit])
        return database.changesCount
    }

    /// Does what is to be done about a dead letter; `nil` when it is not open, and then nothing is done.
    func settle(_ settlement: DeadLetterSettlement, at time: Date) throws -> DeadLetter? {
        let number = settlement.number
        guard let letter = try find(number) else { throw JournalError.unknown(place, "dead letter \(number)") }
        guard letter.state == .open else { return nil }
        switch settlement.deed {
        case .replay(let record, let isAsOffered):
            let position = try ReplayStore(database: database, place: place).insert(
                record, isAsOffered: isAsOffered, of: number)
            try note(.replayed, as: position, of: number, at: time)
        case .supersede(let position): try note(.superseded, as: position, of: number, at: time)
        case .remove: try note(.removed, as: nil, of: number, at: time)
        }
        return try find(number)
    }

    private func note(_ state: DeadLetter.State, as position: Int64?, of number: Int64, at time: Date) throws {
        try database.run(
            "UPDATE dead_letter SET state = ?, settled_at = ?, settled_as = ? WHERE number = ?",
            [state.rawValue, time.microseconds, position, number])
    }
}
