public import CanonicalRecords

/// Some finished records of a document, encoded and in order.
public struct RecordBatch: Sendable {
    /// One record of a batch.
    public struct Entry: Sendable, Hashable {
        /// The number of the record type's field in `Record` (``CanonicalRecords/RecordType/bodyNumber``).
        public var typeNumber: Int
        /// The record's id; the same for the same source, record type and natural key.
        public var id: SipHash128.Digest
        /// Whether the record says that what it names is gone.
        public var isDelete: Bool
        /// Where the record is in ``RecordBatch/bytes``, its length prefix included.
        public var range: Range<Int>
        /// Where its content begins, that is body and extension but not provenance; it goes on to the end of the record.
        public var contentStart: Int

        /// Describes a record.
        public init(
            typeNumber: Int, id: SipHash128.Digest, isDelete: Bool, range: Range<Int>, contentStart: Int
        ) {
            self.typeNumber = typeNumber
            self.id = id
            self.isDelete = isDelete
            self.range = range
            self.contentStart = contentStart
        }
    }

    /// Length-delimited `Record` messages; at most ``Findings/Limits/chunkSize`` bytes unless a single record is
    /// longer.
    public var bytes: [UInt8]
    /// The records, in the order of their bytes.
    public var entries: [Entry]

    /// Makes a batch.
    public init(bytes: [UInt8] = [], entries: [Entry] = []) {
        self.bytes = bytes
        self.entries = entries
    }

    /// Hash of a record's content: equal exactly when nothing changed but where the record comes from.
    public func contentHash(of entry: Entry) -> SipHash128.Digest {
        let digest = ContentHash.digest(bytes.span.extracting(entry.contentStart..<entry.range.upperBound))
        // What is gone now is another thing than what was there, and mostly says the same.
        return entry.isDelete ? SipHash128.Digest(low: ~digest.low, high: ~digest.high) : digest
    }

    /// How many records there are.
    public var count: Int { entries.count }
}
