import CSVRosters
import Findings

/// The rows of a roster that are looked at: its header, its columns with their values, and what is around them.
struct RosterSample {
    /// Found with ``required``, by the search that a conversion uses.
    let header: CSVHeader
    /// Columns with which the search finds it.
    let required: [String]
    let delimiter: CSVDelimiter
    /// The columns that have a name.
    private(set) var columns: [SampleColumn] = []
    /// Columns without a name that have values, counted from 1.
    private(set) var nameless: [Int] = []
    /// Rows below the header that are data.
    private(set) var rows = 0
    /// Labels of sums, and of remarks, that rows begin with.
    private(set) var totals: [String] = []
    private(set) var remarks: [String] = []
    private(set) var totalRows = 0
    private(set) var remarkRows = 0
    /// The numbers of the last row of sums, by column.
    private(set) var totalNumbers: [String: Int] = [:]
    /// Rows below the header.
    private(set) var rowsSeen = 0
    /// Whether all rows of the document were looked at.
    private(set) var isWhole: Bool
    private let text: [UInt8]

    init(_ sample: DraftSample, words: FieldWords) throws(DraftRefusal) {
        let text = try sample.text()
        self.text = text
        isWhole = sample.isWhole
        (header, required) = try Self.findHeader(text, isWhole: sample.isWhole, words)
        var cells = [[String]](repeating: [], count: header.columns.count)
        var reader = Self.reader(text, isWhole: sample.isWhole)
        let classifier = RowClassifier()
        let sums = TotalRows()
        reading: while true {
            switch reader.next() {
            case .needsInput, .endOfDocument: break reading
            case .refused(let finding): throw DraftRefusal(finding)
            case .row: break
            }
            guard reader.rowNumber > header.lastRow else { continue }
            if rows >= DraftSample.rowLimit || rows * max(1, header.columns.count) >= DraftSample.cellLimit {
                isWhole = false
                break
            }
            rowsSeen += 1
            switch classifier.classify(reader.current) {
            case .numbersOnly where sums.areColumnNumbers(reader, rowsSeen), .blank: break
            case .data, .numbersOnly:
                rows += 1
                for index in cells.indices { cells[index].append(reader.string(index)) }
            case .total(let label):
                totalRows += 1
                if !totals.contains(label) { totals.append(label) }
                for (column, number) in sums.numbers(reader) where column < header.columns.count {
                    totalNumbers[header.columns[column]] = number
                }
            case .remark:
                remarkRows += 1
                if let label = Self.remarkLabel(reader), !remarks.contains(label) { remarks.append(label) }
            }
        }
        delimiter = reader.dialect?.delimiter ?? .comma
        for (index, name) in header.columns.enumerated() {
            if !name.isEmpty {
                columns.append(
                    SampleColumn(source: name, name: FieldWords.name(ofColumn: name), values: cells[index]))
            } else if cells[index].contains(where: { !SampleColumn.isBlank($0) }) {
                nameless.append(index + 1)
            }
        }
    }

    /// Whether a search for these columns finds the same header.
    func isFound(by required: [String]) -> Bool {
        Self.search(text, isWhole: true, required)?.columns == header.columns
    }

    // A label is one that the classifier knows, never a text of the document.
    private static func remarkLabel(_ reader: borrowing CSVReader) -> String? {
        for index in 0..<reader.fieldCount {
            let cell = HeaderName.normalised(reader.string(index))
            if cell.isEmpty { continue }
            let labels = RowClassifier.usualRemarkLabels.filter { cell.hasPrefix($0) }
            return labels.max { $0.count < $1.count }
        }
        return nil
    }

    private static func reader(_ text: [UInt8], isWhole: Bool) -> CSVReader {
        var reader = CSVReader(sampleSize: min(text.count, CSVReader.usualSampleSize))
        reader.append(text.span)
        if isWhole { reader.endInput() }
        return reader
    }
}

// Finding the header: rows that hold words for fields are tried, the search of the readers decides.
extension RosterSample {
    private static func findHeader(
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
        while rows.count <= reader.limits.preambleRows {
            switch reader.next() {
            case .needsInput, .endOfDocument: return rows
            case .refused(let finding): throw DraftRefusal(finding)
            case .row: rows.append(reader.strings())
            }
        }
        return rows
    }

    private static func search(_ text: [UInt8], isWhole: Bool, _ required: [String]) -> CSVHeader? {
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
