public import Findings

/// The header of a roster: what its columns are called, and what stood above it.
public struct CSVHeader: Sendable, Hashable {
    /// The column names from left to right, as ``HeaderName`` normalises them; empty where a column has none.
    ///
    /// Under a merged cell of a two-row header they are joined, `联系方式/手机`. A name that occurs again gets a number,
    /// `电话#2`.
    public var columns: [String]
    /// Where each name stands.
    public var columnPlaces: [SourcePlace]
    /// Where the header begins.
    public var place: SourcePlace
    /// The number of the header's last row among all rows.
    public var lastRow: Int
    /// The rows above the header, blank ones left out.
    public var preamble: [CSVPreambleRow]
    /// What there is to say about the header.
    public var findings: [Finding]

    /// Describes a header.
    public init(
        columns: [String], columnPlaces: [SourcePlace], place: SourcePlace, lastRow: Int, preamble: [CSVPreambleRow],
        findings: [Finding]
    ) {
        self.columns = columns
        self.columnPlaces = columnPlaces
        self.place = place
        self.lastRow = lastRow
        self.preamble = preamble
        self.findings = findings
    }

    /// The column of a name.
    ///
    /// The whole name comes first (`联系方式/手机`). Else the lower part of a joined name will do (`手机`), if only one
    /// column has it. Names are normalised before they are compared.
    ///
    /// - Returns: The 0-based column; `nil` if there is none, or the lower part is ambiguous.
    public func column(named name: String) -> Int? {
        HeaderCells.column(named: HeaderName.normalised(name), in: columns)
    }

    /// The column of the first of these names that exists.
    public func column(anyOf names: [String]) -> Int? {
        names.lazy.compactMap { column(named: $0) }.first
    }
}

/// A row above the header.
public struct CSVPreambleRow: Sendable, Hashable {
    /// Its cells as they are written, cut where they are very long.
    public var cells: [String]
    /// Where each of them begins.
    public var places: [SourcePlace]
    /// Where the row begins.
    public var place: SourcePlace

    /// Describes a row.
    public init(cells: [String], places: [SourcePlace], place: SourcePlace) {
        self.cells = cells
        self.places = places
        self.place = place
    }
}
