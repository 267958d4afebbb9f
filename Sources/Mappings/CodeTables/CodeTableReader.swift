import Findings
import SwiftCSV

/// Reads the CSV file of a code table and tells every problem in it, with its line.
///
/// UTF-8 with or without a byte order mark; comma, semicolon or tab. Spreadsheets are what people edit these files with, so what
/// spreadsheets do to codes is looked for: leading zeros that are gone, numbers in scientific notation.
public struct CodeTableReader {
    /// Bytes that the file of a table can have.
    public static let sizeLimit = 16 << 20
    /// Rows that a table can have.
    public static let rowLimit = 100_000
    // Lines that are looked at: what a spreadsheet leaves blank between rows or behind them is none.
    private static let lineLimit = 2 * rowLimit

    /// What became of a file: a table unless a problem is an error.
    public struct Load: Sendable {
        /// The table; nil when a problem keeps it from being used.
        public var table: CodeTable?
        /// Everything that is wrong or doubtful, by line.
        public var problems: [MappingProblem]
    }

    private let file: String
    private let size: Int
    private let bytes: [UInt8]
    private var problems: [MappingProblem] = []
    private var rows: [CodeTable.Row] = []
    private var index = TermIndex(terms: [])

    /// Reads a table.
    ///
    /// - Parameter file: The file; the last part of its path without `.csv` is the name of the table.
    public static func read(_ file: MappingFile) -> Load {
        var reader = CodeTableReader(file)
        reader.read()
        let problems = reader.problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        guard !problems.contains(where: \.isError) else { return Load(table: nil, problems: problems) }
        let table = CodeTable(
            name: name(of: file.path), file: file.path, bytes: file.bytes, rows: reader.rows, index: reader.index)
        return Load(table: table, problems: problems)
    }

    private init(_ file: MappingFile) {
        self.file = file.path
        size = file.size
        bytes = file.bytes
    }

    /// The name of the table that a file holds.
    static func name(of path: String) -> String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        return isTable(last) ? String(last.dropLast(4)) : last
    }

    /// Whether a file of this name holds a code table. On Windows the ending may be written `.CSV`.
    static func isTable(_ name: String) -> Bool {
        name.lowercased().hasSuffix(".csv")
    }

    private mutating func read() {
        guard let text = text(), checkLines() else { return }
        let lines = lines(of: text)
        guard checkCells(lines) else { return }
        guard let head = lines.first(where: { !Self.isBlank($0.cells) }) else {
            report(1, 0, "the code table is empty; it needs a header row with the column “code”")
            return
        }
        guard let columns = CodeTableColumns(head.cells, line: head.line, file: file, into: &problems) else { return }
        let below = lines.drop { $0.line <= head.line }.filter { !Self.isBlank($0.cells) }
        guard below.count <= Self.rowLimit, lines.count < Self.lineLimit else {
            report(0, 0, "the code table has more than \(Self.rowLimit) rows; split it, or keep what is used only")
            return
        }
        if below.isEmpty { report(head.line, 0, "the code table has no rows", severity: .warning) }
        for line in below { take(line, columns) }
        index = TermIndex(terms: CodeTable.terms(of: rows))
        checkRows(columns)
    }

    private mutating func text() -> String? {
        guard size <= Self.sizeLimit else {
            report(0, 0, "the code table has \(size) bytes; \(Self.sizeLimit) are allowed; keep what is used only")
            return nil
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else {
            report(0, 0, "the code table is not UTF-8; save it as “CSV UTF-8”")
            return nil
        }
        return text
    }

    // Before it is cut into cells, which takes many times the room of a line.
    private mutating func checkLines() -> Bool {
        var (line, start) = (1, 0)
        var isGood = true
        for index in 0...bytes.count {
            let byte = index < bytes.count ? bytes[index] : 0x0A
            guard byte == 0x0A || byte == 0x0D else { continue }
            let size = index - start
            if size > Limits.fieldSize {
                report(line, 1, "this line has \(size) bytes; \(Limits.fieldSize) are allowed")
                isGood = false
            }
            let endsCRLF = byte == 0x0A && size == 0 && index > 0 && bytes[index - 1] == 0x0D
            line += endsCRLF ? 0 : 1
            start = index + 1
        }
        return isGood
    }

    // One that is quoted can go over many lines.
    private mutating func checkCells(_ lines: [(line: Int, cells: [String])]) -> Bool {
        var isGood = true
        for (line, cells) in lines {
            for (index, cell) in cells.enumerated() where cell.utf8.count > Limits.fieldSize {
                report(line, index + 1, "this cell has \(cell.utf8.count) bytes; \(Limits.fieldSize) are allowed")
                isGood = false
            }
        }
        return isGood
    }

    // SwiftCSV gives no positions. Every line end outside of quotes ends a row, so rows and the line ends within them count up.
    private mutating func lines(of text: String) -> [(line: Int, cells: [String])] {
        var result: [(line: Int, cells: [String])] = []
        var line = 1
        let head = text.drop { $0.isNewline || $0.isWhitespace }.prefix { !Self.endsLine($0) }
        do {
            let whole = try EnumeratedCSV(
                string: text, delimiter: .guessed(string: String(head)), loadColumns: false, rowLimit: 0)
            try whole.enumerateAsArray(startAt: 0, rowLimit: Self.lineLimit) { cells in
                result.append((line, cells))
                line += 1 + cells.reduce(0) { $0 + Self.lineEnds(in: $1) }
            }
            // SwiftCSV takes the end of the file for a closing quote.
            let hasQuotes = text.utf8.contains(UInt8(ascii: "\""))
            if hasQuotes, !text.count(where: { $0 == "\"" }).isMultiple(of: 2) {
                report(result.last?.line ?? 1, 0, "a quoted cell is never closed")
            }
        } catch {
            report(line, 0, "a quoted cell goes on behind its closing quote")
        }
        return result
    }

    private mutating func take(_ line: (line: Int, cells: [String]), _ columns: CodeTableColumns) {
        let code = Self.trimmed(columns.code < line.cells.count ? line.cells[columns.code] : "")
        if let cell = columns.unused(line.cells) {
            report(
                line.line, cell + 1,
                "“\(Self.trimmed(line.cells[cell]))” stands in a column without a name and is not used; name the column “terms”",
                severity: .warning)
        }
        let terms = columns.terms.filter { $0 < line.cells.count }.flatMap { Self.split(line.cells[$0]) }
        guard !code.isEmpty else {
            report(line.line, columns.code + 1, "this row has no code")
            return
        }
        if Digits.isScientific(Array(code.utf8).span) {
            report(
                line.line, columns.code + 1,
                "a spreadsheet has turned the code into “\(code)”; format the column as text")
            return
        }
        let title = columns.title.flatMap { $0 < line.cells.count ? Self.trimmed(line.cells[$0]) : nil } ?? ""
        rows.append(
            .init(code: code, title: title.isEmpty ? terms.first ?? code : title, terms: terms, line: line.line))
    }

    private mutating func checkRows(_ columns: CodeTableColumns) {
        var lineOfCode: [String: Int] = [:]
        for row in rows {
            if let first = lineOfCode.updateValue(row.line, forKey: row.code) {
                report(row.line, columns.code + 1, "the code “\(row.code)” stands in line \(first) already")
            }
        }
        let zeros = Set(lineOfCode.keys.filter { $0.hasPrefix("0") }.map(\.utf8.count))
        for row in rows where zeros.contains(row.code.utf8.count + 1) && row.code.utf8.allSatisfy({ $0 &- 0x30 <= 9 }) {
            report(
                row.line, columns.code + 1,
                "the code “\(row.code)” has lost a leading zero, it seems; format the column as text",
                severity: .warning, suggestion: "0" + row.code)
        }
        for conflict in index.conflicts {
            let (first, second) = (rows[Int(conflict.first)], rows[Int(conflict.second)])
            guard first.code != second.code else { continue }
            report(
                second.line, 0,
                "“\(conflict.term)” stands for \(first.code) (line \(first.line)) and for \(second.code)")
        }
    }

    private mutating func report(
        _ line: Int, _ column: Int, _ message: String, severity: Severity = .error, suggestion: String? = nil
    ) {
        problems.append(
            .init(file: file, line: line, column: column, severity: severity, message: message, suggestion: suggestion))
    }

    private static func isBlank(_ cells: [String]) -> Bool {
        cells.allSatisfy { trimmed($0).isEmpty }
    }

    private static func split(_ cell: String) -> [String] {
        guard cell.utf8.contains(UInt8(ascii: "|")) || mayHaveBlanks(cell) else { return cell.isEmpty ? [] : [cell] }
        return cell.split { $0 == "|" || $0 == "｜" || $0.isNewline }.map { trimmed($0) }.filter { !$0.isEmpty }
    }

    private static func lineEnds(in cell: String) -> Int {
        mayHaveBlanks(cell) ? cell.count(where: endsLine) : 0
    }

    // RFC 4180. Other characters that end lines elsewhere (U+0085, U+2028) are text of a cell.
    private static func endsLine(_ character: Character) -> Bool {
        character == "\n" || character == "\r\n" || character == "\r"
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        guard mayHaveBlanks(text) else { return String(text) }
        let isBlank: (Character) -> Bool = { $0.isWhitespace || $0 == "\u{FEFF}" || $0 == "\u{200B}" }
        let head = text.drop(while: isBlank)
        guard let last = head.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(head[...last])
    }

    // Looking at characters is slow, and tables are read at each start. Blanks, line ends and forms of full width have other
    // first bytes in UTF-8 than nearly everything else.
    private static func mayHaveBlanks(_ text: some StringProtocol) -> Bool {
        text.utf8.contains { $0 <= 0x20 || $0 == 0xC2 || (0xE1...0xE3).contains($0) || $0 == 0xEF }
    }
}
