import CanonicalRecords

/// Puts the records of a document into batches. Where a batch ends depends on the records alone.
struct BatchBuilder: Sendable {
    private let chunkSize: Int
    // By entry of the program: the record type's number.
    private let types: [Int]
    private var bytes: [UInt8] = []
    private var entries: [RecordBatch.Entry] = []
    private var ready: [RecordBatch] = []
    private var hasSealed = false

    init(_ program: MappingProgram, chunkSize: Int) {
        self.chunkSize = chunkSize
        types = program.entries.map(\.bodyNumber)
    }

    /// Takes the records of a block.
    mutating func append(_ result: borrowing BlockResult) {
        var index = 0
        while index < result.entries.count {
            let first = result.entries[index]
            if bytes.count + first.end - first.start > chunkSize { seal() }
            let shift = bytes.count - first.start
            var end = first.start
            while index < result.entries.count {
                let entry = result.entries[index]
                guard entry.start == first.start || entry.end + shift <= chunkSize else { break }
                entries.append(
                    .init(
                        typeNumber: types[Int(entry.entry)], id: entry.id, isDelete: entry.isDelete,
                        range: entry.start + shift..<entry.end + shift, contentStart: entry.content + shift))
                end = entry.end
                index += 1
            }
            // The only batch of a small document takes the room that it needs.
            if bytes.isEmpty { bytes.reserveCapacity(hasSealed ? chunkSize : end - first.start) }
            bytes.append(result.output, first.start..<end)
        }
    }

    /// Makes the batch in progress ready as it is.
    mutating func seal() {
        guard !entries.isEmpty else { return }
        let count = entries.count
        hasSealed = true
        ready.append(RecordBatch(bytes: bytes, entries: entries))
        bytes = []
        entries = []
        entries.reserveCapacity(count + count / 8)
    }

    /// Forgets everything.
    mutating func discardAll() {
        bytes = []
        entries = []
        ready = []
    }

    mutating func takeReady() -> RecordBatch? {
        ready.isEmpty ? nil : ready.removeFirst()
    }
}
