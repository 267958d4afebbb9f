public import Findings

/// What one document may demand of a ``DocumentConverter``.
public struct ConversionLimits: Sendable, Hashable {
    /// Bytes of one record; a row that makes a larger one is set aside.
    public var recordSize: Int
    /// Bytes of one value; a longer one is a bad value, and a longer XML attribute or CSV row rejects the document.
    public var fieldSize: Int
    /// Bytes after which a batch is handed out.
    public var chunkSize: Int
    /// Findings that are kept whole.
    public var findings: Int
    /// Rows above the header that are searched for it.
    public var preambleRows: Int
    /// Columns of a CSV row.
    public var columns: Int
    /// Bytes of one CSV row.
    public var rowSize: Int
    /// Nesting of XML elements.
    public var depth: Int
    /// Attributes of one XML element.
    public var attributes: Int
    /// Bytes of values that are read before they are converted, in place of those of ``RowBlock``; it makes no difference to
    /// what comes out.
    var blockSize: Int?

    /// The limits of ``Findings/Limits``, unless replaced.
    public init(
        recordSize: Int = Limits.recordSize, fieldSize: Int = Limits.fieldSize, chunkSize: Int = Limits.chunkSize,
        findings: Int = Limits.findingsPerFiling, preambleRows: Int = Limits.csvPreambleRows,
        columns: Int = Limits.csvColumns, rowSize: Int = Limits.csvRowSize, depth: Int = Limits.xmlDepth,
        attributes: Int = Limits.xmlAttributes
    ) {
        self.recordSize = recordSize
        self.fieldSize = fieldSize
        self.chunkSize = chunkSize
        self.findings = findings
        self.preambleRows = preambleRows
        self.columns = columns
        self.rowSize = rowSize
        self.depth = depth
        self.attributes = attributes
    }
}
