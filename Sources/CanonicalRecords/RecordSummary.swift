/// What routes and the journal need to know of a record, read without decoding it.
public struct RecordSummary: Sendable, Hashable {
    /// What a record asks of whoever receives it. The numbers are those of `Operation` in the schema.
    public enum Operation: Int, Sendable, Hashable, CaseIterable {
        /// Nothing is said.
        case unspecified = 0
        /// Keep this state of the record.
        case upsert = 1
        /// Remove the record.
        case delete = 2
    }

    /// The number of the body's field; 0 when the record has no body that this build knows.
    public private(set) var bodyNumber = 0
    /// Where the provenance stands in the bytes of the record; extension and body follow it.
    public private(set) var provenance = 0..<0
    /// Where the id stands in the bytes of the record, as text.
    public private(set) var id = 0..<0
    /// Where the name of the source stands.
    public private(set) var source = 0..<0
    /// Where the id of the mapping stands.
    public private(set) var mapping = 0..<0
    /// Where the hash of the filing stands.
    public private(set) var filing = 0..<0
    /// Where the area code stands.
    public private(set) var areaCode = 0..<0
    /// What is to be done with the record. Numbers of later versions count as unspecified.
    public private(set) var operation = Operation.unspecified

    /// Reads the summary of a record.
    ///
    /// - Parameter record: The bytes of a `Record`.
    /// - Throws: ``RecordError`` when the fields of the envelope or of the provenance cannot be told apart. The body is
    ///   not looked into.
    public init(of record: Span<UInt8>) throws(RecordError) {
        var cursor = WireCursor(over: record)
        while let field = try cursor.next(in: record) {
            guard field.wireType == .lengthDelimited else { continue }
            if field.number == 1 {
                provenance = field.payload
                try readProvenance(record, in: field.payload)
            } else if Self.typeNames.indices.contains(field.number), Self.typeNames[field.number] != nil {
                bodyNumber = field.number
            }
        }
    }

    /// The name of the record type, e.g. `Person`; nil when the record has no body that this build knows.
    public var recordType: String? {
        Self.typeNames[bodyNumber]
    }

    /// The text at one of the ranges.
    ///
    /// - Parameter record: The bytes that the summary was read from.
    public func text(_ range: Range<Int>, in record: Span<UInt8>) -> String {
        record.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    // By field number of the envelope; the first place, 0, is never a type.
    private static let typeNames: [String?] = {
        let types = RecordSchema.canonical.recordTypes
        var names = [String?](repeating: nil, count: (types.map(\.bodyNumber).max() ?? 0) + 1)
        for type in types { names[type.bodyNumber] = type.name }
        return names
    }()

    // The numbers are those of `Provenance`; a test holds them against the schema.
    private mutating func readProvenance(_ record: Span<UInt8>, in range: Range<Int>) throws(RecordError) {
        var cursor = WireCursor(over: record, range: range)
        while let field = try cursor.next(in: record) {
            switch (field.number, field.wireType) {
            case (1, .lengthDelimited): id = field.payload
            case (2, .lengthDelimited): source = field.payload
            case (3, .lengthDelimited): mapping = field.payload
            case (5, .lengthDelimited): filing = field.payload
            case (10, .varint):
                operation = Operation(rawValue: Int(Int32(truncatingIfNeeded: field.value))) ?? .unspecified
            case (13, .lengthDelimited): areaCode = field.payload
            default: continue
            }
        }
    }
}
