/// Where a text or an attribute stands in a document, as offsets in its UTF-8.
public struct XMLStretch: Sendable, Hashable, BitwiseCopyable {
    /// Where the token begins that the text is, or the name of the attribute.
    public var origin: Int
    /// Where the text or value begins, where it stands there literally; otherwise -1.
    public var start: Int
    /// Where it ends.
    public var end: Int

    /// Whether the text or value is what the document says literally.
    public var isLiteral: Bool { start >= 0 }
}

/// Whether a token of an ``XMLReader`` has text.
public enum XMLTextKind: Sendable, Hashable, BitwiseCopyable {
    /// It has none.
    case none
    /// It has text that stands in the document as it is.
    case literal
    /// It has text that the document says in another way: by references, or with other line ends.
    case rewritten
}
