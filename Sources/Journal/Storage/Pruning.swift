import FoundationEssentials
import GRDB

/// Removes records that nobody needs any more, a bounded part at a time.
struct Pruning {
    let database: Database

    struct Step: Sendable {
        var report = PruneReport(filings: 0, bytes: 0)
        /// Files of which no chunk is left.
        var segments: Set<Int64> = []
        var isDone = false
    }

    // Chunks of up to 256 KiB each, and filings however small: short enough for other writers to get in between.
    private static let chunksAtOnce = 256

    func step(olderThan date: Date, deliveredTo routes: [String], at time: Date) throws -> Step {
        var step = Step()
        var room = Self.chunksAtOnce
        let limit = try position(passedBy: routes)
        while room > 0 {
            guard let filing = try nextFiling(), filing.lastPosition <= limit, filing.journaledAt < date.microseconds
            else {
                step.isDone = true
                return step
            }
            let chunks = try removeChunks(of: filing, limit: room)
            step.report.bytes += chunks.bytes
            step.segments.formUnion(chunks.segments)
            if chunks.count == room {
                // The filing can have more: the next step goes on with it.
                return step
            }
            room -= max(1, chunks.count)
            try database.run("UPDATE ledger SET pruned_through = ?", [filing.lastPosition])
            try ReplayStore(database: database).prune(through: filing.lastPosition)
            try EventStore(database: database).append([FilingEvent(at: time, kind: .pruned)], to: filing.number)
            step.report.filings += 1
        }
        return step
    }

    private struct Filing {
        var number: Int64
        var batch: Int64
        var lastPosition: Int64
        var journaledAt: Int64
    }

    private func position(passedBy routes: [String]) throws -> Int64 {
        try routes.reduce(.max) { least, route in
            min(least, try RouteStore(database: database).cursor(of: route)?.position ?? 0)
        }
    }

    private func nextFiling() throws -> Filing? {
        try database.row(
            """
            SELECT number, batch, last_position, journaled_at FROM filing
            WHERE last_position > (SELECT pruned_through FROM ledger) ORDER BY last_position LIMIT 1
            """
        ).map { Filing(number: $0[0], batch: $0[1], lastPosition: $0[2], journaledAt: $0[3]) }
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
