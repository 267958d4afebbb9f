import GRDB

extension Migration {
    /// Verdicts on signed packages, one for each filing that was one, and what they rest on, each item once.
    static func verdicts(version: Int) -> Migration {
        Migration(version: version) { database in
            try database.execute(
                sql: """
                    CREATE TABLE verdict (
                        filing INTEGER PRIMARY KEY,
                        at INTEGER NOT NULL,
                        bytes BLOB NOT NULL
                    ) STRICT;
                    CREATE TABLE evidence (
                        number INTEGER PRIMARY KEY,
                        digest BLOB NOT NULL UNIQUE,
                        bytes BLOB NOT NULL
                    ) STRICT;
                    """)
        }
    }
}
