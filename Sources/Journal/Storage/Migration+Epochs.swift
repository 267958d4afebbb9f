import GRDB

extension Migration {
    /// Which opening of the journal gave which positions: `first` is the first that it can have given. What was given before this
    /// step has no epoch.
    static func epochs(version: Int) -> Migration {
        Migration(version: version) { database in
            try database.execute(
                sql: """
                    CREATE TABLE epoch (
                        number INTEGER PRIMARY KEY,
                        token TEXT NOT NULL,
                        first INTEGER NOT NULL
                    ) STRICT;
                    """)
        }
    }
}
