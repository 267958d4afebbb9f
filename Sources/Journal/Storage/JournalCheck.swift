import GRDB

/// Looks for damage in an open journal.
struct JournalCheck {
    let database: Database
    let place: String

    /// Checks every page, or what the next commit and the routes rely on.
    func run(whole: Bool) throws -> OpeningReport.Check {
        if whole {
            try quickCheck("")
            return .whole
        }
        for table in try String.fetchAll(database, sql: Self.smallTables) { try quickCheck("('\(table)')") }
        try touchNewest()
        return .light
    }

    // Tables that stay small however much is filed.
    private static let smallTables = """
        SELECT name FROM sqlite_schema
        WHERE type = 'table' AND name IN ('ledger', 'source', 'scope', 'route', 'staging', 'approval')
        """

    private func quickCheck(_ argument: String) throws {
        let verdicts = try String.fetchAll(database, sql: "PRAGMA quick_check\(argument)")
        guard verdicts == ["ok"] else {
            throw JournalError.damaged(place, "the journal is damaged", underlying: verdicts.first)
        }
    }

    // Walks from the roots to the newest entries, which are what was written last when something went wrong.
    private func touchNewest() throws {
        for table in ["filing", "arrival", "chunk", "dead_letter"] {
            _ = try Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY number DESC LIMIT 8")
        }
        for table in ["event", "finding", "filing_count"] {
            _ = try Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY filing DESC LIMIT 8")
        }
    }
}
