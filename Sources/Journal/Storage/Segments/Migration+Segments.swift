import GRDB

extension Migration {
    /// Chunks of big filings lie in files beside the journal, their segments. `bytes` is then empty, and `segment`, `place`
    /// and `stored` say in which file, where and how many bytes; all three are null where the bytes lie in the row.
    static func segments(version: Int) -> Migration {
        Migration(version: version) { database in
            try database.execute(
                sql: """
                    ALTER TABLE chunk ADD COLUMN segment INTEGER;
                    ALTER TABLE chunk ADD COLUMN place INTEGER;
                    ALTER TABLE chunk ADD COLUMN stored INTEGER;
                    CREATE INDEX chunk_segment ON chunk (segment) WHERE segment IS NOT NULL;
                    """)
        }
    }
}
