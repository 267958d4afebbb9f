import Findings
import FoundationEssentials
import GRDB

/// Decides and writes the filings of one commit, inside its transaction.
struct CommitTransaction {
    let database: Database
    let place: String
    private let time: Date
    private let shelf: StagingShelf
    private let segments: SegmentFolder
    private var lastPosition: Int64
    private var lastBatch: Int64
    private var sources: SourceTallies
    private let filings: [JournaledFiling]
    private let gathered: GatheredKeys?
    private let sourceKeys: SourceKeys?
    let written = WrittenChunks()
    // What was written in all; nil when it was too much to be noted.
    private var chunks: [JournalChunk]? = []

    /// - Parameter filings: What is to be committed.
    init(
        database: Database, place: String, shelf: StagingShelf, segments: SegmentFolder,
        filings: [JournaledFiling] = [], at time: Date
    ) throws {
        self.database = database
        self.place = place
        self.time = time
        self.shelf = shelf
        self.segments = segments
        guard let ledger = try database.row("SELECT last_position, last_batch FROM ledger") else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        lastPosition = ledger[0]
        lastBatch = ledger[1]
        sources = SourceTallies(database: database)
        let store = ChunkStore(database: database, place: place, written: written, segments: segments)
        self.filings = filings
        let isGroup = filings.count > 1
        gathered = isGroup ? GatheredKeys(store, filings: filings) : nil
        sourceKeys = isGroup ? SourceKeys() : nil
    }

    /// What a transaction leaves behind: the position of the newest record, and the chunks that it wrote, if they are few.
    struct Result: Sendable {
        var lastPosition: Int64
        var chunks: [JournalChunk]?
        /// Files that nothing needs any more.
        var unused: [SegmentName]
    }

    /// Writes what the next commit continues.
    func finish() throws -> Result {
        try gathered?.settle()
        try database.run("UPDATE ledger SET last_position = ?, last_batch = ?", [lastPosition, lastBatch])
        try sources.write()
        return Result(lastPosition: lastPosition, chunks: chunks, unused: written.unused)
    }

    /// Decides the filings in order.
    mutating func commit() throws -> [CommitOutcome] {
        try filings.indices.map { index in
            gathered?.go(to: index)
            return try commit(filings[index])
        }
    }

    private mutating func commit(_ filing: JournaledFiling) throws -> CommitOutcome {
        try check(filing)
        let earlier = try FilingStore(database: database).find(filing.identity)
        if let earlier, let outcome = try recognise(filing.arrival, as: earlier) {
            try endStaging(of: filing)
            return outcome
        }
        return try journal(filing, insteadOf: earlier)
    }

    /// Decides an arrival whose bytes need not be converted; `nil` when they must be.
    mutating func recognise(_ arrival: Arrival) throws -> CommitOutcome? {
        guard let earlier = try FilingStore(database: database).find(arrival.identity) else { return nil }
        return try recognise(arrival, as: earlier)
    }

    private mutating func recognise(_ arrival: Arrival, as earlier: FilingSummary) throws -> CommitOutcome? {
        if let claim = arrival.claim, let receipt = try receipt(of: earlier.number, claim: claim) {
            return .repeated(earlier, receipt: receipt)
        }
        guard earlier.outcome != .rejected else { return nil }
        return try duplicate(arrival, of: earlier)
    }

    private func check(_ filing: JournaledFiling) throws {
        for part in filing.parts { try check(part, of: filing) }
    }

    private func check(_ part: FilingPart, of filing: JournaledFiling) throws {
        guard case .staged(let staging) = part.records else { return }
        guard staging.identity == filing.identity,
            staging.scope?.name == part.delivery.scope || filing.outcome == .rejected
        else { throw JournalError.misuse(place, "the staging is of another filing or scope") }
        guard try StagingStore(database: database).isLive(staging) else {
            throw JournalError.misuse(place, "the staging has ended")
        }
    }

    func endStaging(of filing: JournaledFiling) throws {
        for case .staged(let staging) in filing.parts.map(\.records) {
            try StagingStore(database: database).abandon(staging.batch)
        }
    }

    // The receipt of the arrival that was committed with this claim: outer nil without such an arrival, inner nil when the
    // receipt has been written.
    private func receipt(of filing: Int64, claim: String) throws -> ReceiptNumber?? {
        guard
            let row = try database.row(
                "SELECT number, receipt_at FROM arrival WHERE filing = ? AND claim = ?", [filing, claim])
        else { return nil }
        let written: Int64? = row[1]
        return .some(written == nil ? ReceiptNumber(rawValue: row[0]) : nil)
    }

    private mutating func duplicate(_ arrival: Arrival, of earlier: FilingSummary) throws -> CommitOutcome {
        var summary = earlier
        summary.duplicates += 1
        try database.run("UPDATE filing SET duplicates = duplicates + 1 WHERE number = ?", [summary.number])
        let receipt = try note(arrival, of: summary, event: .duplicate)
        try sources.duplicate(arrival.identity.source, at: arrival.receivedAt)
        return .duplicate(of: summary, receipt: receipt)
    }

    private mutating func journal(
        _ filing: JournaledFiling, insteadOf earlier: FilingSummary?
    ) throws -> CommitOutcome {
        var batch: Int64?
        var changes = RecordChanges()
        switch try journalRecords(of: filing) {
        case .held(let deletes, let keys): return .held(wouldDelete: deletes, of: keys)
        case .overtaken: return .overtaken
        case .none: break
        case .written(let written, let counted): (batch, changes) = (written, counted)
        }
        let source = try sources.journal(filing, insteadOf: earlier, changes: changes, at: time)
        let summary = try self.summary(of: filing, insteadOf: earlier, changes: changes)
        lastPosition += Int64(changes.journaled)
        if let batch, changes.journaled > 0 {
            let noted = written.chunks(of: summary, batch: batch)
            chunks = noted.flatMap { noted in chunks.map { $0 + noted } }
        }
        try FilingStore(database: database).write(summary, of: filing, source: source, batch: batch)
        try useUpApproval(of: filing, number: summary.number)
        let receipt = try note(filing.arrival, of: summary, event: earlier == nil ? .journaled : .retried)
        return .journaled(summary, receipt: receipt)
    }

    // An approval lets one snapshot through, once; that it was given stays among the filing's events.
    private func useUpApproval(of filing: JournaledFiling, number: Int64) throws {
        let approvals = Approvals(database: database)
        let isSnapshot = filing.parts.contains { if case .snapshot = $0.delivery { true } else { false } }
        guard isSnapshot, filing.outcome != .rejected,
            let time = try approvals.time(of: filing.identity)
        else { return }
        try EventStore(database: database).append([FilingEvent(at: time, kind: .approved)], to: number)
        try approvals.remove(filing.identity)
    }

    mutating func journalRecords(
        of filing: JournaledFiling, isPart: Bool = false, before laterParts: ArraySlice<FilingPart> = []
    ) throws -> RecordJournaling.Result {
        guard filing.outcome != .rejected else {
            try endStaging(of: filing)
            return .none
        }
        guard filing.furtherParts.isEmpty else {
            // What is undone with one of the parts must not have gathered.
            try gathered?.settle()
            return try journal(parts: filing)
        }
        let journaling = RecordJournaling(
            database: database, place: place, filing: filing, laterParts: laterParts, shelf: shelf, segments: segments,
            written: written, gathered: isPart ? nil : gathered,
            sourceKeys: sourceKeys)
        switch filing.records {
        case .chunks(let chunks):
            lastBatch += 1
            return try journaling.journal(chunks, as: lastBatch)
        case .staged(let staging):
            return try journaling.journal(staging)
        }
    }

    private func summary(
        of filing: JournaledFiling, insteadOf earlier: FilingSummary?, changes: RecordChanges
    ) throws -> FilingSummary {
        let number = try earlier?.number ?? ((database.number("SELECT max(number) FROM filing") ?? 0) + 1)
        return FilingSummary(
            number: number, identity: filing.identity, name: earlier?.name ?? filing.name, size: filing.size,
            mapping: filing.mapping, encoding: filing.encoding,
            // As the journal will give them back.
            receivedAt: Date(microseconds: filing.receivedAt.microseconds),
            journaledAt: Date(microseconds: time.microseconds), outcome: filing.outcome,
            attempts: (earlier?.attempts ?? 0) + 1, duplicates: 0, counts: filing.counts,
            findingCodes: filing.findings.counts, findingSeverities: filing.findings.severities, changes: changes,
            firstPosition: changes.journaled > 0 ? lastPosition + 1 : nil, isPruned: false)
    }

    private func note(
        _ arrival: Arrival, of filing: FilingSummary, event: FilingEventKind
    ) throws -> ReceiptNumber {
        try database.run(
            """
            INSERT INTO arrival (filing, claim, name, received_at, journaled_at, event, outcome)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                filing.number, arrival.claim, Data(arrival.name), arrival.receivedAt.microseconds, time.microseconds,
                event.rawValue, filing.outcome.column,
            ])
        return ReceiptNumber(rawValue: database.lastInsertedRowID)
    }
}
