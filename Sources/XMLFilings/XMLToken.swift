/// What ``XMLReader/next()`` came upon.
public enum XMLToken: Hashable, Sendable, BitwiseCopyable {
    /// Everything that was appended has been read; append more, or call ``XMLReader/endInput()``.
    case needsInput
    /// A start tag: ``XMLReader/name`` and the attributes are set. An empty-element tag gives `startElement`, then
    /// `endElement`.
    case startElement
    /// A piece of character data (text, references resolved, or CDATA): ``XMLReader/text`` is set and never empty.
    ///
    /// One run of text may come in several pieces; each consists of whole characters. White space between elements is
    /// text, too.
    case text
    /// An end tag: ``XMLReader/name`` is the element that ends.
    case endElement
    /// The document is complete and well-formed.
    case endOfDocument
}
