/// Lines up columns for people; Chinese characters count as two cells wide, as terminals draw them.
struct Table {
    private let header: [String]
    private var rows: [[String]] = []

    init(_ header: [String]) {
        self.header = header
    }

    mutating func add(_ row: [String]) {
        rows.append(row)
    }

    /// The table with two spaces between columns; the last column is not padded.
    var text: String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { Self.width($0[column]) }.max() ?? 0 }
        return all.map { row in
            row.indices.map { column in
                let isLast = column == row.count - 1
                return row[column]
                    + String(repeating: " ", count: isLast ? 0 : widths[column] - Self.width(row[column]))
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// Cells of a terminal that a text takes.
    static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { width, scalar in
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
                0xFFE0...0xFFE6, 0x20000...0x3FFFD:
                width + 2
            case 0x300...0x36F, 0x200B...0x200F, 0xFEFF: width
            default: width + 1
            }
        }
    }
}

/// Counts things in English.
enum Plural {
    /// `1 error`, `2 errors`.
    static func of(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
