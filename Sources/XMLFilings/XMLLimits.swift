public import Findings

/// What one document may demand of an ``XMLReader``; past a limit there is a fatal finding, before memory is taken.
public struct XMLLimits: Sendable, Hashable {
    /// Nesting of elements; the root has depth 1.
    public var depth: Int
    /// Attributes of one element, namespace declarations included.
    public var attributes: Int
    /// Bytes of one tag as it is written, from `<` to `>`.
    public var tagSize: Int
    /// Bytes of one attribute value as it is written. Text has no limit here: it comes in pieces.
    public var valueSize: Int
    /// Bytes of one name, namespace URI, or reference such as `&amp;`.
    public var nameSize: Int
    /// Different names, prefixes and namespaces in one document.
    public var distinctNames: Int
    /// Bytes of one piece of text, 16 at the least. Longer text comes in several pieces.
    public var textPieceSize: Int

    /// The limits of ``Findings/Limits``, unless replaced.
    public init(
        depth: Int = Limits.xmlDepth,
        attributes: Int = Limits.xmlAttributes,
        tagSize: Int = Limits.xmlTagSize,
        valueSize: Int = Limits.fieldSize,
        nameSize: Int = Limits.xmlNameSize,
        distinctNames: Int = Limits.xmlDistinctNames,
        textPieceSize: Int = 64 << 10
    ) {
        self.depth = depth
        self.attributes = attributes
        self.tagSize = tagSize
        self.valueSize = valueSize
        self.nameSize = nameSize
        self.distinctNames = distinctNames
        self.textPieceSize = max(16, textPieceSize)
    }

    /// Bytes that all different names together may take: names average far less than 64 bytes.
    var nameStorage: Int { distinctNames * 64 }
}
