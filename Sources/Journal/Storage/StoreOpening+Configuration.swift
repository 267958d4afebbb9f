import GRDB

extension StoreOpening {
    // Bytes of a new journal's pages. The commit of a small filing touches some sixteen, and each is written whole.
    private static let pageSize = 4096
    // KiB of pages that the writer keeps, and each reader: what is older is in the memory of the system all the same.
    private static let cacheSize = 2048
    private static let readerCacheSize = 512
    // Pages after which the log is folded into the file: 32 MiB.
    private static let checkpointPages = 8192

    /// Whether a write that finds much in the log folds it into the file before it returns.
    static func checkpoint(_ database: Database, afterEachWrite isWanted: Bool) throws {
        // Nothing else is there to run in a closed connection.
        guard database.sqliteConnection != nil else { return }
        try database.execute(sql: "PRAGMA wal_autocheckpoint = \(isWanted ? checkpointPages : 0)")
    }

    func configuration(readonly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.readonly = readonly
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(options.patience / .seconds(1))
        configuration.maximumReaderCount = options.readers
        configuration.prepareDatabase { database in
            guard !database.configuration.readonly else {
                return try database.execute(sql: "PRAGMA cache_size = -\(Self.readerCacheSize)")
            }
            // Takes effect on a new file alone.
            try database.execute(sql: "PRAGMA page_size = \(Self.pageSize)")
            try database.execute(sql: "PRAGMA cache_size = -\(Self.cacheSize)")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            try Self.checkpoint(database, afterEachWrite: true)
            try database.execute(sql: "PRAGMA journal_size_limit = \(Self.checkpointPages * Self.pageSize)")
            // Reads that trust a damaged file too much must end in an error.
            try database.execute(sql: "PRAGMA cell_size_check = ON")
        }
        return configuration
    }
}
