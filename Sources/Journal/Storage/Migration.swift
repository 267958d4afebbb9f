import GRDB

/// One step of the journal's layout, from the version before it to its own. A step that has been released never changes.
struct Migration: Sendable {
    /// The version after the step; the first is 1.
    var version: Int
    /// Makes the step, inside a transaction.
    var apply: @Sendable (Database) throws -> Void

    /// All steps, in order: the n-th has version n.
    static let all = [
        Migration.version1, Migration.version2, .verdicts(version: 3), .compression(version: 4),
        .segments(version: 5), .shortKeys(version: 6), .leafFiles(version: 7), .replays(version: 8),
        .turns(version: 9), .epochs(version: 10),
    ]

    /// Marks the file as a journal of ours: "Qiao".
    static let applicationID = 0x5169_616F

    static func storedVersion(in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    }

    static func storedApplicationID(in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    }

    /// Brings the layout up to date, step by step, each in a transaction of its own: an interrupted one is made again.
    static func migrate(_ database: Database, through migrations: [Migration]) throws {
        for migration in migrations {
            try database.inTransaction(.immediate) {
                // Read inside the transaction: another process may have made the step while we waited for it.
                guard try storedVersion(in: database) == migration.version - 1 else { return .rollback }
                try migration.apply(database)
                try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                try database.execute(sql: "PRAGMA user_version = \(migration.version)")
                return .commit
            }
        }
    }
}
