import CSVRosters
import Findings
import FuzzSupport
import SwiftCSV

/// Our reader and SwiftCSV read the same cells, where both follow RFC 4180.
///
/// Left out is what either reads in a way of its own: whatever our reader reports a finding for, NUL bytes, blank rows
/// and blanks around cells (SwiftCSV drops them), a last cell that is empty (the same), line ends that only one of the
/// two knows, combining characters (SwiftCSV splits at `Character`, so a mark belongs to the delimiter before it), and the
/// Greek question mark, which as a `Character` equals a semicolon.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSwiftCSV(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = FuzzInput(start, count)
    guard let text = input.text, isComparable(text) else { return 0 }
    for (dialect, delimiter) in [
        (CSVDialect.comma, SwiftCSV.CSVDelimiter.comma), (.tab, .tab), (.semicolon, .semicolon),
    ] {
        let ours = ReadRoster(text, dialect: dialect)
        guard ours.refusal == nil, ours.findings.isEmpty, ours.rows.allSatisfy(isComparable) else { continue }
        guard let theirs = try? EnumeratedCSV(string: text, delimiter: delimiter, loadColumns: false) else {
            fatalError("SwiftCSV refuses what reads as \(ours.cells)")
        }
        let width = ours.cells.dropFirst().map(\.count).max() ?? 0
        let expected =
            ours.cells.prefix(1)
            + ours.cells.dropFirst().map { row in
                row + [String](repeating: "", count: width - row.count)
            }
        requireEqual(Array(expected), (ours.cells.isEmpty ? [] : [theirs.header]) + theirs.rows, "\(dialect)")
    }
    return 0
}

private func isComparable(_ text: String) -> Bool {
    guard text.unicodeScalars.count == text.count + text.count(where: { $0 == "\r\n" }) else { return false }
    guard !text.hasPrefix("\u{FEFF}"), !text.lowercased().hasPrefix("sep="), !text.lowercased().hasPrefix("\"sep=")
    else {
        return false
    }
    return text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "\n", "\r": true
        case "\0", "\u{37E}", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": false
        default: true
        }
    }
}

private func isComparable(_ row: ReadRoster.Row) -> Bool {
    guard !row.isBlank, row.cells.last?.isEmpty == false else { return false }
    return row.cells.allSatisfy { cell in !(cell.first?.isWhitespace ?? false) }
}
