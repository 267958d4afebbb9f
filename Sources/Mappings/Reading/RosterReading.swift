import CSVRosters
import Findings
import TextEncodings

/// Reads a roster for a program: finds the header, tells data from totals and remarks, and converts each row.
struct RosterReading: ~Copyable {
    private var source: RosterRows
    private var search: HeaderSearch
    private let classifier: RowClassifier
    private let totals: TotalRows
    private var lastTotals: [String: Int] = [:]
    private var firstTotal: Int?
    private var rowsBelowHeader = 0
    private var piece: [UInt8] = []

    init(_ mapping: Mapping, encoding: TextEncoding, limits: ConversionLimits) {
        let csvLimits = CSVLimits(
            columns: limits.columns, fieldSize: limits.fieldSize, rowSize: limits.rowSize,
            preambleRows: limits.preambleRows)
        source = RosterRows(mapping, encoding: encoding, limits: csvLimits)
        search = HeaderSearch(required: mapping.program.reads.header, limits: csvLimits)
        classifier = RowClassifier(
            totalLabels: mapping.program.reads.totals + RowClassifier.usualTotalLabels,
            remarkLabels: mapping.program.reads.skip + RowClassifier.usualRemarkLabels)
        totals = TotalRows()
    }

    mutating func feed(_ bytes: Span<UInt8>, isLast: Bool, to writer: inout RecordWriter) {
        source.text.decode(bytes, into: &piece, isLast: isLast, oldest: source.reader.place.offset)
        for finding in source.text.takeFindings() { writer.take(finding) }
        Self.append(piece, to: &source.reader)
        if isLast { source.reader.endInput() }
        while !writer.summary.isRejected, step(&writer) {}
    }

    private static func append(_ text: [UInt8], to reader: inout CSVReader) {
        reader.append(text.span)
    }

    // Takes one row; false when more input is needed or the document is over.
    private mutating func step(_ writer: inout RecordWriter) -> Bool {
        let token = source.reader.next()
        for finding in source.reader.takeFindings() { report(finding, to: &writer) }
        switch token {
        case .needsInput: return false
        case .refused(let finding):
            report(finding, to: &writer)
            return false
        case .endOfDocument:
            finish(&writer)
            return false
        case .row:
            if source.header != nil { takeRow(&writer) } else { searchHeader(&writer) }
            return true
        }
    }

    private mutating func searchHeader(_ writer: inout RecordWriter) {
        switch search.consider(source.reader) {
        case .searching: break
        case .found(let header): bind(header, &writer)
        case .foundAbove(let header):
            bind(header, &writer)
            if !writer.summary.isRejected { takeRow(&writer) }
        case .notFound(let finding): report(finding, to: &writer)
        }
    }

    private mutating func bind(_ header: CSVHeader, _ writer: inout RecordWriter) {
        for finding in header.findings { report(finding, to: &writer) }
        writer.summary.preamble = header.preamble.map { $0.cells.joined(separator: "\t") }
        source.bind(header, keepsRest: writer.program.keepsRest)
        writer.summary.unmapped = source.unmapped
        let place = source.text.original(header.place)
        for missing in writer.program.missingColumns(exists: { source.exists($0) }) {
            let kind: FindingKind = missing.isNeeded ? .mappingColumnRequired : .mappingColumnMissing
            writer.take(Finding(kind, at: place, field: missing.column, arguments: [missing.column, missing.field]))
        }
        writer.readHeader(from: source)
    }

    private mutating func takeRow(_ writer: inout RecordWriter) {
        let kind = classifier.classify(source.reader)
        rowsBelowHeader += 1
        let isData = kind == .data || kind == .numbersOnly && !totals.areColumnNumbers(source.reader, rowsBelowHeader)
        source.takeRow(isData: isData)
        if isData {
            checkWidth(&writer)
            writer.convertRow(scope: 1, from: &source)
            return
        }
        writer.summary.rowsRead += 1
        switch kind {
        case .blank: writer.summary.skipped.blank += 1
        case .total:
            writer.summary.skipped.totals += 1
            takeTotals()
        default: writer.summary.skipped.remarks += 1
        }
    }

    private mutating func takeTotals() {
        guard let header = source.header else { return }
        let numbers = totals.numbers(source.reader)
        firstTotal = numbers.first?.number ?? firstTotal
        for (column, number) in numbers where column < header.columns.count {
            lastTotals[header.columns[column]] = number
        }
    }

    // Blank cells behind the last column are a spreadsheet's; anything else is told.
    private mutating func checkWidth(_ writer: inout RecordWriter) {
        guard let header = source.header, source.reader.fieldCount != header.columns.count else { return }
        let width = header.columns.count
        let extra = source.reader.fieldCount - width
        if extra > 0,
            (width..<source.reader.fieldCount).allSatisfy({ TextValue.trimBlanks(source.reader.field($0)).isEmpty })
        {
            return
        }
        let arguments = ["\(source.reader.fieldCount)", "\(width)"]
        writer.take(Finding(.csvRaggedRow, at: source.rowPlace, row: source.row, arguments: arguments))
    }

    private mutating func finish(_ writer: inout RecordWriter) {
        if source.header == nil {
            switch search.finish() {
            case .found(let header), .foundAbove(let header): bind(header, &writer)
            case .notFound(let finding): report(finding, to: &writer)
            case .searching: break
            }
        }
        let first = firstTotal
        let byColumn = lastTotals
        let header = source.header
        writer.finish { column in
            guard let column else { return first }
            return header?.column(named: column).flatMap { index in header.flatMap { byColumn[$0.columns[index]] } }
        }
    }

    // The readers count offsets in the text; people look into the file. Rows are counted below the header.
    private func report(_ finding: Finding, to writer: inout RecordWriter) {
        var finding = finding
        finding.place = finding.place.map { source.text.original($0) }
        if finding.row != nil { finding.row = source.header == nil ? nil : source.row + 1 }
        writer.take(finding)
    }
}
