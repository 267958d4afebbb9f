/// Which encoding a filing is in, and what the survey saw on its way.
public struct EncodingVerdict: Sendable, Hashable, Codable {
    /// The encoding: that of the byte order mark; else UTF-8 if all bytes are valid UTF-8, or were before some were damaged;
    /// else GB18030.
    public var encoding: TextEncoding
    /// Bytes of the byte order mark at the start; 0 when there is none.
    public var byteOrderMark: Int
    /// No byte is above 7F, so that every encoding but UTF-16 reads the same text.
    public var isPureASCII: Bool
    /// Offset of the first byte that is not valid UTF-8, counted from the start of the filing; `nil` in valid UTF-8
    /// and in UTF-16. In a filing whose encoding is UTF-8 it means that bytes are damaged or missing.
    public var firstInvalidUTF8Offset: Int?
    /// The last character is incomplete although everything before it is valid UTF-8: the filing was cut off.
    public var isCutAtEnd: Bool
    /// Bytes surveyed, the byte order mark among them.
    public var byteCount: Int

    /// Makes a verdict.
    public init(
        encoding: TextEncoding, byteOrderMark: Int, isPureASCII: Bool, firstInvalidUTF8Offset: Int?, isCutAtEnd: Bool,
        byteCount: Int
    ) {
        self.encoding = encoding
        self.byteOrderMark = byteOrderMark
        self.isPureASCII = isPureASCII
        self.firstInvalidUTF8Offset = firstInvalidUTF8Offset
        self.isCutAtEnd = isCutAtEnd
        self.byteCount = byteCount
    }
}
