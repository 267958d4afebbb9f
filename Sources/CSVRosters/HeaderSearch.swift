public import Findings

/// Finds the header of a roster: the first row that has all the required columns.
///
/// Rosters carry title, unit and date rows above their header, and headers of two rows with merged cells. Feed it the rows
/// from the first on until it answers with something other than ``Step/searching``:
///
///     case .row: switch search.consider(reader) {
///         case .searching: continue
///         case .found(let header): the rows from the next one on are data
///         case .foundAbove(let header): this row is data already
///         case .notFound(let finding): …
///
/// and call ``finish()`` when the rows end first.
public struct HeaderSearch: Sendable {
    /// What a row told.
    public enum Step: Sendable, Hashable {
        /// No header yet; the row was kept as preamble, or may be the upper half of one.
        case searching
        /// The header ends with this row.
        case found(CSVHeader)
        /// The header ended above this row, which is data.
        case foundAbove(CSVHeader)
        /// The rows in which a header is looked for hold none.
        case notFound(Finding)
    }

    private let required: [[String]]
    private let shownRequired: String
    private let limits: CSVLimits
    private var preamble: [CSVPreambleRow] = []
    private var preambleSize = 0
    private var rowsSeen = 0
    // The row before, which may be the upper half of a header.
    private var above: HeaderCells?
    // A row that has all that is required, while the row below it may still turn out to be its lower half.
    private var candidate: HeaderCells?
    private var nearest: [(cells: HeaderCells, missing: [[String]])] = []

    // Titles and units are short; this much of a preamble is kept.
    private static let cellSize = 1024
    private static let keptPreamble = 256 << 10

    /// Starts a search.
    ///
    /// - Parameters:
    ///   - required: One element for each required column: the names it may have. Names are compared as ``HeaderName``
    ///     normalises them; under a merged cell the lower name alone will do.
    ///   - limits: How many rows are searched.
    public init(required: [[String]], limits: CSVLimits = CSVLimits()) {
        self.required = required.map { $0.map(HeaderName.normalised) }
        self.shownRequired = required.map { $0.joined(separator: "/") }.joined(separator: "、")
        self.limits = limits
    }

    /// Looks at the reader's current row.
    public mutating func consider(_ reader: borrowing CSVReader) -> Step {
        let cells = cells(of: reader)
        if let candidate {
            self.candidate = nil
            if candidate.isParent(of: cells) { return .found(header(candidate.joined(with: cells))) }
            return .foundAbove(header(candidate))
        }
        rowsSeen += 1
        if cells.isBlank {
            above = nil
        } else {
            if let step = considerAsHeader(cells) { return step }
            above = cells
            keep(reader)
        }
        return rowsSeen > limits.preambleRows ? .notFound(notFoundFinding()) : .searching
    }

    /// The rows have ended.
    ///
    /// - Returns: ``Step/found(_:)`` when the last row was the header, else ``Step/notFound(_:)``.
    public mutating func finish() -> Step {
        guard let candidate else { return .notFound(notFoundFinding()) }
        self.candidate = nil
        return .found(header(candidate))
    }

    private mutating func considerAsHeader(_ cells: HeaderCells) -> Step? {
        let missing = cells.missing(of: required)
        if missing.isEmpty {
            if let joined = distinguished(cells) { return .found(header(joined, usesAbove: true)) }
            guard cells.mayHaveChildren else { return .found(header(cells)) }
            candidate = cells
            return .searching
        }
        guard let above, above.filled > 1, cells.filled > 1 else {
            remember(cells, missing: missing)
            return nil
        }
        let joined = above.joined(with: cells)
        let missingOfBoth = joined.missing(of: required)
        if missingOfBoth.isEmpty { return .found(header(joined, usesAbove: true)) }
        remember(cells, missing: missingOfBoth.count < missing.count ? missingOfBoth : missing)
        return nil
    }

    // A row of sufficient but repeated names is joined with the row above it, if that tells them apart.
    private func distinguished(_ cells: HeaderCells) -> HeaderCells? {
        let names = cells.names.filter { !$0.isEmpty }
        guard let above, above.filled > 1, Set(names).count < names.count else { return nil }
        let joined = above.joined(with: cells)
        let joinedNames = joined.names.filter { !$0.isEmpty }
        guard Set(joinedNames).count == joinedNames.count, joined.missing(of: required).isEmpty else { return nil }
        return joined
    }

    private mutating func header(_ cells: HeaderCells, usesAbove: Bool = false) -> CSVHeader {
        // The upper half was kept as preamble before it was known to be one.
        if usesAbove, preamble.last?.place == cells.place { preamble.removeLast() }
        let (names, findings) = cells.numbered()
        return CSVHeader(
            columns: names, columnPlaces: cells.places, place: cells.place, lastRow: cells.rowNumber,
            preamble: preamble, findings: findings)
    }

    private func cells(of reader: borrowing CSVReader) -> HeaderCells {
        var cells = HeaderCells(names: [], places: [], place: reader.place, rowNumber: reader.rowNumber)
        for index in 0..<reader.fieldCount {
            cells.names.append(HeaderName.normalised(Self.text(of: reader, index)))
            cells.places.append(reader.place(ofField: index))
        }
        return cells
    }

    // The beginning of a cell, cut between characters.
    private static func text(of reader: borrowing CSVReader, _ index: Int) -> String {
        let field = reader.field(index)
        var end = min(field.count, cellSize)
        while end > 0, end < field.count, field[end] & 0xC0 == 0x80 { end -= 1 }
        return String(copying: field.extracting(first: end))
    }

    private mutating func keep(_ reader: borrowing CSVReader) {
        var cells: [String] = []
        var places: [SourcePlace] = []
        for index in 0..<reader.fieldCount where preambleSize < Self.keptPreamble {
            let text = Self.text(of: reader, index)
            preambleSize += text.utf8.count + 16
            cells.append(text)
            places.append(reader.place(ofField: index))
        }
        preamble.append(CSVPreambleRow(cells: cells, places: places, place: reader.place))
    }

    // The three rows that lack least, the earlier first among equals.
    private mutating func remember(_ cells: HeaderCells, missing: [[String]]) {
        guard missing.count < required.count else { return }
        let index = nearest.firstIndex { missing.count < $0.missing.count } ?? nearest.endIndex
        nearest.insert((cells, missing), at: index)
        if nearest.count > 3 { nearest.removeLast() }
    }

    private func notFoundFinding() -> Finding {
        var chinese = nearest.map { "第 \($0.cells.place.line) 行缺少 \(Self.list($0.missing))" }.joined(separator: "；")
        var english = nearest.map { "line \($0.cells.place.line) lacks \(Self.list($0.missing))" }.joined(
            separator: "; ")
        if nearest.isEmpty {
            chinese = "前 \(rowsSeen) 行中没有出现其中任何一列"
            english = "none of them occurs in the first \(rowsSeen) rows"
        }
        let place = nearest.first?.cells.place ?? .start
        return Finding(.csvHeaderNotFound, at: place, arguments: [shownRequired, chinese, english])
    }

    private static func list(_ missing: [[String]]) -> String {
        missing.map { $0.joined(separator: "/") }.joined(separator: "、")
    }
}
