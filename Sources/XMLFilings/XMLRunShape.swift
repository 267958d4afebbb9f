/// What a run of an ``XMLReader`` consists of: end tags, then one start tag, if there is one, then its end if it is an
/// empty-element tag.
public struct XMLRunShape: Sendable, Hashable, BitwiseCopyable {
    /// How many elements end before the start tag.
    public var ends: Int
    /// The element that starts at last; nil where the run is one of end tags only.
    public var start: XMLNameID?
    /// Whether the element that starts also ends.
    public var isEmptyElement: Bool
    /// How many attributes that one has.
    public var attributeCount: Int
}
