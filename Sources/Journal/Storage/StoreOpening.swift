import Dispatch
import GRDB

/// What opening a journal gives.
struct OpenedStore: Sendable {
    var pool: DatabasePool
    var lock: OwnerLock?
    var report: OpeningReport
}

/// Opens a journal: looks at the file, connects, checks, brings the layout up to date, recovers.
struct StoreOpening {
    let path: String
    let options: JournalOptions

    // Off the caller's thread: checking and recovering can take seconds.
    func run(measuredBy clock: any Clock<Duration>) async throws(JournalError) -> OpenedStore {
        let place = path
        var result: Result<OpenedStore, JournalError> = .failure(.missing(path))
        let duration = await clock.measure {
            result = await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(returning: Result { try open() }.mapError { JournalError($0, place: place) })
                }
            }
        }
        var store = try result.get()
        store.report.duration = duration
        return store
    }

    private var isOwner: Bool { options.access == .owner }

    private func open() throws -> OpenedStore {
        let file = try JournalFile(path: path)
        guard isOwner || !file.isEmpty else { throw JournalError.missing(path) }
        let lock = isOwner ? try OwnerLock.take(for: path) : nil
        // Looked at before the owner's connection, which writes: a newer journal is not touched.
        let before = file.isEmpty ? 0 : try inspectVersion()
        let pool = try DatabasePool(path: path, configuration: configuration(readonly: options.access == .reader))
        do {
            return OpenedStore(pool: pool, lock: lock, report: try prepare(pool, file: file, before: before))
        } catch {
            // What closing adds would hide the error that matters.
            try? pool.close()
            throw error
        }
    }

    private func inspectVersion() throws -> Int {
        let queue = try DatabaseQueue(path: path, configuration: configuration(readonly: true))
        defer { try? queue.close() }
        return try queue.read { database in
            let version = try Migration.storedVersion(in: database)
            let id = try Migration.storedApplicationID(in: database)
            let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            guard id == Migration.applicationID || (id == 0 && version == 0 && tables == 0) else {
                throw JournalError.foreign(path)
            }
            return try checked(version)
        }
    }

    private func checked(_ version: Int) throws(JournalError) -> Int {
        let newest = options.migrations.count
        guard version <= newest else { throw .newer(journal: version, program: newest, place: path) }
        guard isOwner || version == newest else {
            throw JournalError(
                .missing, place: path,
                message: "the journal has version \(version) and must first be brought up to version \(newest)",
                advice: "Start the gateway once; it does that when it opens the journal.")
        }
        return version
    }

    private func prepare(_ pool: DatabasePool, file: JournalFile, before: Int) throws -> OpeningReport {
        var report = OpeningReport(previousVersion: before, version: before)
        report.isNew = file.isEmpty
        report.size = file.size
        guard options.access != .reader else {
            report.lastPosition = try pool.read { try lastPosition($0) }
            return report
        }
        report.wasInterrupted = isOwner && file.hasCompanion
        return try recover(pool, report)
    }

    private func recover(_ pool: DatabasePool, _ report: OpeningReport) throws -> OpeningReport {
        var report = report
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: StagingStore.temporaryTables)
            if isOwner {
                if !report.isNew {
                    let check = JournalCheck(database: database, place: path)
                    report.check = try check.run(whole: report.size <= options.wholeCheckLimit)
                }
                try Migration.migrate(database, through: options.migrations)
                report.version = try Migration.storedVersion(in: database)
            }
            if let limit = options.pageLimit { try database.execute(sql: "PRAGMA max_page_count = \(limit)") }
            if isOwner { try removeAbandoned(database, &report) }
            report.lastPosition = try lastPosition(database)
        }
        return report
    }

    // A full disk does not prevent the start: the journal can still be read, and what is left waits.
    private func removeAbandoned(_ database: Database, _ report: inout OpeningReport) throws {
        let stagings = StagingStore(database: database)
        let segments = SegmentFolder(journal: path)
        var bytes: Int64 = 0
        do {
            while bytes < options.recoveryLimit {
                var step = StagingStore.Removal()
                try database.inTransaction(.immediate) {
                    step = try stagings.removeSome(of: segments)
                    return .commit
                }
                bytes += step.bytes
                report.stagingsRemoved += step.stagings
                if step.isDone { break }
            }
            try segments.removeOrphans(database)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            report.isDiskFull = true
        }
        report.stagingsLeft = try stagings.abandonedCount()
    }

    private func lastPosition(_ database: Database) throws -> Int64 {
        guard let position = try database.number("SELECT last_position FROM ledger") else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        return position
    }
}
