public import CanonicalRecords

/// Some finished records of a document, encoded and in order.
public struct RecordBatch: Sendable {
    /// One record of a batch.
    public struct Entry: Sendable, Hashable {
        /// The number of the record type's field in `Record` (``CanonicalRecords/RecordType/bodyNumber``).
        public var typeNumber: Int
        /// The record's id; the same for the same source, record type and natural key.
        public var id: SipHash128.Digest
        /// Hash of the record's content, that is body and extension but not provenance: equal exactly when nothing
        /// changed.
        public var contentHash: SipHash128.Digest
        /// Whether the record says that what it names is gone.
        public var isDelete: Bool
        /// Where the record is in ``RecordBatch/bytes``, its length prefix included.
        public var range: Range<Int>

        /// Describes a record.
        public init(
            typeNumber: Int, id: SipHash128.Digest, contentHash: SipHash128.Digest, isDelete: Bool, range: Range<Int>
        ) {
            self.typeNumber = typeNumber
            self.id = id
            self.contentHash = contentHash
            self.isDelete = isDelete
            self.range = range
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

    /// How many records there are.
    public var count: Int { entries.count }
}
