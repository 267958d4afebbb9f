import GRDB

extension Migration {
    /// Dead letters can be sent again: each at a position of its own, which only its route sees. `record` is null when it has
    /// been pruned; `as_offered` is 1 where it is what the exporter was offered before, and 0 where it is what was journaled.
    ///
    /// What became of a dead letter, and when: `settled_as` is the position under which it is sent again, or that of the newer
    /// record that stands in its place.
    static func replays(version: Int) -> Migration {
        Migration(version: version) { database in
            try database.execute(
                sql: """
                    CREATE TABLE replay (
                        position INTEGER PRIMARY KEY,
                        route INTEGER NOT NULL,
                        dead_letter INTEGER NOT NULL,
                        as_offered INTEGER NOT NULL,
                        checksum INTEGER NOT NULL,
                        record BLOB
                    ) STRICT;
                    ALTER TABLE dead_letter ADD COLUMN settled_at INTEGER;
                    ALTER TABLE dead_letter ADD COLUMN settled_as INTEGER;
                    """)
        }
    }
}
