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

    /// Cuts the cells of a column in their middle where the lines would be longer than `width` cells; something of them stays.
    mutating func shorten(column: Int, toFit width: Int) {
        let others = header.indices.filter { $0 != column }.reduce(0) { $0 + self.width(ofColumn: $1) + 2 }
        let room = max(Self.leastShown, width - others)
        for index in rows.indices { rows[index][column] = Self.shortened(rows[index][column], to: room) }
    }

    private static let leastShown = 20

    private static func shortened(_ text: String, to room: Int) -> String {
        guard width(text) > room else { return text }
        func beginning(_ scalars: some Sequence<UnicodeScalar>, _ room: Int) -> [UnicodeScalar] {
            var left = room
            return scalars.prefix { scalar in
                left -= width(String(scalar))
                return left >= 0
            }
        }
        let tail = beginning(text.unicodeScalars.reversed(), (room - 1) / 2)
        let head = beginning(text.unicodeScalars, room - 1 - (room - 1) / 2)
        var shown = String.UnicodeScalarView()
        shown.append(contentsOf: head)
        shown.append("…")
        shown.append(contentsOf: tail.reversed())
        return String(shown)
    }

    private func width(ofColumn column: Int) -> Int {
        ([header] + rows).map { Self.width($0[column]) }.max() ?? 0
    }

    /// The table with two spaces between columns; the last column is not padded.
    var text: String {
        let all = [header] + rows
        let widths = header.indices.map { width(ofColumn: $0) }
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
