import CanonicalRecords

/// Puts the records of a document into batches. Where a batch ends depends on the document alone.
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

    /// Takes the records of a block, whose bytes become a batch as they are where they are neither few nor too many.
    mutating func append(_ result: inout BlockResult) {
        guard result.output.count >= chunkSize / 2, result.output.count <= chunkSize else { return copy(result) }
        seal()
        entries.reserveCapacity(result.entries.count)
        for index in 0..<result.entries.count { add(result.entries[index], movedBy: 0) }
        swap(&bytes, &result.output)
        seal()
    }

    private mutating func add(_ entry: WrittenRecord, movedBy shift: Int) {
        entries.append(
            .init(
                typeNumber: types[Int(entry.entry)], id: entry.id, isDelete: entry.isDelete,
                range: entry.start + shift..<entry.end + shift, contentStart: entry.content + shift))
    }

    private mutating func copy(_ result: borrowing BlockResult) {
        var index = 0
        while index < result.entries.count {
            let first = result.entries[index]
            if bytes.count + first.end - first.start > chunkSize { seal() }
            let shift = bytes.count - first.start
            var end = first.start
            while index < result.entries.count {
                let entry = result.entries[index]
                guard entry.start == first.start || entry.end + shift <= chunkSize else { break }
                add(entry, movedBy: shift)
                end = entry.end
                index += 1
            }
            // The only batch of a small document takes the room that it needs.
            if bytes.isEmpty { bytes.reserveCapacity(hasSealed ? chunkSize : end - first.start) }
            bytes.append(contentsOf: result.output[first.start..<end])
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
