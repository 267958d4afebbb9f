/// 128 bits that name or summarise a record: a record's stable id, or the hash of its content.
public struct Fingerprint: Sendable, Hashable, Comparable, BitwiseCopyable, CustomStringConvertible {
    /// The first eight bytes, big-endian.
    public var high: UInt64
    /// The last eight bytes, big-endian.
    public var low: UInt64

    /// Joins the two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// In the order of the bytes.
    public static func < (left: Fingerprint, right: Fingerprint) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }

    /// 32 lower-case hexadecimal digits, as in a record's provenance.
    public var description: String {
        Hexadecimal.text(
            of: [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } })
    }
}

/// What the journal must know of one record to tell whether it is new, changed or unchanged.
public struct RecordKey: Sendable, Hashable {
    /// The field number of the record's body, which stands for its type.
    public var bodyNumber: Int32
    /// The record's stable id, unique within its source.
    public var id: Fingerprint
    /// The hash of everything in the record that counts as content (provenance such as line or filing does not).
    public var content: Fingerprint
    /// Where the record lies in its chunk's bytes, its length prefix included. Empty for a key without a record.
    public var range: Range<Int>

    /// Describes one record.
    public init(bodyNumber: Int32, id: Fingerprint, content: Fingerprint, range: Range<Int>) {
        self.bodyNumber = bodyNumber
        self.id = id
        self.content = content
        self.range = range
    }
}

/// Records on their way into the journal, in order.
public struct RecordChunk: Sendable {
    /// Length-delimited records: varint length, message, repeated.
    public var bytes: [UInt8]
    /// How many records there are.
    public var count: Int
    /// One key per record in order; needed for ``Delivery/upsert(scope:)`` and ``Delivery/snapshot(_:)``, else empty.
    public var keys: [RecordKey]

    /// Takes delimited records. Chunks may be of any size; the journal cuts and joins them as it stores them.
    public init(bytes: [UInt8], count: Int, keys: [RecordKey] = []) {
        self.bytes = bytes
        self.count = count
        self.keys = keys
    }
}

/// Records on their way out of the journal, in order.
public struct JournalChunk: Sendable, Hashable {
    /// The position of the first record; the others follow without gaps.
    public var firstPosition: Int64
    /// How many records there are.
    public var count: Int
    /// Length-delimited records, as they were committed.
    public var bytes: [UInt8]
    /// Where they came from, and so whose they are.
    public var origin: Origin

    /// Where records came from.
    public enum Origin: Sendable, Hashable {
        /// They were filed. Every route may select them.
        case filing(FilingIdentity)
        /// One that an exporter refused is sent again, to that route alone: as it was journaled or mended, or, where that is
        /// no longer there, as the exporter was offered it.
        case replay(route: String, isAsOffered: Bool)
    }

    /// The position of the last record.
    public var lastPosition: Int64 { firstPosition + Int64(count) - 1 }

    /// Describes a chunk.
    public init(firstPosition: Int64, count: Int, bytes: [UInt8], origin: Origin) {
        self.firstPosition = firstPosition
        self.count = count
        self.bytes = bytes
        self.origin = origin
    }
}
