/// Where a text or an attribute stands in a document, as offsets in its UTF-8.
public struct XMLStretch: Sendable, Hashable, BitwiseCopyable {
    /// Where the token begins that the text is, or the name of the attribute.
    public var origin: Int
    /// Where the text or value begins, where it stands there literally; otherwise it is negative.
    public var start: Int
    /// Where it ends.
    public var end: Int

    /// Makes a stretch.
    public init(origin: Int, start: Int, end: Int) {
        self.origin = origin
        self.start = start
        self.end = end
    }

    /// Whether the text or value is what the document says literally.
    public var isLiteral: Bool { start >= 0 }
}
