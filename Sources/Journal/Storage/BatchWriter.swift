import Findings
import GRDB
import Synchronization

/// What the records of one batch came to so far.
struct BatchTally: Sendable, Hashable {
    var changes = RecordChanges()
    /// Distinct keys of the batch that the scope had before.
    var matchedKeys = 0
    /// Keys that the scope has no more, but another one does: nothing says that they are gone.
    var keptElsewhere = 0
}

/// Consecutive records of a batch that are stored together.
struct CutChunk: Sendable {
    /// How many records of the batch come before it.
    var first: Int
    var count: Int
    var bytes: [UInt8]
}

/// Cuts records into chunks, leaving out what a comparison finds unchanged.
struct ChunkCutter {
    private var comparison: KeyComparison?
    private(set) var tally: BatchTally
    private let place: String

    /// What the batch has stated so far.
    var stated: StatedKeys { comparison?.stated ?? StatedKeys() }

    private var chunks: [CutChunk] = []
    private var pending: [UInt8] = []
    private var pendingCount = 0
    // How many records of the batch are in chunks: the next one begins there.
    private var cut: Int

    init(comparison: KeyComparison?, tally: BatchTally = BatchTally(), place: String) {
        self.comparison = comparison
        self.tally = tally
        self.place = place
        self.cut = tally.changes.journaled
    }

    mutating func append(_ chunks: [RecordChunk]) throws {
        if comparison != nil, chunks.contains(where: { $0.keys.count != $0.count }) { throw malformed() }
        var wanted = try comparison?.judge(chunks, counting: &tally)[...]
        if wanted == nil { tally.changes.new += chunks.reduce(0) { $0 + $1.count } }
        for chunk in chunks {
            try append(chunk, wanted: wanted?.prefix(chunk.count))
            wanted = wanted?.dropFirst(chunk.count)
        }
    }

    /// Adds the record that says that a key is gone.
    mutating func appendDeletion(_ record: [UInt8]) throws {
        guard DelimitedRanges(of: record).only != nil else {
            throw JournalError.misuse(place, "a deletion is not one delimited record")
        }
        tally.changes.deleted += 1
        add(record[...])
    }

    /// Counts a key that is not said to be gone.
    mutating func noteKeptElsewhere() { tally.keptElsewhere += 1 }

    /// Makes a chunk of what has gathered.
    mutating func flush() {
        guard pendingCount > 0 else { return }
        chunks.append(CutChunk(first: cut, count: pendingCount, bytes: pending))
        cut += pendingCount
        pending = []
        pendingCount = 0
    }

    /// The chunks that are complete.
    mutating func takeChunks() -> [CutChunk] {
        defer { chunks = [] }
        return chunks
    }

    // What is handed over in the size of a chunk, and wanted whole, is a chunk as it is.
    private mutating func appendWhole(_ chunk: RecordChunk, wanted: ArraySlice<Bool>?) throws -> Bool {
        let sizes = (Limits.chunkSize / 2)...Limits.chunkSize
        guard sizes.contains(chunk.bytes.count), wanted?.allSatisfy({ $0 }) ?? true else { return false }
        guard wanted == nil ? DelimitedRanges.are(chunk.count, in: chunk.bytes) : chunk.keysAreRecords else {
            throw malformed()
        }
        flush()
        pending = chunk.bytes
        pendingCount = chunk.count
        flush()
        return true
    }

    // Records that follow each other and are wanted are taken together.
    private mutating func append(_ chunk: RecordChunk, wanted: ArraySlice<Bool>?) throws {
        if try appendWhole(chunk, wanted: wanted) { return }
        var ranges = DelimitedRanges(of: chunk.bytes)
        var together = 0..<0
        var count = 0
        for index in 0..<chunk.count {
            guard let range = ranges.next(), wanted == nil || chunk.keys[index].range == range else {
                throw malformed()
            }
            let isWanted = wanted.map { $0[$0.startIndex + index] } ?? true
            if !isWanted || pending.count + together.count + range.count > Limits.chunkSize {
                add(chunk.bytes[together], count: count)
                (together, count) = (range.lowerBound..<range.lowerBound, 0)
            }
            guard isWanted else { continue }
            together = (count == 0 ? range.lowerBound : together.lowerBound)..<range.upperBound
            count += 1
        }
        guard ranges.isAtEnd else { throw malformed() }
        add(chunk.bytes[together], count: count)
    }

    // A record beyond the size of a chunk has one of its own.
    private mutating func add(_ records: ArraySlice<UInt8>, count: Int = 1) {
        guard count > 0 else { return }
        if pendingCount > 0, pending.count + records.count > Limits.chunkSize { flush() }
        pending.append(contentsOf: records)
        pendingCount += count
    }

    private func malformed() -> JournalError {
        .misuse(place, "a chunk is not the delimited records that it says it is")
    }
}

/// Stores the records of one batch within a transaction.
struct BatchWriter {
    private let store: ChunkStore
    private let batch: Int64
    private var cutter: ChunkCutter
    private let leaves: KeyLeaves?
    private let scope: Scope?
    private let sourceKeys: SourceKeys?

    var tally: BatchTally { cutter.tally }

    /// - Parameters:
    ///   - store: Where chunks go.
    ///   - batch: The batch.
    ///   - scope: What its records are compared with, and what takes its place.
    ///   - compared: What has been compared and stored of the batch before.
    ///   - gathered: What the scope has besides its leaves.
    ///   - sourceKeys: What saves looking into other scopes, where there is one.
    init(
        store: ChunkStore, batch: Int64, scope: Scope?, compared: StagingWork.Compared = StagingWork.Compared(),
        gathered: GatheredKeys? = nil, sourceKeys: SourceKeys? = nil
    ) throws {
        self.sourceKeys = sourceKeys
        self.store = store
        self.batch = batch
        self.scope = scope
        let segments = store.segments
        let leaves = try scope.map { try KeyLeaves(database: store.database, scope: $0.number, segments: segments) }
        let isEmpty = scope?.keys == 0
        self.leaves = leaves
        cutter = ChunkCutter(
            comparison: leaves.map { leaves in
                KeyComparison(
                    stated: compared.stated,
                    find: isEmpty
                        ? nil : { try gathered?.find($0, in: leaves, unless: $1) ?? leaves.find($0, unless: $1) })
            },
            tally: compared.tally, place: store.place)
    }

    mutating func append(_ chunks: [RecordChunk]) throws {
        try cutter.append(chunks)
        try insert()
    }

    /// Leaves what was compared to be made the scope's state with that of other filings.
    func hand(to gathered: GatheredKeys) throws {
        try gathered.add(cutter.stated, of: batch)
    }

    /// Makes what was compared the scope's state.
    ///
    /// - Parameters:
    ///   - makeDelete: Makes the record for each key that the scope has and the batch did not state, which is removed and its
    ///     record added, unless another scope has stated the key since; `nil` when such keys are to stay.
    ///   - laterParts: What follows of the same filing.
    mutating func adopt(
        deleting makeDelete: ((RecordKey) throws -> [UInt8])?, laterParts: ArraySlice<FilingPart>
    ) throws {
        guard let leaves, let scope else { return }
        let others = try others(of: scope, areDeletesPossible: makeDelete != nil, laterParts: laterParts)
        let (store, changes) = (store, tally.changes)
        let file = try store.leafFile(for: changes.new + changes.changed, of: scope, batch: batch)
        try store.writing(file) {
            var merge = try KeyMerge(cutter.stated.runs, isAhead: file != nil)
            var (gone, sent): ([RecordKey], [StatedKey]) = ([], [])
            try leaves.adopt(&merge, deletingOthers: makeDelete != nil, into: file) { key in
                switch key {
                case .removed(let key):
                    gone.append(key)
                    if gone.count == Self.lookedUpAtOnce { try delete(&gone, others, by: makeDelete) }
                case .differing(let key):
                    guard let others else { return }
                    sent.append(key)
                    guard sent.count == Self.lookedUpAtOnce else { return }
                    try others.overrule(sent)
                    sent.removeAll(keepingCapacity: true)
                }
            }
            try others?.overrule(sent)
            try delete(&gone, others, by: makeDelete)
        }
    }

    // Keys that are looked up together in the other scopes.
    private static let lookedUpAtOnce = 1000

    // Nil where there are none, or where the filing sends nothing.
    private func others(
        of scope: Scope, areDeletesPossible: Bool, laterParts: ArraySlice<FilingPart>
    ) throws -> OtherScopes? {
        let changes = tally.changes
        guard areDeletesPossible || changes.new + changes.changed > 0 else { return nil }
        let others = try OtherScopes(
            scope, adding: changes.new, in: store, laterParts: laterParts, sourceKeys: sourceKeys)
        return others.isEmpty ? nil : others
    }

    // The keys are in the order of their ids.
    private mutating func delete(
        _ gone: inout [RecordKey], _ others: OtherScopes?, by makeDelete: ((RecordKey) throws -> [UInt8])?
    ) throws {
        guard let makeDelete, !gone.isEmpty else { return }
        let areKept = try others?.take(gone) ?? [Bool](repeating: false, count: gone.count)
        for (key, isKept) in zip(gone, areKept) {
            if isKept { cutter.noteKeptElsewhere() } else { try cutter.appendDeletion(makeDelete(key)) }
            try insert()
        }
        gone.removeAll(keepingCapacity: true)
    }

    /// Stores what has gathered. Nothing may follow in this transaction but more records.
    mutating func flush() throws {
        cutter.flush()
        try insert()
    }

    private mutating func insert() throws {
        for chunk in cutter.takeChunks() {
            try store.insert(batch: batch, first: chunk.first, count: chunk.count, bytes: chunk.bytes)
        }
    }
}

extension ChunkStore {
    /// Changes that reach nearly all leaves of a scope are not written twice, as what goes through the database's log is: all
    /// leaves go into a new file. Nil where the changes are few.
    func leafFile(for changes: Int, of scope: Scope, batch: Int64) throws -> LeafFile? {
        guard let segments, changes >= segments.leavesInFileFrom.withLock({ $0 }),
            changes >= scope.keys / Self.changedShare
        else { return nil }
        let file = try LeafFile(batch: batch, in: segments)
        if let unused = scope.leavesBefore { written?.unused.append(.leaves(unused)) }
        return file
    }

    // With one key in so many changed, most leaves are.
    private static let changedShare = 64

    /// Has a new file of leaves written, or none. On a full disk nothing is to lie about until somebody tries again.
    func writing(_ file: LeafFile?, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            if let file { _ = try? segments?.remove(.leaves(file.batch)) }
            throw error
        }
    }
}
