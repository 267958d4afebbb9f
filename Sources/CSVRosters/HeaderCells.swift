import Findings

/// A row that may be a header or half of one: its cells, normalised.
struct HeaderCells {
    var names: [String]
    var places: [SourcePlace]
    var place: SourcePlace
    var rowNumber: Int

    var filled: Int { names.reduce(0) { $0 + ($1.isEmpty ? 0 : 1) } }
    var isBlank: Bool { filled == 0 }

    static let separator = "/"

    static func column(named name: String, in columns: [String]) -> Int? {
        guard !name.isEmpty else { return nil }
        if let whole = columns.firstIndex(of: name) { return whole }
        let suffix = separator + name
        let matches = columns.indices.filter { columns[$0].hasSuffix(suffix) }
        return matches.count == 1 ? matches[0] : nil
    }

    /// The required columns, each under any of its names, that are not here.
    func missing(of required: [[String]]) -> [[String]] {
        required.filter { names in
            !names.contains { Self.column(named: $0, in: self.names) != nil }
        }
    }

    /// A blank beside a name may be the rest of a merged cell, with the real names in the row below.
    var mayHaveChildren: Bool {
        guard filled > 1 else { return false }
        return names.indices.contains { $0 > 0 && names[$0].isEmpty && names[..<$0].contains { !$0.isEmpty } }
            || Set(names.filter { !$0.isEmpty }).count < filled
    }

    /// Whether `child`, the next row, holds the lower names of this row's merged cells.
    ///
    /// Columns that are merged downwards are blank in it (or repeat the name), and it fills merged cells with names, not
    /// with data. A first data row has values under the plain columns, so it does not pass.
    func isParent(of child: HeaderCells) -> Bool {
        guard filled > 1, child.filled > 0 else { return false }
        var plain = 0
        var named = 0
        for column in 0..<max(names.count, child.names.count) {
            let lower = child.name(column)
            if isMerged(column) {
                guard lower.isEmpty || !Self.looksLikeValue(lower) else { return false }
                if !lower.isEmpty { named += 1 }
            } else if !name(column).isEmpty {
                guard lower.isEmpty || lower == name(column) else { return false }
                plain += 1
            } else if !lower.isEmpty {
                return false
            }
        }
        return plain > 0 && named > 1
    }

    /// This row as the upper half: its names reach to the right until the next one, the child's names come below.
    func joined(with child: HeaderCells) -> HeaderCells {
        var joined = HeaderCells(names: [], places: [], place: place, rowNumber: child.rowNumber)
        var parent = ""
        for column in 0..<max(names.count, child.names.count) {
            if !name(column).isEmpty { parent = name(column) }
            let lower = child.name(column)
            if lower.isEmpty {
                // A blank below a blank is no column of the merged cell, or of none.
                joined.names.append(name(column))
                joined.places.append(column < places.count ? places[column] : place)
            } else {
                let isSame = parent.isEmpty || parent == lower
                joined.names.append(isSame ? lower : parent + Self.separator + lower)
                joined.places.append(column < child.places.count ? child.places[column] : child.place)
            }
        }
        return joined
    }

    func name(_ column: Int) -> String { column < names.count ? names[column] : "" }

    // Part of a group: a name with a blank or the same name to its right, or one of those.
    private func isMerged(_ column: Int) -> Bool {
        let own = name(column)
        if own.isEmpty { return column > 0 && names.prefix(column).contains { !$0.isEmpty } }
        let next = name(column + 1)
        let previous = column > 0 ? name(column - 1) : ""
        return (next.isEmpty && column + 1 < names.count) || next == own || previous == own
    }

    // Names of columns hold a letter or an ideograph; numbers, dates and codes are values.
    private static func looksLikeValue(_ cell: String) -> Bool {
        !cell.unicodeScalars.contains { $0.properties.isAlphabetic }
    }

    /// The names with later duplicates numbered, and a finding for each of those.
    func numbered() -> (names: [String], findings: [Finding]) {
        var taken = Set(names)
        var seen: Set<String> = []
        var result: [String] = []
        var findings: [Finding] = []
        for (column, name) in names.enumerated() {
            guard !name.isEmpty, !seen.insert(name).inserted else {
                result.append(name)
                continue
            }
            var number = 2
            while taken.contains("\(name)#\(number)") { number += 1 }
            let unique = "\(name)#\(number)"
            taken.insert(unique)
            result.append(unique)
            findings.append(
                Finding(
                    .csvDuplicateColumn, at: places[column], field: unique,
                    arguments: [name, unique].map(ShownText.value)))
        }
        return (result, findings)
    }
}
