import GRDB

extension StoreOpening {
    // Bytes; big enough for chunks, small enough for small commits.
    private static let pageSize = 4096
    // KiB of pages that the writer keeps.
    private static let cacheSize = 16_384
    // Pages after which the log is folded into the file: 32 MiB.
    private static let checkpointPages = 8192

    func configuration(readonly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.readonly = readonly
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(options.patience / .seconds(1))
        configuration.maximumReaderCount = options.readers
        configuration.prepareDatabase { database in
            guard !database.configuration.readonly else { return }
            // Takes effect on a new file alone.
            try database.execute(sql: "PRAGMA page_size = \(Self.pageSize)")
            try database.execute(sql: "PRAGMA cache_size = -\(Self.cacheSize)")
            try database.execute(sql: "PRAGMA temp.cache_size = -\(Self.cacheSize)")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.checkpointPages)")
            try database.execute(sql: "PRAGMA journal_size_limit = \(Self.checkpointPages * Self.pageSize)")
            // Reads that trust a damaged file too much must end in an error.
            try database.execute(sql: "PRAGMA cell_size_check = ON")
        }
        return configuration
    }
}
