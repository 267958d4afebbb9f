import GRDB

extension Migration {
    /// The leaves of a scope can lie in a file beside the journal, which `leaves` names by its batch. A row of `key_leaf` then
    /// has 20 bytes instead of keys: where in the file, how many keys, and their checksum, all little-endian. The file before
    /// it is kept until there is a newer one, for the sake of backups.
    ///
    /// From here on the `size` of a chunk can be negative, when it was compressed in pieces.
    static func leafFiles(version: Int) -> Migration {
        Migration(version: version) { database in
            try database.execute(
                sql: """
                    ALTER TABLE scope ADD COLUMN leaves INTEGER;
                    ALTER TABLE scope ADD COLUMN leaves_before INTEGER;
                    """)
        }
    }
}
