import CSVRosters
import Findings
import FuzzSupport

/// Rosters: cuts, limits, places, the header search, and writing what was read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSV(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    // What the decoders hand to the reader is UTF-8.
    var input = FuzzInput(start, count).asUTF8
    let delimiter = CSVDelimiter.allCases.randomElement(using: &input.decisions) ?? .comma
    let pieces = input.pieces()
    for dialect in [nil, CSVDialect(delimiter: delimiter)] {
        let whole = ReadRoster([input.bytes], dialect: dialect)
        requireEqual(ReadRoster(pieces, dialect: dialect), whole, "cut into \(pieces.map(\.count))")
        checkPlaces(whole, in: input.bytes)
        checkRewriting(whole)
    }
    checkLimits(&input, pieces, CSVDialect(delimiter: delimiter))
    // Bytes that are no UTF-8 do no harm.
    _ = ReadRoster([Array(UnsafeBufferPointer(start: start, count: count))])
    checkRows(input.bytes)
    return 0
}

// Places lie in the document, rows in ascending order, fields within their row.
private func checkPlaces(_ roster: ReadRoster, in bytes: [UInt8]) {
    let places = Places(bytes)
    var last = -1
    for row in roster.rows {
        places.check(row.place, "row \(row.cells)")
        require(row.place.offset > last, "row \(row.cells) is not behind \(last)")
        last = row.place.offset
        requireEqual(row.fieldPlaces.count, row.cells.count, "places of \(row.cells)")
        for place in row.fieldPlaces {
            places.check(place, "a field of \(row.cells)")
            require(place.offset >= last, "a field of \(row.cells) is before \(last)")
            last = place.offset
        }
        last = row.place.offset
    }
    for finding in roster.findings + [roster.refusal].compactMap({ $0 }) {
        guard let place = finding.place else { fatalError("no place: \(finding)") }
        places.check(place, finding.code)
        require((finding.row ?? 0) >= 1, "\(finding.code) belongs to no row")
    }
}

// What was read, written by the book and read again is the same, without a finding.
private func checkRewriting(_ roster: ReadRoster) {
    guard roster.refusal == nil, let first = roster.cells.first?.first else { return }
    // A first row that is this and nothing else is no row.
    guard !first.lowercased().hasPrefix("sep=") else { return }
    // A line end stands at the end of every row, so that the last may be blank.
    let text = roster.cells.map { row in
        row.map { cell in
            // By scalars: a quote with a combining mark behind it is another `Character`.
            let scalars = cell.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
            return "\"" + String(String.UnicodeScalarView(scalars)) + "\""
        }.joined(separator: ",") + "\r\n"
    }.joined()
    let again = ReadRoster(text)
    requireEqual(again.cells, roster.cells, text)
    requireEqual(again.told, [], text)
}

// Small limits are kept, however the document is cut.
private func checkLimits(_ input: inout FuzzInput, _ pieces: [[UInt8]], _ dialect: CSVDialect) {
    let limits = CSVLimits(
        columns: Int.random(in: 1...8, using: &input.decisions),
        fieldSize: Int.random(in: 0...30, using: &input.decisions),
        rowSize: Int.random(in: 1...60, using: &input.decisions))
    let whole = ReadRoster([input.bytes], dialect: dialect, limits: limits)
    requireEqual(ReadRoster(pieces, dialect: dialect, limits: limits), whole, "cut, at \(limits)")
    checkPlaces(whole, in: input.bytes)
    for row in whole.rows {
        require(row.cells.count <= limits.columns, "\(row.cells.count) columns at \(limits)")
        for cell in row.cells { require(cell.utf8.count <= limits.fieldSize, "\(cell) at \(limits)") }
    }
}

// Rows go through the header search and the classifier as in a conversion.
private func checkRows(_ bytes: [UInt8]) {
    var reader = CSVReader()
    reader.append(bytes.span)
    reader.endInput()
    var search = HeaderSearch(required: [["姓名"], ["身份证号", "职务"]])
    let classifier = RowClassifier()
    var header: CSVHeader?
    var rows = 0
    while case .row = reader.next() {
        rows += 1
        requireEqual(reader.rowNumber, rows, "row number")
        let isBlank = reader.isBlank
        requireEqual(classifier.classify(reader.current) == .blank, isBlank, "blank row \(reader.strings())")
        guard header == nil else { continue }
        switch search.consider(reader) {
        case .found(let found), .foundAbove(let found): header = found
        case .searching: continue
        case .notFound: return
        }
    }
    if header == nil, case .found(let found) = search.finish() { header = found }
    if let header { check(header, in: bytes) }
}

private func check(_ header: CSVHeader, in bytes: [UInt8]) {
    let places = Places(bytes)
    requireEqual(header.columnPlaces.count, header.columns.count, "\(header.columns)")
    for place in header.columnPlaces { places.check(place, "a column of \(header.columns)") }
    let named = header.columns.filter { !$0.isEmpty }
    requireEqual(Set(named).count, named.count, "columns are not told apart: \(header.columns)")
    require(header.column(named: "姓名") != nil, "no 姓名 in \(header.columns)")
    require(header.column(anyOf: ["身份证号", "职务"]) != nil, "a required column is missing in \(header.columns)")
}
