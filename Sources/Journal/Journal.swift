import GRDB

/// The durable store of filings, their records and their deliveries: one writer, many readers.
///
/// What a method has returned is durable: it survives the death of the process and, unless the method says otherwise, of the
/// machine. A method that throws has written nothing. Times are handed in; the journal never reads the clock. Methods may
/// be called from any task; they are not interrupted by its cancellation, so that no caller is left in doubt about a commit.
///
/// The parts: ``commit(_:at:)`` and stagings take filings in; ``chunks(after:limitBytes:)`` and ``waitForRecords(after:)`` give
/// records out; ``advance(_:at:)`` keeps what routes have done; ``receiptsDue(limit:)`` says what must be answered; the rest
/// is for people.
public final class Journal: Sendable {
    /// The path it was opened with.
    public let path: String
    /// What was found and done when it was opened.
    public let openingReport: OpeningReport
    /// The newest version of the layout that this program knows.
    public static let currentVersion = Migration.all.count
    /// How many entries an error or a report names at most.
    public static let listLimit = 10

    let pool: DatabasePool
    let gate: RecordGate
    let shelf = StagingShelf()
    let segments: SegmentFolder
    let recent = RecentChunks()
    let access: JournalOptions.Access
    // The epoch of this opening.
    let epoch = EpochStore.makeToken()
    // Held, never used again: letting go of it lets another owner in.
    let lock: OwnerLock?

    init(path: String, opened: OpenedStore, access: JournalOptions.Access) {
        self.path = path
        self.openingReport = opened.report
        self.pool = opened.pool
        self.segments = SegmentFolder(journal: path)
        self.gate = RecordGate(lastPosition: opened.report.lastPosition)
        self.access = access
        self.lock = opened.lock
    }

    /// Opens a journal, or makes one (owner only).
    ///
    /// - Parameters:
    ///   - path: The journal's file. Its companions lie beside it: `-wal`, `-shm` and `.lock`, and the
    ///     folder `-chunks`.
    ///   - options: What the opener is going to do.
    ///   - clock: Measures how long it took.
    /// - Throws: ``JournalError`` with code `newer`, `damaged`, `foreign`, `missing`, `owned`, `busy`, `full` or
    ///   `inputOutput`.
    public static func open(
        path: String,
        options: JournalOptions = JournalOptions(),
        clock: any Clock<Duration> = ContinuousClock()
    ) async throws(JournalError) -> Journal {
        let opened = try await StoreOpening(path: path, options: options).run(measuredBy: clock)
        return Journal(path: path, opened: opened, access: options.access)
    }

    /// Closes the journal; every later call throws `closed`, and whoever waits for records is woken with a cancellation.
    ///
    /// Closing it twice is no error.
    ///
    /// - Throws: `busy` when a read is still running.
    public func close() throws(JournalError) {
        guard gate.close() else { return }
        recent.clear()
        do {
            // Folds everything into the file, which closing alone does not when a reader is the last to go. What cannot be
            // folded in now (a full disk, a reader elsewhere) stays in the companion and is safe there.
            if access == .owner { pool.writeWithoutTransaction { _ = try? $0.checkpoint(.truncate) } }
            try pool.close()
        } catch {
            throw JournalError(error, place: path)
        }
        lock?.release()
    }
}
