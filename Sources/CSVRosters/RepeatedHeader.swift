/// Tells the header, where it stands again among the rows, from data: rosters are printed, or put together from several.
public struct RepeatedHeader: Sendable {
    // By column: what may stand in it. Under a merged cell of a two-row header that is either of the two names.
    private let names: [[[UInt8]]]

    /// Looks for a header.
    public init(_ header: CSVHeader) {
        names = header.columns.map { name in Self.parts(of: name).map { Array($0.utf8) } }
    }

    /// Whether the row is the header again, or one row of it: two cells or more, and each is the name of its column.
    public func matches(_ row: CSVRow) -> Bool {
        var filled = 0
        for index in 0..<row.fields.count {
            let field = row.fields[index]
            if field.start == field.end, !field.isRewritten { continue }
            let cell = row.text(field)
            let start = BlankText.skipBlanks(cell, from: 0)
            guard start < cell.count else { continue }
            guard index < names.count, isName(cell, from: start, of: index) else { return false }
            filled += 1
        }
        return filled > 1
    }

    private func isName(_ cell: Span<UInt8>, from start: Int, of column: Int) -> Bool {
        for index in names[column].indices where Self.isEqual(cell, from: start, names[column][index]) { return true }
        return false
    }

    // Compared as ``HeaderName`` normalises them.
    private static func isEqual(_ cell: Span<UInt8>, from start: Int, _ name: [UInt8]) -> Bool {
        var (index, matched) = (start, 0)
        while index < cell.count {
            guard matched < name.count else { return false }
            if cell[index] == name[matched] {
                index += 1
            } else if halfWidth(cell, at: index) == name[matched] {
                index += 3
            } else {
                return false
            }
            matched += 1
            index = BlankText.skipBlanks(cell, from: index)
        }
        return matched == name.count
    }

    // U+FF01–FF5E are EF BC 81 to EF BD 9E.
    private static func halfWidth(_ cell: Span<UInt8>, at index: Int) -> UInt8? {
        guard index + 2 < cell.count, cell[index] == 0xEF else { return nil }
        switch (cell[index + 1], cell[index + 2]) {
        case (0xBC, 0x81...0xBF): return cell[index + 2] - 0x60
        case (0xBD, 0x80...0x9E): return cell[index + 2] - 0x20
        default: return nil
        }
    }

    // The name; without the number that tells it from the same one before; above and below a joint.
    private static func parts(of name: String) -> [String] {
        guard !name.isEmpty else { return [] }
        var parts = [name]
        if let sign = name.lastIndex(of: "#") { parts.append(String(name[..<sign])) }
        for part in parts {
            guard let joint = part.lastIndex(of: "/") else { continue }
            parts.append(String(part[..<joint]))
            parts.append(String(part[part.index(after: joint)...]))
        }
        return parts.filter { !$0.isEmpty }
    }
}
