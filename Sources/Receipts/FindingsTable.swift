public import Findings

/// The findings of a filing as a table that Excel opens with a double click: CSV in UTF-8 with a byte order mark, CRLF,
/// quoted after RFC 4180, headed in Chinese and English.
///
/// A cell that a spreadsheet would take for a formula gets a leading apostrophe. It writes piece by piece into a buffer of
/// the caller, so a table of any length needs no more memory than that.
///
/// ```swift
/// var table = FindingsTable()
/// for finding in log.findings { table.append(finding, to: &bytes) }
/// table.finish(dropped: log.dropped, to: &bytes)
/// ```
public struct FindingsTable: Sendable {
    /// The headings, in the order of the columns.
    public static let columns = [
        "行 Row", "列 Column", "代码 Code", "级别 Severity", "值（已脱敏） Value (masked)", "说明", "Message", "行号 Line",
        "列号 Position", "字节位置 Offset",
    ]

    /// The heading of the column for the file, which is behind them in a table of several documents.
    public static let fileColumn = "文件 File"

    private let namesFiles: Bool
    private var hasBegun = false

    /// Starts a table.
    ///
    /// - Parameter namesFiles: Whether a last column says which file a finding is about.
    public init(namesFiles: Bool = false) {
        self.namesFiles = namesFiles
    }

    /// Appends the row of a finding, and the byte order mark and header before the first.
    ///
    /// - Parameter file: The file that it is about, as people may see its name; for a table that names files.
    public mutating func append(_ finding: Finding, of file: String = "", to bytes: inout [UInt8]) {
        begin(&bytes)
        let severity = finding.severity.text
        let cells = [
            number(finding.row), safe(finding.field), safe(finding.code), "\(severity.chinese) \(severity.english)",
            safe(finding.value), safe(finding.message.chinese), safe(finding.message.english),
            number(finding.place?.line), number(finding.place?.column), number(finding.place?.offset),
        ]
        append(cells, of: file, to: &bytes)
    }

    /// Appends a row that says how many findings were only counted, when there are any.
    public mutating func append(dropped: Int, of file: String = "", to bytes: inout [UInt8]) {
        guard dropped > 0 else { return }
        begin(&bytes)
        var cells = [String](repeating: "", count: Self.columns.count)
        cells[2] = "…"
        cells[5] = "另有 \(dropped) 个问题只计数，未列出。"
        cells[6] = "\(dropped) more findings were counted but are not listed."
        append(cells, of: file, to: &bytes)
    }

    /// Ends the table: when findings were only counted, a last row says how many.
    public mutating func finish(dropped: Int = 0, to bytes: inout [UInt8]) {
        begin(&bytes)
        append(dropped: dropped, to: &bytes)
    }

    private func append(_ cells: [String], of file: String, to bytes: inout [UInt8]) {
        Self.append(namesFiles ? cells + [safe(file)] : cells, to: &bytes)
    }

    private mutating func begin(_ bytes: inout [UInt8]) {
        guard !hasBegun else { return }
        hasBegun = true
        bytes += [0xEF, 0xBB, 0xBF]
        Self.append(Self.columns + (namesFiles ? [Self.fileColumn] : []), to: &bytes)
    }

    private func number(_ number: Int?) -> String { number.map { "\($0)" } ?? "" }

    private func safe(_ text: String?) -> String { text.map(Self.neutralised) ?? "" }

    /// The text of a cell, changed so that no spreadsheet takes it for a formula.
    static func neutralised(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        return "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first) ? "'" + text : text
    }

    private static func append(_ cells: [String], to bytes: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            append(cell, to: &bytes)
        }
        bytes += [0x0D, 0x0A]
    }

    private static func append(_ cell: String, to bytes: inout [UInt8]) {
        let text = cell.utf8
        guard text.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 < 0x20 }) else {
            bytes += text
            return
        }
        bytes.append(0x22)
        for byte in text {
            // Excel ends the cell at a NUL and shows other control characters as boxes.
            if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D {
                bytes += [0xEF, 0xBF, 0xBD]
            } else {
                if byte == 0x22 { bytes.append(0x22) }
                bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }
}
