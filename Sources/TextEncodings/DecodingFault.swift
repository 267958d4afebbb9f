/// Something in the bytes of a document that its encoding does not allow, or a character that has no meaning of its own.
public struct DecodingFault: Sendable, Hashable {
    /// What is wrong.
    public enum Kind: Sendable, Hashable, CaseIterable {
        /// The bytes are no character of the encoding; U+FFFD was written for them.
        case invalid
        /// The document ends inside a character; U+FFFD was written for its beginning.
        case cutAtEnd
        /// A private-use character was written: what it shows depends on the font of whoever filed it.
        case privateUse
    }

    /// What is wrong.
    public var kind: Kind
    /// Offset of the first of ``bytes`` in the document as it was filed, its byte order mark counted.
    public var originalOffset: Int
    /// Offset, in the UTF-8 output, of what was written for them.
    public var utf8Offset: Int
    /// The bytes as they were filed, 1–4.
    public var bytes: [UInt8]

    /// Describes a fault.
    public init(kind: Kind, originalOffset: Int, utf8Offset: Int, bytes: [UInt8]) {
        self.kind = kind
        self.originalOffset = originalOffset
        self.utf8Offset = utf8Offset
        self.bytes = bytes
    }

    /// The bytes in hexadecimal, e.g. `FE 39`.
    public var hexadecimalBytes: String {
        bytes.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return byte < 16 ? "0" + digits : digits
        }.joined(separator: " ")
    }
}
