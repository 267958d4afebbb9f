extension CSVReader {
    // Room for `"sep=，"` and a line end.
    private static var separatorLineSize: Int { 16 }

    /// Reads a `sep=` line and settles the dialect. Answers false when more input is needed for that.
    mutating func prepare() -> Bool {
        let needed = dialect == nil ? sampleSize : Self.separatorLineSize
        guard buffer.count - rowStart >= needed || isInputEnded else { return false }
        let separator = skipSeparatorLine()
        let chosen = dialect ?? separator.map(CSVDialect.init) ?? detectDialect()
        dialect = chosen
        scanner = CSVScanner(delimiter: chosen.delimiter, limits: limits)
        isPrepared = true
        return true
    }

    // Excel writes and obeys a first line `sep=;`. It is no row.
    private mutating func skipSeparatorLine() -> CSVDelimiter? {
        let head = Array(buffer[rowStart..<min(buffer.count, rowStart + Self.separatorLineSize)])
        guard let end = head.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) ?? (isInputEnded ? head.count : nil) else {
            return nil
        }
        var text = String(decoding: head[..<end], as: UTF8.self)
        if text.count > 2, text.hasPrefix("\""), text.hasSuffix("\"") { text = String(text.dropFirst().dropLast()) }
        guard text.lowercased().hasPrefix("sep="), let delimiter = CSVDelimiter(rawValue: String(text.dropFirst(4)))
        else {
            return nil
        }
        let isBoth = end + 1 < head.count && head[end] == 0x0D && head[end + 1] == 0x0A
        let length = min(head.count, end + (isBoth ? 2 : 1))
        rowStart += length
        offset += length
        if end < head.count { line += 1 }
        return delimiter
    }

    private func detectDialect() -> CSVDialect {
        let sample = buffer[rowStart..<min(buffer.count, rowStart + sampleSize)]
        let isWhole = isInputEnded && sample.endIndex == buffer.count
        return DialectDetection.dialect(of: Array(sample), isWhole: isWhole, limits: limits)
    }
}
