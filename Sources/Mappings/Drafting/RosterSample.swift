import CSVRosters
import Findings

/// The rows of a roster that are looked at: its header, its columns with their values, and what is around them.
struct RosterSample {
    /// Found with ``required``, by the search that a conversion uses.
    let header: CSVHeader
    /// Columns with which the search finds it.
    let required: [String]
    private(set) var delimiter = CSVDelimiter.comma
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

    // By column of the header, while rows are read.
    private var cells: [[String]]

    init(_ sample: DraftSample, words: FieldWords) throws(DraftRefusal) {
        text = try sample.text()
        isWhole = sample.isWhole
        (header, required) = try Self.findHeader(text, isWhole: sample.isWhole, words)
        cells = [[String]](repeating: [], count: header.columns.count)
        var reader = Self.reader(text, isWhole: sample.isWhole)
        let classifier = RowClassifier()
        while try Self.hasRow(&reader) {
            guard reader.rowNumber > header.lastRow else { continue }
            if rows >= DraftSample.rowLimit || rows * max(1, header.columns.count) >= DraftSample.cellLimit {
                isWhole = false
                break
            }
            take(reader, classifier.classify(reader.current))
        }
        delimiter = reader.dialect?.delimiter ?? .comma
        takeColumns()
    }

    static func hasRow(_ reader: inout CSVReader) throws(DraftRefusal) -> Bool {
        switch reader.next() {
        case .needsInput, .endOfDocument: return false
        case .refused(let finding): throw DraftRefusal(finding)
        case .row: return true
        }
    }

    private mutating func take(_ reader: borrowing CSVReader, _ kind: RowClass) {
        let sums = TotalRows()
        rowsSeen += 1
        switch kind {
        case .numbersOnly where sums.areColumnNumbers(reader, rowsSeen), .blank: break
        case .data, .numbersOnly:
            rows += 1
            for index in cells.indices { cells[index].append(reader.string(index)) }
        case .total(let label):
            totalRows += 1
            if !totals.contains(label) { totals.append(label) }
            for (column, declared) in sums.numbers(reader) where column < header.columns.count {
                totalNumbers[header.columns[column]] = declared.number
            }
        case .remark:
            remarkRows += 1
            if let label = Self.remarkLabel(reader), !remarks.contains(label) { remarks.append(label) }
        }
    }

    private mutating func takeColumns() {
        for (index, name) in header.columns.enumerated() {
            if !name.isEmpty {
                columns.append(
                    SampleColumn(source: name, name: FieldWords.name(ofColumn: name), values: cells[index]))
            } else if cells[index].contains(where: { !SampleColumn.isBlank($0) }) {
                nameless.append(index + 1)
            }
        }
        cells = []
    }

    /// What stands above the header and is no label with a value.
    var titles: [String] {
        header.preamble.flatMap(\.cells).filter { !$0.contains { ":：".contains($0) } }
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

    static func reader(_ text: [UInt8], isWhole: Bool) -> CSVReader {
        var reader = CSVReader(sampleSize: min(text.count, CSVReader.usualSampleSize))
        reader.append(text.span)
        if isWhole { reader.endInput() }
        return reader
    }
}
