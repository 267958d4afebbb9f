import Findings
public import SignedPackages

/// The limits that can be set; the defaults are those of ``Limits``.
public struct GatewayLimits: Sendable, Hashable {
    /// Bytes of one filing; a larger one is rejected.
    public var filingSize = Limits.filingSize
    /// Bytes of one record; a larger one is set aside.
    public var recordSize = Limits.recordSize
    /// Bytes of one field.
    public var fieldSize = Limits.fieldSize
    /// Columns of a CSV row.
    public var csvColumns = Limits.csvColumns
    /// Nesting of XML elements.
    public var xmlDepth = Limits.xmlDepth
    /// Attributes of an XML element.
    public var xmlAttributes = Limits.xmlAttributes
    /// Findings that are kept for a filing; the rest are counted.
    public var findings = Limits.findingsPerFiling
    /// Free bytes on the file system of the state folder below which nothing is claimed.
    public var freeSpace = 256 << 20
    /// Journaled records that the slowest route has still before it, above which nothing is claimed.
    public var backlog = 20_000_000
    /// What a signed package may hold.
    public var package = PackageLimits()

    /// The defaults.
    public init() {}
}
