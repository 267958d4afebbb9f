extension CSVReader {
    /// How many fields the row has; a blank line has one, which is empty.
    public var fieldCount: Int { scanner.fields.count }

    /// The text of a field without its quotes, valid until the next call that changes the reader.
    ///
    /// A field that the row does not have is empty, so that short rows need no special care.
    @_lifetime(borrow self)
    public func field(_ index: Int) -> Span<UInt8> {
        guard index < scanner.fields.count else { return buffer.span.extracting(first: 0) }
        let field = scanner.fields[index]
        if field.isRewritten { return scanner.scratch.span.extracting(scanner.rewrites[field.end]) }
        return buffer.span.extracting(rowStart &+ field.start..<rowStart &+ field.end)
    }

    /// Where the fields are in ``row``.
    public var fields: Span<CSVField> {
        @_lifetime(borrow self)
        get { scanner.fields.span }
    }

    /// The text of a field as a string.
    public func string(_ index: Int) -> String {
        String(copying: field(index))
    }

    /// The text of all fields.
    public func strings() -> [String] {
        var cells: [String] = []
        for index in 0..<fieldCount { cells.append(string(index)) }
        return cells
    }

    /// Whether the field was written in quotes.
    public func wasQuoted(_ index: Int) -> Bool {
        index < fieldCount && scanner.fields[index].isQuoted
    }

    /// The row as it is written, without its line end.
    public var row: Span<UInt8> {
        @_lifetime(borrow self)
        get { buffer.span.extracting(rowStart..<min(rowStart + scanner.rowLength, buffer.count)) }
    }

    /// Whether nothing but blanks stands in the row, whatever its number of fields.
    public var isBlank: Bool {
        for index in 0..<fieldCount where !BlankText.isBlank(field(index)) { return false }
        return true
    }
}
