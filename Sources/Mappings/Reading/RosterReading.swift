import CSVRosters
import CanonicalRecords
import Findings
import TextEncodings

/// Reads a roster for a program: finds the header, tells data from totals and remarks, and fills blocks with rows.
struct RosterReading: ~Copyable, Sendable {
    var text: DocumentText
    private var reader: CSVReader
    private var rows: RosterRows
    private var search: HeaderSearch
    private let classifier: RowClassifier
    private let totals = TotalRows()
    private let program: MappingProgram
    private let blockSize: Int
    /// The values above the header.
    private(set) var header: HeaderValues
    private var repeatedHeader: RepeatedHeader?
    private var lastTotals: [String: DeclaredNumber] = [:]
    private var firstTotal: DeclaredNumber?
    private var rowsBelowHeader = 0
    // How many columns the header has; -1 before it.
    private var width = -1
    private var needsBlock = true
    private var refusal: Finding?
    // Asked for each row, which a finding is too large for.
    private var isRefused = false

    init(_ mapping: Mapping, encoding: TextEncoding, limits: ConversionLimits) {
        let csvLimits = CSVLimits(
            columns: limits.columns, fieldSize: limits.fieldSize, rowSize: limits.rowSize,
            preambleRows: limits.preambleRows)
        program = mapping.program
        blockSize = limits.blockSize ?? RowBlock.rosterSize
        text = DocumentText(encoding: encoding)
        reader = CSVReader(dialect: program.reads.delimiter.map { CSVDialect(delimiter: $0) }, limits: csvLimits)
        rows = RosterRows(mapping)
        header = HeaderValues(program)
        search = HeaderSearch(required: program.reads.header, limits: csvLimits)
        classifier = RowClassifier(
            totalLabels: program.reads.totals + RowClassifier.usualTotalLabels,
            remarkLabels: program.reads.skip + RowClassifier.usualRemarkLabels)
    }

    /// Takes the next bytes of the document. No place before `oldest` will be asked for any more.
    mutating func append(_ bytes: Span<UInt8>, isLast: Bool, oldest: Int, in block: inout RowBlock) {
        text.feed(bytes, isLast: isLast, oldest: min(oldest, block.firstOffset, reader.place.offset), to: &reader)
    }

    /// Fills the block with rows.
    mutating func fill(_ block: inout RowBlock, _ summary: inout ConversionSummary) -> ReadingState {
        if needsBlock {
            needsBlock = false
            rows.beginBlock(&block)
        }
        while true {
            if isRefused, let refusal { return .refused(refusal) }
            // A block has at least one row: what it begins with may be large by itself.
            if block.events.count > 0, block.bytes.count >= blockSize || block.events.count >= RowBlock.eventLimit {
                needsBlock = true
                rows.endBlock(block)
                return .full
            }
            let token = reader.next()
            if text.hasNotes {
                for note in text.takeNotes(before: reader.place.offset + reader.row.count) { take(note, in: &block) }
            }
            // Of a row that may be the header or the first of the data, only the search knows which.
            if reader.hasFindings, width >= 0 { reportFindings(&block) }
            switch token {
            case .needsInput: return text.refusal.map { .refused($0) } ?? .needsInput
            case .refused(let finding):
                reportFindings(&block)
                report(finding, in: &block)
            case .endOfDocument:
                reportFindings(&block)
                return end(&block, &summary)
            case .row: if width >= 0 { takeRow(&block, summary) } else { searchHeader(&block, &summary) }
            }
        }
    }

    /// The number in the totals row: in a column, or the first.
    func total(_ column: String?) -> DeclaredNumber? {
        guard let column else { return firstTotal }
        return rows.header.flatMap { header in
            header.column(named: column).flatMap { lastTotals[header.columns[$0]] }
        }
    }

    private mutating func end(_ block: inout RowBlock, _ summary: inout ConversionSummary) -> ReadingState {
        guard rows.header == nil else { return .ended }
        switch search.finish() {
        case .found(let header), .foundAbove(let header): bind(header, &block, &summary)
        case .notFound(let finding): report(finding, in: &block)
        case .searching: break
        }
        return refusal.map { .refused($0) } ?? .ended
    }

    // MARK: The header

    private mutating func searchHeader(_ block: inout RowBlock, _ summary: inout ConversionSummary) {
        let step = search.consider(reader)
        if case .foundAbove(let header) = step {
            bind(header, &block, &summary)
            reportFindings(&block)
            if refusal == nil { takeRow(&block, summary) }
            return
        }
        reportFindings(&block)
        switch step {
        case .searching, .foundAbove: break
        case .found(let header): bind(header, &block, &summary)
        case .notFound(let finding): report(finding, in: &block)
        }
    }

    private mutating func bind(_ found: CSVHeader, _ block: inout RowBlock, _ summary: inout ConversionSummary) {
        for finding in found.findings { report(finding, in: &block) }
        summary.preamble = found.preamble.map { $0.cells.joined(separator: "\t") }
        rows.bind(found, program) { text.original($0) }
        for finding in rows.findings { report(finding, in: &block) }
        repeatedHeader = RepeatedHeader(found)
        width = found.columns.count
        rows.beginBlock(&block)
        summary.unmapped = rows.unmapped
        let place = text.original(found.place)
        for missing in program.missingInputs(exists: { rows.exists($0) }) {
            let kind: FindingKind = missing.isNeeded ? .mappingColumnRequired : .mappingColumnMissing
            take(
                Finding(kind, at: place, field: missing.name, arguments: [missing.name, missing.field]),
                in: &block)
        }
        header.read(program, into: &summary) { rows.headValue($0) }
        if let finding = header.missingScope(program) { take(finding, in: &block) }
    }

    // MARK: Rows

    private mutating func takeRow(_ block: inout RowBlock, _ summary: borrowing ConversionSummary) {
        let kind = classifier.classify(reader.current)
        rowsBelowHeader += 1
        if kind == .data, let repeatedHeader, repeatedHeader.matches(reader.current) {
            rowsBelowHeader = 0
            rows.skipRow()
            block.skipped.remarks += 1
            return
        }
        if kind == .data || kind == .numbersOnly && !totals.areColumnNumbers(reader, rowsBelowHeader) {
            let cells = rows.takeRow(reader.current, at: reader.place, into: &block)
            if cells != width { checkWidth(&block, isKeeping: summary.findings.isKeeping) }
            return
        }
        rows.skipRow()
        switch kind {
        case .blank: block.skipped.blank += 1
        case .total:
            block.skipped.totals += 1
            takeTotals()
        default: block.skipped.remarks += 1
        }
    }

    private mutating func takeTotals() {
        guard let header = rows.header else { return }
        let numbers = totals.numbers(reader)
        // What another row of sums has in a column is no number of this one.
        guard let first = numbers.first else { return }
        firstTotal = first.number
        lastTotals = [:]
        for (column, number) in numbers where column < header.columns.count {
            lastTotals[header.columns[column]] = number
        }
    }

    // Blank cells behind the last column are a spreadsheet's; anything else is told, before what there is to tell of the
    // row's values.
    private mutating func checkWidth(_ block: inout RowBlock, isKeeping: Bool) {
        if reader.fieldCount > width,
            (width..<reader.fieldCount).allSatisfy({ TextValue.isBlank(reader.field($0)) })
        {
            return
        }
        let event = block.events.count - 1
        guard isKeeping else { return block.notes.append(RowNote(event: event, content: .one(.csvRaggedRow))) }
        let finding = Finding(
            .csvRaggedRow, at: text.original(reader.place), row: rows.row,
            arguments: ["\(reader.fieldCount)", "\(width)"])
        block.notes.append(RowNote(event: event, content: .finding(finding)))
    }

    // MARK: Findings

    private mutating func reportFindings(_ block: inout RowBlock) {
        guard reader.hasFindings else { return }
        for finding in reader.takeFindings() { report(finding, in: &block) }
    }

    // The readers count offsets in the text; people look into the file. Rows are counted below the header.
    private mutating func report(_ finding: Finding, in block: inout RowBlock) {
        var finding = finding
        finding.place = finding.place.map { text.original($0) }
        if finding.row != nil { finding.row = rows.header == nil ? nil : rows.row + 1 }
        take(finding, in: &block)
    }

    private mutating func take(_ finding: Finding, in block: inout RowBlock) {
        guard finding.severity == .fatal else { return block.note(finding) }
        refusal = refusal ?? finding
        isRefused = true
    }
}
