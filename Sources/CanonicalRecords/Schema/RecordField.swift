/// One field of a message: what it is called, what it holds, and how it is protected.
public struct RecordField: Sendable {
    /// The name in the `.proto` file, e.g. `identity_number`. Mappings use it.
    public let name: String
    /// The name in JSON, e.g. `identityNumber`.
    public let jsonName: String
    /// The field number on the wire.
    public let number: Int
    /// What the field means.
    public let kind: FieldKind
    /// How its values are encoded.
    public let shape: FieldShape
    /// Whether it holds a list. Maps are not repeated.
    public let isRepeated: Bool
    /// Whether zero is told apart from absence: a value that is present is written even when it is zero.
    public let hasPresence: Bool
    /// The oneof that it belongs to, e.g. `body`; nil for most.
    public let oneof: String?
    /// How it is masked; nil when it is not sensitive.
    public let masking: Masking?
    /// For references: the name of the record type that is pointed to.
    public let refersTo: String?
    /// The name for people, in Chinese.
    public let title: String
    /// What else forms call the column or element that holds it.
    public let terms: [String]
    /// The standard that it comes from; empty where there is none.
    public let clause: String
    /// What the comment in the `.proto` file says, in English, on one line.
    public let documentation: String

    /// Whether it must not be shown whole outside the records.
    public var isSensitive: Bool { masking != nil }

    /// Whether its repeated values share one length-delimited field on the wire.
    public var isPacked: Bool { isRepeated && shape.wireType != .lengthDelimited }
}

/// How the values of a field are encoded.
public enum FieldShape: Sendable {
    /// UTF-8 text.
    case string
    /// Bytes.
    case bytes
    /// A varint of 0 or 1.
    case bool
    /// A varint; negative numbers take ten bytes.
    case int32
    /// A varint; negative numbers take ten bytes.
    case int64
    /// A varint.
    case uint64
    /// Eight bytes, little-endian.
    case double
    /// A varint: the number of one of the values.
    case enumeration(Enumeration)
    /// A message of its own.
    case message(MessageShape)
    /// A map from text to text.
    case map

    /// The wire type of one value.
    public var wireType: WireType {
        switch self {
        case .string, .bytes, .message, .map: .lengthDelimited
        case .bool, .int32, .int64, .uint64, .enumeration: .varint
        case .double: .fixed64
        }
    }
}
