import Findings
import GRDB

/// What the records of one batch came to so far.
struct BatchTally: Sendable, Hashable {
    var changes = RecordChanges()
    /// Distinct keys of the batch that the scope had before.
    var matchedKeys = 0
}

/// Cuts records into chunks as they are stored, leaving out what a comparison finds unchanged.
struct BatchWriter {
    private let store: ChunkStore
    private let batch: Int64
    private let comparison: KeyComparison?
    private(set) var tally: BatchTally
    private var pending: [UInt8] = []
    private var pendingCount = 0
    // How many records of the batch have been stored: the next chunk begins there.
    private var stored: Int

    init(store: ChunkStore, batch: Int64, comparison: KeyComparison?, tally: BatchTally = BatchTally()) {
        self.store = store
        self.batch = batch
        self.comparison = comparison
        self.tally = tally
        self.stored = tally.changes.journaled
    }

    mutating func append(_ chunks: [RecordChunk]) throws {
        for chunk in chunks {
            if let comparison {
                try append(chunk, comparedBy: comparison)
            } else {
                try append(chunk)
            }
        }
    }

    /// Adds the deletion of one key.
    mutating func appendDeletion(_ record: [UInt8]) throws {
        guard DelimitedRanges(of: record).only != nil else {
            throw JournalError.misuse(store.place, "a deletion is not one delimited record")
        }
        tally.changes.deleted += 1
        try add(record[...])
    }

    /// Stores what has gathered. Nothing may follow in this transaction but more records.
    mutating func flush() throws {
        guard pendingCount > 0 else { return }
        try store.insert(batch: batch, first: stored, count: pendingCount, bytes: pending)
        stored += pendingCount
        pending.removeAll(keepingCapacity: true)
        pendingCount = 0
    }

    private mutating func append(_ chunk: RecordChunk) throws {
        tally.changes.new += chunk.count
        if pendingCount == 0, chunk.count > 0, chunk.bytes.count <= Limits.chunkSize, isWellFormed(chunk) {
            pending = chunk.bytes
            pendingCount = chunk.count
            return
        }
        var ranges = DelimitedRanges(of: chunk.bytes)
        var count = 0
        while let range = ranges.next() {
            count += 1
            try add(chunk.bytes[range])
        }
        guard ranges.isAtEnd, count == chunk.count else { throw malformed() }
    }

    private mutating func append(_ chunk: RecordChunk, comparedBy comparison: KeyComparison) throws {
        guard chunk.keys.count == chunk.count else { throw malformed() }
        var ranges = DelimitedRanges(of: chunk.bytes)
        for key in chunk.keys {
            guard let range = ranges.next(), range == key.range else { throw malformed() }
            if try comparison.judge(key, counting: &tally) {
                try add(chunk.bytes[range])
            }
        }
        guard ranges.isAtEnd else { throw malformed() }
    }

    private func isWellFormed(_ chunk: RecordChunk) -> Bool {
        var ranges = DelimitedRanges(of: chunk.bytes)
        var count = 0
        while ranges.next() != nil { count += 1 }
        return ranges.isAtEnd && count == chunk.count
    }

    // A record beyond the size of a chunk has one of its own.
    private mutating func add(_ record: ArraySlice<UInt8>) throws {
        if pendingCount > 0, pending.count + record.count > Limits.chunkSize { try flush() }
        pending.append(contentsOf: record)
        pendingCount += 1
    }

    private func malformed() -> JournalError {
        .misuse(store.place, "a chunk is not the delimited records that it says it is")
    }
}

/// Walks over length-delimited records: varint length, message, repeated.
struct DelimitedRanges {
    private let bytes: [UInt8]
    private var offset = 0

    init(of bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the records fill the bytes exactly, once `next` has given `nil`.
    var isAtEnd: Bool { offset == bytes.count }

    /// The range of the one record that fills the bytes.
    var only: Range<Int>? {
        var copy = self
        guard let range = copy.next(), copy.isAtEnd else { return nil }
        return range
    }

    /// The next record with its length prefix; `nil` at the end and at anything that is no whole record.
    mutating func next() -> Range<Int>? {
        var length = 0
        var shift = 0
        var index = offset
        while index < bytes.count, shift < 35 {
            let byte = bytes[index]
            index += 1
            length |= Int(byte & 0x7F) << shift
            shift += 7
            guard byte & 0x80 == 0 else { continue }
            guard length <= bytes.count - index else { return nil }
            defer { offset = index + length }
            return offset..<(index + length)
        }
        return nil
    }
}
