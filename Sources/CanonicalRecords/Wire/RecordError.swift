/// Why record bytes, or the JSON of a record, cannot be used.
///
/// Records are made by us, so this is never a finding about a document: bytes were damaged, or do not come from here.
public struct RecordError: Error, Sendable, CustomStringConvertible {
    /// The stable word for what is wrong. Machines compare this.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The word, e.g. `record.truncated`.
        public let rawValue: String

        /// Names a code.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The bytes end inside a field.
        public static let truncated = Code(rawValue: "record.truncated")
        /// A varint is longer than ten bytes.
        public static let varint = Code(rawValue: "record.varint")
        /// A field number is 0 or too high, or the wire type does not exist.
        public static let tag = Code(rawValue: "record.tag")
        /// Groups are nested too deep, or do not end.
        public static let group = Code(rawValue: "record.group")
        /// A text is not UTF-8.
        public static let text = Code(rawValue: "record.text")
        /// A record of a stream is larger than the limit.
        public static let size = Code(rawValue: "record.size")
        /// A line is not the JSON of a record.
        public static let json = Code(rawValue: "record.json")
    }

    /// What is wrong.
    public var code: Code
    /// Where: the offset of a byte in the bytes that were given.
    public var offset: Int
    /// The error of the library that found it, where one did.
    public var underlying: (any Error)?

    /// The same bytes fail the same way.
    public var retryHelps: Bool { false }

    /// What to do about it.
    public var nextStep: String {
        switch code {
        case .size: "Raise the limit of record sizes if the record is genuine."
        case .json: "Mend the line, or leave it out."
        default: "Restore the bytes from a copy, or have the filing converted again."
        }
    }

    /// Describes what is wrong at an offset.
    public init(_ code: Code, at offset: Int, underlying: (any Error)? = nil) {
        self.code = code
        self.offset = offset
        self.underlying = underlying
    }

    /// The code, the place and the cause, for logs. It quotes nothing of the record.
    public var description: String {
        "\(code.rawValue) at byte \(offset)" + (underlying.map { " (\(type(of: $0)))" } ?? "")
    }
}
