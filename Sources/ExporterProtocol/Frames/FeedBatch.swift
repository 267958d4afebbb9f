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

    /// A batch of records that lie in `bytes`.
    public init(bytes: [UInt8], entries: [Entry]) {
        for entry in entries {
            precondition(entry.range.upperBound <= bytes.count, "A record lies outside of the bytes")
        }
        self.bytes = bytes
        self.entries = entries
        bounds = entries.indices
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

    /// Bytes of its records.
    public var byteCount: Int { entries[bounds].reduce(0) { $0 + $1.range.count } }

    /// Takes the first records away.
    public mutating func takeFirst(_ count: Int) -> FeedBatch {
        precondition(count >= 0 && count <= bounds.count, "A batch cannot give more than it has")
        var first = self
        first.bounds = bounds.lowerBound..<(bounds.lowerBound + count)
        bounds = first.bounds.upperBound..<bounds.upperBound
        return first
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
