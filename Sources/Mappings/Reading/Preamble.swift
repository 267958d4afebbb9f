import CSVRosters
import Findings

/// Values that stand in the rows above a header, such as `填报日期：2025年3月1日`.
struct Preamble {
    /// A value behind a label, and where its label stands.
    struct Value {
        var text: String
        var place: SourcePlace
    }

    private let rows: [CSVPreambleRow]
    // What else stands there with a value of its own, normalised.
    private let labels: [String]

    /// - Parameter labels: The labels that the mapping asks for. They end the value before them, as the usual ones do.
    init(_ rows: [CSVPreambleRow], labels: [String]) {
        self.rows = rows
        self.labels = (labels + RowClassifier.usualRemarkLabels).map(HeaderName.normalised).filter { !$0.isEmpty }
    }

    /// The values behind a label, in the order of the document: the rest of its cell without the colon, or the next cell that
    /// is not blank. None is what another label stands in front of.
    ///
    /// A label is followed by a colon or alone in its cell. Only where none is, as in `截至3月1日`, its first occurrence within
    /// a text counts.
    func values(behind label: String) -> [Value] {
        let wanted = HeaderName.normalised(label)
        guard !wanted.isEmpty else { return [] }
        var values: [Value] = []
        var loose: Value?
        for row in rows {
            for (index, cell) in row.cells.enumerated() {
                for found in occurrences(of: wanted, in: cell) where found.isMarked || loose == nil {
                    guard let text = value(found.rest, index, row.cells) else { continue }
                    let value = Value(text: text, place: row.places[index])
                    if found.isMarked { values.append(value) } else { loose = value }
                }
            }
        }
        return values.isEmpty ? loose.map { [$0] } ?? [] : values
    }

    private func value(_ rest: Substring, _ index: Int, _ cells: [String]) -> String? {
        let trimmed = rest.drop { ": ：\u{3000}\t".contains($0) }
        if !trimmed.isEmpty { return beginsWithLabel(trimmed) ? nil : upToGap(trimmed) }
        let next = cells[(index + 1)...].first { !HeaderName.normalised($0).isEmpty }
        return next.flatMap { beginsWithLabel($0[...]) ? nil : $0 }
    }

    private struct Occurrence {
        var rest: Substring
        // A colon follows, or nothing.
        var isMarked: Bool
    }

    private func occurrences(of label: String, in cell: String) -> [Occurrence] {
        var found: [Occurrence] = []
        var start = cell.startIndex
        while start < cell.endIndex {
            let previous = start == cell.startIndex ? nil : cell[cell.index(before: start)]
            if let rest = Self.rest(of: cell[start...], behind: label).map(Self.withoutNote) {
                let isAlone = Self.isBlank(rest) && Self.isBlank(cell[..<start])
                let isMarked = Self.hasColon(rest) || isAlone
                if found.isEmpty || isMarked && previous.map(Self.isBlank) == true {
                    found.append(Occurrence(rest: rest, isMarked: isMarked))
                }
                start = rest.startIndex
            } else {
                start = cell.index(after: start)
            }
        }
        return found
    }

    private func beginsWithLabel(_ text: Substring) -> Bool {
        let text = text.drop { Self.isBlank($0) }
        return labels.contains { Self.rest(of: text, behind: $0).map(Self.hasColon) == true }
    }

    // What is left behind a label that the text begins with. It may be written with blanks between its characters.
    private static func rest(of text: Substring, behind label: String) -> Substring? {
        var matched = Substring(label)
        var index = text.startIndex
        while index < text.endIndex, !matched.isEmpty {
            let character = HeaderName.normalised(String(text[index]))
            guard index != text.startIndex || !character.isEmpty, matched.hasPrefix(character) else { return nil }
            matched.removeFirst(character.count)
            index = text.index(after: index)
        }
        return matched.isEmpty ? text[index...] : nil
    }

    // Without what a bracket says of the label: `填报单位（盖章）：甲`.
    private static func withoutNote(_ rest: Substring) -> Substring {
        let text = rest.drop(while: isBlank)
        guard text.first == "(" || text.first == "（", let end = text.firstIndex(where: { ")）".contains($0) }) else {
            return rest
        }
        let behind = text[text.index(after: end)...]
        return hasColon(behind) || isBlank(behind) && text[..<end].contains("章") ? behind : rest
    }

    private static func hasColon(_ rest: Substring) -> Bool {
        rest.first { !isBlank($0) }.map { $0 == ":" || $0 == "：" } == true
    }

    private static func isBlank(_ character: Character) -> Bool { isBlank(Substring(String(character))) }

    private static func isBlank(_ text: Substring) -> Bool { HeaderName.normalised(String(text)).isEmpty }

    // Two blanks, a wide one or a label separate several values in one cell: `填报单位：甲　　填报日期：乙`.
    private func upToGap(_ text: Substring) -> String {
        var result = ""
        var blanks = 0
        for index in text.indices {
            let character = text[index]
            let isBlank = character == " " || character == "\t" || character == "\u{3000}"
            blanks = isBlank ? blanks + (character == " " ? 1 : 2) : 0
            if blanks >= 2 || isBlank && beginsWithLabel(text[index...]) { break }
            result.append(character)
        }
        return result
    }
}
