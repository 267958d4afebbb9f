/// A run that an ``XMLReader`` has passed over.
public struct XMLRun: Sendable, Hashable, BitwiseCopyable {
    /// The same for all runs that are the same but for the text and the values.
    public var number: Int32
    /// The index of its first attribute among ``XMLReader/passedAttributes``.
    public var firstAttribute: Int32
    /// Where its last tag begins.
    public var offset: Int
    /// Where the text at its beginning stands, which is what the document says literally; -1 where it has none.
    public var textStart = -1
    /// Where the text ends.
    public var textEnd = -1
}
