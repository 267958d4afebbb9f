import FoundationEssentials
import GRDB

/// Removes records that nobody needs any more, a bounded part at a time.
struct Pruning {
    let database: Database

    struct Step: Sendable {
        var report = PruneReport()
        /// Files of which no chunk is left.
        var segments: Set<Int64> = []
        var isDone = false
    }

    // Chunks of up to 256 KiB each, and filings however small: short enough for other writers to get in between.
    private static let chunksAtOnce = 256
    private static let lettersAtOnce = 1000

    func step(olderThan date: Date, deliveredTo routes: [String], at time: Date) throws -> Step {
        var step = Step()
        step.report.deadLetters = try DeadLetterStore(database: database).prune(
            settledBefore: date, limit: Self.lettersAtOnce)
        try removeRecords(&step, olderThan: date, try limit(routes), at: time)
        if step.report.deadLetters == Self.lettersAtOnce { step.isDone = false }
        return step
    }

    private func removeRecords(_ step: inout Step, olderThan date: Date, _ limit: Limit, at time: Date) throws {
        var room = Self.chunksAtOnce
        while room > 0 {
            guard let filing = try nextFiling(behind: 0), try age(of: filing, at: time) < date.microseconds else {
                break
            }
            guard filing.lastPosition <= limit.position else {
                step.report.hold = limit.hold
                break
            }
            let chunks = try removeChunks(of: filing, limit: room)
            step.report.bytes += chunks.bytes
            step.segments.formUnion(chunks.segments)
            // The filing can have more: the next step goes on with it.
            guard chunks.count < room else { return }
            room -= max(1, chunks.count)
            try database.run("UPDATE ledger SET pruned_through = ?", [filing.lastPosition])
            try EventStore(database: database).append([FilingEvent(at: time, kind: .pruned)], to: filing.number)
            step.report.filings += 1
        }
        try ReplayStore(database: database).prune()
        step.isDone = room > 0
    }

    /// What is old enough and needed; see ``Journal/heldRecords(olderThan:deliveredTo:at:)``.
    func held(olderThan date: Date, deliveredTo routes: [String], at time: Date) throws -> HeldRecords? {
        let limit = try limit(routes)
        guard let hold = limit.hold, let filing = try nextFiling(behind: limit.position) else { return nil }
        let since = try age(of: filing, at: time)
        return since < date.microseconds ? HeldRecords(hold: hold, since: Date(microseconds: since)) : nil
    }

    /// Whether originals are needed no more, in the same order; see ``Journal/areDispensable(_:committedBefore:deliveredTo:)``.
    func areDispensable(
        _ originals: [KeptOriginal], committedBefore date: Date, deliveredTo routes: [String]
    ) throws -> [Bool] {
        let limit = try limit(routes)
        return try originals.map { original in
            guard let (low, high) = FilingStore.bounds(of: original.prefix) else { return false }
            // Several can begin alike: then each of them must be dispensable.
            let filings = try database.rows(
                """
                SELECT f.outcome, f.journaled_at, coalesce(f.last_position, 0),
                    EXISTS (SELECT 1 FROM arrival a WHERE a.filing = f.number AND a.receipt_at IS NULL)
                FROM filing f JOIN source s ON s.number = f.source
                WHERE f.digest >= ? AND f.digest <= ? AND s.name = ?
                """,
                [low, high, original.source])
            return try !filings.isEmpty
                && filings.allSatisfy { row in
                    let isRejected = try FilingOutcome(column: row[0]) == .rejected
                    return (row[1] as Int64) < date.microseconds && (row[2] as Int64) <= limit.position
                        && !(row[3] as Bool) && (original.isQuarantined || !isRejected)
                }
        }
    }

    // Records up to this position are needed by nobody, and who needs those behind it.
    private struct Limit {
        var position = Int64.max
        var hold: PruneHold?
    }

    private func limit(_ routes: [String]) throws -> Limit {
        var limit = Limit()
        for route in routes {
            let position = try RouteStore(database: database).cursor(of: route)?.position ?? 0
            if position < limit.position { limit = Limit(position: position, hold: .route(route)) }
        }
        // Before one is sent again, all records behind it are looked through for a newer one.
        if let letter = try DeadLetterStore(database: database).oldestOpen(), letter.position <= limit.position {
            limit = Limit(position: letter.position - 1, hold: .deadLetter(letter.number, route: letter.route))
        }
        return limit
    }

    private struct Filing {
        var number: Int64
        var batch: Int64
        var lastPosition: Int64
        var journaledAt: Int64
    }

    // The first that has records behind a position, which were not removed.
    private func nextFiling(behind position: Int64) throws -> Filing? {
        try database.row(
            """
            SELECT number, batch, last_position, journaled_at FROM filing
            WHERE last_position > max(?, (SELECT pruned_through FROM ledger)) ORDER BY last_position LIMIT 1
            """,
            [position]
        ).map { Filing(number: $0[0], batch: $0[1], lastPosition: $0[2], journaledAt: $0[3]) }
    }

    // When a filing was committed. One that was while the clock was ahead is as old as the next one that was not: nothing
    // behind it could leave otherwise, for as long as the clock was ahead.
    private func age(of filing: Filing, at time: Date) throws -> Int64 {
        let now = time.microseconds
        guard filing.journaledAt > now else { return filing.journaledAt }
        let next = try database.row(
            "SELECT journaled_at FROM filing WHERE last_position > ? AND journaled_at <= ? ORDER BY last_position LIMIT 1",
            [filing.lastPosition, now])
        return next.map { $0[0] } ?? filing.journaledAt
    }

    private func removeChunks(
        of filing: Filing, limit: Int
    ) throws -> (count: Int, bytes: Int64, segments: Set<Int64>) {
        try database.run("UPDATE filing SET pruned = 1 WHERE number = ?", [filing.number])
        let chunks = try database.rows(
            "SELECT number, coalesce(stored, length(bytes)), segment FROM chunk WHERE batch = ? LIMIT ?",
            [filing.batch, limit])
        var bytes: Int64 = 0
        var segments: Set<Int64> = []
        for chunk in chunks {
            try database.run("DELETE FROM chunk WHERE number = ?", [chunk[0] as Int64])
            bytes += chunk[1]
            if let segment: Int64 = chunk[2] { segments.insert(segment) }
        }
        let emptied = try segments.filter {
            try database.row("SELECT 1 FROM chunk WHERE segment = ? LIMIT 1", [$0]) == nil
        }
        return (chunks.count, bytes, emptied)
    }
}
