import FoundationEssentials
import GRDB

/// Routes and their cursors.
struct RouteStore {
    let database: Database
    var place = ""

    private static let select = """
        SELECT name, position, selected, acked, dead_letters, condition, reason, since, number FROM route
        """

    func open(_ route: String, startingAt start: RouteStart, at time: Date) throws -> RouteCursor {
        if let cursor = try cursor(of: route) { return cursor }
        let position = start == .end ? try lastPosition() : 0
        try database.run(
            "INSERT INTO route (name, position, condition, reason, since) VALUES (?, ?, ?, '', ?)",
            [route, position, RouteState.Condition.idle.rawValue, time.microseconds])
        return try known(route)
    }

    func cursor(of route: String) throws -> RouteCursor? {
        try database.row("\(Self.select) WHERE name = ?", [route]).map(Self.cursor)
    }

    func statuses() throws -> [RouteStatus] {
        let last = try lastPosition()
        return try database.rows("\(Self.select) ORDER BY name").map { row in
            let cursor = try Self.cursor(row)
            let oldest = try database.number(
                "SELECT journaled_at FROM filing WHERE last_position > ? ORDER BY last_position LIMIT 1",
                [cursor.position])
            let open = try database.number(
                "SELECT count(*) FROM dead_letter WHERE route = ? AND state = 'open'", [row[8] as Int64])
            return RouteStatus(
                cursor: cursor, behind: last - cursor.position, oldestPendingAt: oldest.map(Date.init(microseconds:)),
                openDeadLetters: Int(open ?? 0))
        }
    }

    func advance(_ step: RouteAdvance, at time: Date) throws -> RouteCursor {
        let cursor = try known(step.route)
        guard step.position >= cursor.position, step.selected >= 0, step.acked >= 0 else {
            throw JournalError.misuse(place, "a route cannot step back")
        }
        let last = try lastPosition()
        guard step.position <= last else {
            throw JournalError.misuse(place, "a route cannot step beyond the newest record, \(last)")
        }
        try database.run(
            """
            UPDATE route SET position = ?, selected = selected + ?, acked = acked + ?, dead_letters = dead_letters + ?
            WHERE name = ?
            """,
            [step.position, step.selected, step.acked, step.refused.count, step.route])
        for refused in step.refused {
            try DeadLetterStore(database: database).insert(refused, of: step.route, at: time)
        }
        if step.position > cursor.position {
            try EventStore(database: database).delivered(
                by: step.route, from: cursor.position, through: step.position, at: time)
        }
        return try known(step.route)
    }

    func set(_ state: RouteState, of route: String, at time: Date) throws {
        try database.run(
            "UPDATE route SET condition = ?, reason = ?, since = ? WHERE name = ?",
            [state.condition.rawValue, state.reason, time.microseconds, route])
        guard database.changesCount > 0 else { throw JournalError.unknown(place, "route \(route)") }
    }

    private func known(_ route: String) throws -> RouteCursor {
        guard let cursor = try cursor(of: route) else { throw JournalError.unknown(place, "route \(route)") }
        return cursor
    }

    private func lastPosition() throws -> Int64 {
        try database.number("SELECT last_position FROM ledger") ?? 0
    }

    private static func cursor(_ row: Row) throws -> RouteCursor {
        guard let condition = RouteState.Condition(rawValue: row[5]) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        return RouteCursor(
            route: row[0], position: row[1], selected: row[2], acked: row[3], deadLetters: row[4],
            state: RouteState(condition, reason: row[6]), since: Date(microseconds: row[7]))
    }
}
