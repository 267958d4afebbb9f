import CSVRosters

/// Looks at the numbers of rows that are not data.
struct TotalRows: Sendable {
    /// The numbers of a row of totals with their columns; the label's own cell may hold one, as in `合计：3038人`.
    func numbers(_ reader: borrowing CSVReader) -> [(column: Int, number: Int)] {
        var numbers: [(column: Int, number: Int)] = []
        for index in 0..<reader.fieldCount {
            if let number = number(FoldedValue(reader.field(index))) { numbers.append((index, number)) }
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
            guard let found = number(folded), expected == 0 ? found <= 1 : found == expected else { return false }
            expected = found + 1
        }
        return expected > 2
    }

    // The first run of digits; thousands separators are passed over.
    private func number(_ folded: FoldedValue) -> Int? {
        var number: Int?
        for index in 0..<min(folded.count, 64) {
            let byte = folded[index]
            if byte >= 0x30, byte <= 0x39 {
                guard (number ?? 0) < Int.max / 16 else { return nil }
                number = (number ?? 0) * 10 + Int(byte - 0x30)
            } else if number != nil, byte != 0x2C {
                break
            }
        }
        return number
    }
}
