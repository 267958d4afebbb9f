import GRDB

extension Migration {
    /// Chunks can be compressed; `size` is then what their bytes come to, and null where they lie as they are.
    static func compression(version: Int) -> Migration {
        Migration(version: version) { database in
            try database.execute(sql: "ALTER TABLE chunk ADD COLUMN size INTEGER")
        }
    }
}
