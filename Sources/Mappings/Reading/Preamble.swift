import CSVRosters

/// Values that stand in the rows above a header, such as `填报日期：2025年3月1日`.
enum Preamble {
    /// The text behind a label: the rest of its cell without the colon, or the next cell that is not blank.
    static func value(behind label: String, in cells: [String]) -> String? {
        let wanted = HeaderName.normalised(label)
        guard !wanted.isEmpty else { return nil }
        for (index, cell) in cells.enumerated() {
            guard let rest = rest(of: cell, behind: wanted) else { continue }
            let trimmed = rest.drop { ": ：\u{3000}\t".contains($0) }
            if !trimmed.isEmpty { return upToGap(trimmed) }
            if let next = cells[(index + 1)...].first(where: { !HeaderName.normalised($0).isEmpty }) { return next }
        }
        return nil
    }

    // The label may be written with blanks between its characters.
    private static func rest(of cell: String, behind label: String) -> Substring? {
        for start in cell.indices {
            var index = start
            var matched = Substring(label)
            while index < cell.endIndex, !matched.isEmpty {
                let character = HeaderName.normalised(String(cell[index]))
                if character.isEmpty, index != start {
                    index = cell.index(after: index)
                    continue
                }
                guard !character.isEmpty, matched.hasPrefix(character) else { break }
                matched.removeFirst(character.count)
                index = cell.index(after: index)
            }
            if matched.isEmpty { return cell[index...] }
        }
        return nil
    }

    // Two blanks or a wide one separate several labels in one cell: `填报单位：甲　　填报日期：乙`.
    private static func upToGap(_ text: Substring) -> String {
        var result = ""
        var blanks = 0
        for character in text {
            let isBlank = character == " " || character == "\t" || character == "\u{3000}"
            blanks = isBlank ? blanks + (character == " " ? 1 : 2) : 0
            if blanks >= 2 { break }
            result.append(character)
        }
        return result
    }
}
