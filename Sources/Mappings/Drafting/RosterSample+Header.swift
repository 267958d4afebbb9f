import CSVRosters
import Findings

// Finding the header: rows that hold words for fields are tried, the search of the readers decides.
extension RosterSample {
    static func findHeader(
        _ text: [UInt8], isWhole: Bool, _ words: FieldWords
    ) throws(DraftRefusal) -> (CSVHeader, [String]) {
        let rows = try firstRows(text, isWhole: isWhole)
        guard !rows.isEmpty else {
            throw DraftRefusal(chinese: "文件没有内容", english: "there is nothing in it")
        }
        let known = rows.map { row in row.filter { words.isKnown($0) } }
        var best: (header: CSVHeader, required: [String], score: Int)?
        func isHeader(_ index: Int) -> Bool {
            Self.isHeader(rows[index], known: known[index], below: rows[(index + 1)...], words)
        }
        for index in rows.indices where isHeader(index) {
            var attempts = [known[index]]
            if index + 1 < rows.count, isHeader(index + 1) {
                attempts.append(known[index] + known[index + 1])
            }
            for required in attempts.map({ Array(Set($0.map(HeaderName.normalised))).sorted() }) {
                guard let header = search(text, isWhole: isWhole, required) else { continue }
                let score = header.columns.count { !FieldWords.name(ofColumn: $0).isUnknown(words) }
                if score > best?.score ?? 0 { best = (header, required, score) }
            }
        }
        guard let best else {
            throw DraftRefusal(
                chinese: "前 \(rows.count) 行中没有找到表头：没有哪一行的列名是已知字段的叫法；请在首行补上列名（如 姓名、身份证号），或见 docs/records.md",
                english:
                    "no header was found: none of the first \(rows.count) rows holds words that fields are called by;"
                    + " give the columns names such as 姓名 or 身份证号, see docs/records.md for all of them")
        }
        return (best.header, best.required)
    }

    // What looks like data may be about somebody, and names of columns get into the draft. Three words for fields make a
    // header, unless the row has a number of somebody; with fewer nothing in it may look like a value.
    private static func isHeader(
        _ row: [String], known: [String], below: ArraySlice<[String]>, _ words: FieldWords
    ) -> Bool {
        let filled = row.filter { !SampleColumn.isBlank($0) }
        guard !known.isEmpty, !filled.contains(where: isNumberOfSomebody) else { return false }
        if known.count >= 3 { return true }
        let hasDigits = filled.contains { $0.contains { $0.isNumber } }
        guard known.count == 2 || !hasDigits, !filled.contains(where: words.isValue) else { return false }
        // Where some cells are unknown, one must be certain.
        guard known.count == filled.count || known.contains(where: words.isTitle) else { return false }
        // 书记 is what a column is called, and what somebody is: then it is there again further down.
        let isThereAgain = row.indices.contains { column in
            known.contains(row[column])
                && below.dropFirst().contains { column < $0.count && $0[column] == row[column] }
        }
        guard !isThereAgain else { return false }
        return known.count * 2 >= filled.count || standsAboveNumbers(row, below)
    }

    // Short names, one of them above numbers that the row itself does not have.
    private static func standsAboveNumbers(_ row: [String], _ below: ArraySlice<[String]>) -> Bool {
        guard row.allSatisfy({ $0.count <= 16 }) else { return false }
        return row.indices.contains { column in
            let cells = below.compactMap { column < $0.count ? $0[column] : nil }.filter { !SampleColumn.isBlank($0) }
            let numbers = cells.count { $0.contains { $0.isNumber } }
            let isName = !SampleColumn.isBlank(row[column]) && !row[column].contains { $0.isNumber }
            return isName && numbers >= 3 && numbers * 5 >= cells.count * 4
        }
    }

    private static let telling: [ValueMachine] = [
        ValueMachine(.identityNumber), ValueMachine(.mobile), ValueMachine(.socialCreditCode),
    ]

    private static func isNumberOfSomebody(_ cell: String) -> Bool {
        let column = SampleColumn(source: "", name: SampleName(whole: [], last: []), values: [cell])
        return telling.contains { column.fit($0).good > 0 }
    }

    private static func firstRows(_ text: [UInt8], isWhole: Bool) throws(DraftRefusal) -> [[String]] {
        var reader = reader(text, isWhole: isWhole)
        var rows: [[String]] = []
        while rows.count <= reader.limits.preambleRows, try hasRow(&reader) { rows.append(reader.strings()) }
        return rows
    }

    static func search(_ text: [UInt8], isWhole: Bool, _ required: [String]) -> CSVHeader? {
        var reader = reader(text, isWhole: isWhole)
        var search = HeaderSearch(required: required.map { [$0] })
        while true {
            guard case .row = reader.next() else {
                guard case .found(let header) = search.finish() else { return nil }
                return header
            }
            switch search.consider(reader) {
            case .searching: continue
            case .found(let header), .foundAbove(let header): return header
            case .notFound: return nil
            }
        }
    }
}

extension SampleName {
    /// Whether none of its spellings means a field.
    func isUnknown(_ words: FieldWords) -> Bool {
        !(whole + last).contains { words.all.contains($0) }
    }
}
