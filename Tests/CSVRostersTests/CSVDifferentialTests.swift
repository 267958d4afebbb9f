import CSVRosters
import Findings
import SwiftCSV
import Testing

/// Valid documents read as SwiftCSV reads them.
@Suite struct CSVDifferentialTests {
    private static let words = ["张三", "楼长", "370827190001010011", "", "a b", "，", "é", "·", "0", "-", "湖凌社区"]
    private static let special = [",", "\"", "\n", "\r\n", ";", "\t", " "]

    @Test(arguments: [CSVDialect.comma, .semicolon, .tab])
    func validDocumentsReadTheSame(dialect: CSVDialect) throws {
        var generator = SeededGenerator(seed: 21)
        let reference: SwiftCSV.CSVDelimiter =
            dialect == .comma ? .comma : dialect == .tab ? .tab : .semicolon
        for _ in 0..<120 {
            let table = Self.table(&generator)
            let text = Self.write(table, delimiter: dialect.delimiter.rawValue, &generator)
            let expected = try EnumeratedCSV(string: text, delimiter: reference, loadColumns: false)
            let roster = ReadRoster(text, dialect: dialect)
            #expect(roster.cells == [expected.header] + expected.rows)
            #expect(roster.cells == table)
            #expect(roster.told.isEmpty)
        }
    }

    private static func table(_ generator: inout SeededGenerator) -> [[String]] {
        let columns = Int.random(in: 2...6, using: &generator)
        return (0..<Int.random(in: 1...8, using: &generator)).map { row in
            (0..<columns).map { column in
                // The reference drops rows whose cells are all empty, so the first cell never is; and it drops blanks at
                // the start of a cell, so no cell begins with one.
                let word = words.randomElement(using: &generator) ?? ""
                guard column > 0 else { return "\(row)" + word }
                return Bool.random(using: &generator)
                    ? word : "·" + word + (special.randomElement(using: &generator) ?? "") + "x"
            }
        }
    }

    private static func write(_ table: [[String]], delimiter: String, _ generator: inout SeededGenerator) -> String {
        let rows = table.map { row in
            row.map { cell in
                let needsQuotes = cell.unicodeScalars.contains { "\"\r\n\(delimiter)".unicodeScalars.contains($0) }
                guard needsQuotes || Int.random(in: 0..<4, using: &generator) == 0 else { return cell }
                return "\"" + cell.replacing("\"", with: "\"\"") + "\""
            }.joined(separator: delimiter)
        }
        return rows.joined(separator: "\n") + "\n"
    }
}
