import CSVRosters

/// Looks at the numbers of rows that are not data.
struct TotalRows: Sendable {
    /// The numbers of a row of totals with their columns; the label's own cell may hold one, as in `合计：3038人`.
    func numbers(_ reader: borrowing CSVReader) -> [(column: Int, number: DeclaredNumber)] {
        var numbers: [(column: Int, number: DeclaredNumber)] = []
        for index in 0..<reader.fieldCount {
            if let number = total(FoldedValue(reader.field(index))) { numbers.append((index, number)) }
        }
        return numbers
    }

    /// Whether the row holds 1, 2, 3, …: the column numbers that forms print below their header.
    func areColumnNumbers(_ reader: borrowing CSVReader, _ rowBelowHeader: Int) -> Bool {
        guard rowBelowHeader == 1 else { return false }
        var expected = 0
        for index in 0..<reader.fieldCount {
            let folded = FoldedValue(reader.field(index))
            if folded.isEmpty { continue }
            guard let found = digits(folded)?.number, expected == 0 ? found <= 1 : found == expected else {
                return false
            }
            expected = found + 1
        }
        return expected > 2
    }

    // A count of things as any other, behind a label or not; else whatever whole number comes first. What is none (`3.5`, `-3`,
    // `3/4`, a formula) must not pass for the number that its first digits would be.
    private func total(_ folded: FoldedValue) -> DeclaredNumber? {
        if let count = DeclaredNumber(folded.span) { return count }
        for index in 0..<folded.count where folded[index] == UInt8(ascii: ":") {
            return DeclaredNumber(folded.span.extracting((index + 1)...)) ?? wholeNumber(folded)
        }
        return wholeNumber(folded)
    }

    private func wholeNumber(_ folded: FoldedValue) -> DeclaredNumber? {
        guard let (number, range) = digits(folded) else { return nil }
        let isWhole =
            (range.lowerBound == 0 || !Self.isPartOfNumber(folded[range.lowerBound - 1]))
            && (range.upperBound == folded.count || !Self.isPartOfNumber(folded[range.upperBound]))
            && !isMagnified(folded, from: range.upperBound)
        return isWhole ? DeclaredNumber(number, NumberValue.qualifiers(beside: range, of: folded)) : nil
    }

    // ASCII letters, and signs that make something else of a number beside them.
    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte & 0xDF) || "+-./%=~$".utf8.contains(byte)
    }

    // Whether 百, 千, 万 or 亿 stands there.
    private func isMagnified(_ folded: FoldedValue, from start: Int) -> Bool {
        var index = start
        guard index < folded.count else { return false }
        let next = Scalars.next(in: folded.span, at: &index, end: folded.count)
        return [0x767E, 0x5343, 0x4E07, 0x4EBF].contains(next)
    }

    // The first run of digits, and where it stands; thousands separators are passed over.
    private func digits(_ folded: FoldedValue) -> (number: Int, range: Range<Int>)? {
        var (number, start) = (Int?.none, 0)
        var end = 0
        for index in 0..<min(folded.count, 64) {
            let byte = folded[index]
            if byte >= 0x30, byte <= 0x39 {
                guard (number ?? 0) < Int.max / 16 else { return nil }
                if number == nil { start = index }
                number = (number ?? 0) * 10 + Int(byte - 0x30)
                end = index + 1
            } else if number != nil, byte != 0x2C {
                break
            }
        }
        return number.map { ($0, start..<end) }
    }
}
