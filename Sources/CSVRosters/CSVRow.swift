/// The current row of a ``CSVReader``: its text, and where in it the fields are. It is good until the reader goes on.
public struct CSVRow: ~Escapable {
    /// The row as it is written, without its line end.
    public let bytes: Span<UInt8>
    /// Where the fields are.
    public let fields: Span<CSVField>
    @usableFromInline let scratch: Span<UInt8>
    @usableFromInline let rewrites: Span<Range<Int>>

    @_lifetime(copy bytes, copy fields, copy scratch, copy rewrites)
    init(_ bytes: Span<UInt8>, _ fields: Span<CSVField>, scratch: Span<UInt8>, rewrites: Span<Range<Int>>) {
        self.bytes = bytes
        self.fields = fields
        self.scratch = scratch
        self.rewrites = rewrites
    }

    /// The text of a field that the row has, without its quotes.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    public func text(_ field: CSVField) -> Span<UInt8> {
        if field.isRewritten { return scratch.extracting(rewrites[field.end]) }
        return bytes.extracting(field.start..<field.end)
    }
}

extension CSVReader {
    /// The current row.
    public var current: CSVRow {
        @_lifetime(borrow self)
        get { CSVRow(row, fields, scratch: scanner.scratch.span, rewrites: scanner.rewrites.span) }
    }
}
