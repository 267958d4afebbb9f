import CanonicalRecords

/// Records on their way to an exporter, in the order of their positions, with their bytes in one array.
///
/// Millions of records go this way: a batch is handed on whole, so that nothing is counted or copied record by record.
public struct FeedBatch: Sendable, RandomAccessCollection {
    /// Where a record is.
    public struct Entry: Sendable, Hashable {
        /// Its position along the route.
        public var position: UInt64
        /// The range of its bytes.
        public var range: Range<Int>

        /// Describes a record.
        public init(position: UInt64, range: Range<Int>) {
            self.position = position
            self.range = range
        }
    }

    let bytes: [UInt8]
    private let entries: [Entry]
    // Those of the entries that are meant.
    private var bounds: Range<Int>
    // Whether every record has its protobuf frame in front, and nothing else lies between them.
    private let isFramed: Bool
    /// Bytes of its records.
    public private(set) var byteCount: Int

    /// A batch of records that lie in `bytes`.
    public init(bytes: [UInt8], entries: [Entry]) {
        for entry in entries {
            precondition(entry.range.upperBound <= bytes.count, "A record lies outside of the bytes")
        }
        self.init(bytes, entries, isFramed: false)
    }

    init(_ bytes: [UInt8], _ entries: [Entry], isFramed: Bool) {
        self.bytes = bytes
        self.entries = entries
        self.isFramed = isFramed
        bounds = entries.indices
        byteCount = entries.reduce(0) { $0 + $1.range.count }
    }

    /// A batch of records that lie anywhere.
    public init(_ records: some Sequence<FeedRecord>) {
        var bytes: [UInt8] = []
        var entries: [Entry] = []
        for record in records {
            let start = bytes.count
            bytes += record.bytes
            entries.append(Entry(position: record.position, range: start..<bytes.count))
        }
        self.init(bytes: bytes, entries: entries)
    }

    /// 0, for every batch.
    public var startIndex: Int { 0 }
    /// How many records there are.
    public var endIndex: Int { bounds.count }

    /// A record. Its bytes share the batch's storage.
    public subscript(index: Int) -> FeedRecord {
        let entry = entry(index)
        return FeedRecord(position: entry.position, bytes: bytes[entry.range])
    }

    /// Where a record is, without its bytes.
    public func entry(_ index: Int) -> Entry {
        precondition(index >= 0 && index < bounds.count, "There is no such record in the batch")
        return entries[bounds.lowerBound + index]
    }

    /// Takes the first records away.
    public mutating func takeFirst(_ count: Int) -> FeedBatch {
        precondition(count >= 0 && count <= bounds.count, "A batch cannot give more than it has")
        var first = self
        first.bounds = bounds.lowerBound..<(bounds.lowerBound + count)
        bounds = first.bounds.upperBound..<bounds.upperBound
        if !bounds.isEmpty { first.byteCount = entries[first.bounds].reduce(0) { $0 + $1.range.count } }
        byteCount -= first.byteCount
        return first
    }

    /// Its records as protobuf frames, if they were framed when they were gathered.
    var frames: ArraySlice<UInt8>? {
        guard isFramed, !bounds.isEmpty else { return nil }
        let start = bounds.lowerBound == 0 ? 0 : entries[bounds.lowerBound - 1].range.upperBound
        return bytes[start..<entries[bounds.upperBound - 1].range.upperBound]
    }

    /// How many records are at positions up to this.
    func count(through position: UInt64) -> Int {
        var (low, high) = (bounds.lowerBound, bounds.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].position <= position { low = middle + 1 } else { high = middle }
        }
        return low - bounds.lowerBound
    }
}

/// Gathers records for an exporter, already framed as most exporters get them, so that they are not copied once more.
public struct FeedFrames: Sendable {
    private var bytes: [UInt8] = []
    private var entries: [FeedBatch.Entry] = []

    /// Makes room.
    ///
    /// - Parameters:
    ///   - records: How many records are to be expected.
    ///   - bytes: How many bytes they have, about.
    public init(records: Int, bytes: Int) {
        entries.reserveCapacity(records)
        self.bytes.reserveCapacity(bytes + records * FrameWriter.usualHeaderSize + FrameWriter.greatestHeaderSize)
    }

    /// Adds a record.
    public mutating func append(_ record: Span<UInt8>, at position: UInt64) {
        let count = record.count
        bytes.append(addingCapacity: FrameWriter.greatestHeaderSize + count) { output in
            FrameWriter.appendHeader(ofRecord: count, at: position, to: &output)
            output.append(record)
        }
        let end = bytes.count
        entries.append(FeedBatch.Entry(position: position, range: (end - count)..<end))
    }

    /// All of them.
    public consuming func batch() -> FeedBatch { FeedBatch(bytes, entries, isFramed: true) }
}
