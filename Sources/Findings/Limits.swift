/// The defaults of every limit, in one place.
///
/// Each has a setting of the same name; when one is hit there is a finding (the document is at fault) or an error (we are
/// out of room), before memory is taken for what exceeds it.
public enum Limits {
    /// Bytes of one filing.
    public static let filingSize = 4 << 30
    /// Bytes of one canonical record.
    public static let recordSize = 1 << 20
    /// Bytes of one CSV field, XML text or XML attribute value.
    public static let fieldSize = 1 << 20
    /// Columns of a CSV row.
    public static let csvColumns = 1024
    /// Bytes of one CSV row.
    public static let csvRowSize = 4 << 20
    /// Rows above the header that are searched for it.
    public static let csvPreambleRows = 50
    /// Nesting of XML elements.
    public static let xmlDepth = 256
    /// Attributes of one XML element.
    public static let xmlAttributes = 256
    /// Bytes of one XML tag, with its attributes.
    public static let xmlTagSize = 1 << 20
    /// Bytes of one XML name.
    public static let xmlNameSize = 1024
    /// Different names in one XML document.
    public static let xmlDistinctNames = 65_536
    /// Findings of one filing that are kept whole; the rest are counted.
    public static let findingsPerFiling = 10_000
    /// Characters of a value that a finding shows.
    public static let findingValueLength = 80
    /// Characters of a message about what somebody wrote: a mapping, a code table, settings.
    public static let messageLength = 1000
    /// Bytes of one chunk of delimited records in the journal.
    public static let chunkSize = 256 << 10
    /// Bytes of one frame of the exporter protocol.
    public static let frameSize = 16 << 20
}
