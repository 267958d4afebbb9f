public import Findings

/// What a roster may be at most; beyond it is refused, or recovered from, before memory is taken for it.
public struct CSVLimits: Sendable, Hashable {
    /// Columns of a row.
    public var columns: Int
    /// Bytes of one field, as it is written.
    public var fieldSize: Int
    /// Bytes of one row, without its line end. An open quote is searched for its end that far.
    public var rowSize: Int
    /// Rows above the header that are searched for it.
    public var preambleRows: Int

    /// Sets limits; each has its default.
    ///
    /// Row and field sizes are kept below 256 MiB, because places inside a row are counted in 32 bits.
    public init(
        columns: Int = Limits.csvColumns, fieldSize: Int = Limits.fieldSize, rowSize: Int = Limits.csvRowSize,
        preambleRows: Int = Limits.csvPreambleRows
    ) {
        self.columns = max(1, columns)
        self.fieldSize = max(0, min(fieldSize, Self.largestRow))
        self.rowSize = max(1, min(rowSize, Self.largestRow))
        self.preambleRows = max(0, preambleRows)
    }

    private static let largestRow = 256 << 20
}
