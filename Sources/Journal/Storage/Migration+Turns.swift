import GRDB

extension Migration {
    /// Which of the scopes of a source was filed later, by `filed`: 0 where that was before this step.
    static func turns(version: Int) -> Migration {
        Migration(version: version) { database in
            try database.execute(sql: "ALTER TABLE scope ADD COLUMN filed INTEGER NOT NULL DEFAULT 0")
        }
    }
}
