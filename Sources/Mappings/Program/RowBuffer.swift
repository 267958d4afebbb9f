import CanonicalRecords

/// The records of the row in progress, and the batches that are full: a row's records are added together or not at all.
struct RowBuffer: ~Copyable {
    /// The records of the row in progress, each with its length in front.
    var row = RecordBuffer()
    private var entries: [RecordBatch.Entry] = []
    private var batch = RecordBuffer()
    private var batchEntries: [RecordBatch.Entry] = []
    private var ready: [RecordBatch] = []
    private let chunkSize: Int

    init(chunkSize: Int) {
        self.chunkSize = chunkSize
    }

    /// Whether the row has given something.
    var isEmpty: Bool { entries.isEmpty }

    /// Notes a record whose bytes have been appended to ``row``.
    mutating func add(_ entry: RecordBatch.Entry) {
        entries.append(entry)
    }

    /// Forgets the row.
    mutating func discard() {
        row.removeAll()
        entries.removeAll(keepingCapacity: true)
    }

    /// Takes the row's records into the batch. Where a batch ends depends on the records alone.
    mutating func commit() {
        for entry in entries {
            if batch.count + entry.range.count > chunkSize { seal() }
            let start = batch.count
            batch.append(row, entry.range)
            var moved = entry
            moved.range = start..<batch.count
            batchEntries.append(moved)
        }
        discard()
    }

    /// Makes the batch in progress ready as it is.
    mutating func seal() {
        guard !batchEntries.isEmpty else { return }
        ready.append(RecordBatch(bytes: batch.copied(), entries: batchEntries))
        batch.removeAll()
        batchEntries.removeAll(keepingCapacity: true)
    }

    /// Forgets everything.
    mutating func discardAll() {
        discard()
        batch.removeAll()
        batchEntries.removeAll()
        ready.removeAll()
    }

    mutating func takeReady() -> RecordBatch? {
        ready.isEmpty ? nil : ready.removeFirst()
    }
}
