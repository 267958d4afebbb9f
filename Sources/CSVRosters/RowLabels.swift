/// Labels that a cell may begin with, compared without blanks: `合　计` is `合计`.
struct RowLabels: Sendable {
    /// What follows a label in its cell.
    enum Next {
        case end, colon, bracketOrNumber, text
    }

    private struct Label: Sendable {
        var text: String
        var bytes: [UInt8]
    }

    private let labels: [Label]
    /// A bit for each first character, so that most cells are passed over after one look.
    let firstCharacters: UInt64

    init(_ texts: [String]) {
        // The longest first: a label may begin with another.
        labels = texts.map { Label(text: $0, bytes: Array(HeaderName.normalised($0).utf8)) }
            .filter { !$0.bytes.isEmpty }
            .sorted { $0.bytes.count > $1.bytes.count }
        firstCharacters = labels.reduce(0) { $0 | Self.bit($1.bytes.span, at: 0) }
    }

    /// The label that the cell begins with, and what follows it.
    ///
    /// - Parameter start: The first byte of the cell that is not blank.
    @inline(__always)
    func match(_ cell: Span<UInt8>, from start: Int) -> (label: String, next: Next)? {
        guard firstCharacters & Self.bit(cell, at: start) != 0 else { return nil }
        return matchSlowly(cell, from: start)
    }

    private func matchSlowly(_ cell: Span<UInt8>, from start: Int) -> (label: String, next: Next)? {
        for label in labels {
            guard let end = Self.end(of: label.bytes, in: cell, from: start) else { continue }
            return (label.text, Self.next(in: cell, at: BlankText.skipBlanks(cell, from: end)))
        }
        return nil
    }

    private static func end(of label: [UInt8], in cell: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        for byte in label {
            if index < cell.count, cell[index] != byte { index = BlankText.skipBlanks(cell, from: index) }
            guard index < cell.count, cell[index] == byte else { return nil }
            index += 1
        }
        return index
    }

    private static func next(in cell: Span<UInt8>, at index: Int) -> Next {
        guard index < cell.count else { return .end }
        switch cell[index] {
        case 0x3A: return .colon
        case 0x28, 0x30...0x39: return .bracketOrNumber
        case 0xEF:
            // Full-width signs: `（` is EF BC 88, `：` is EF BC 9A, digits are EF BC 90–99.
            guard index + 2 < cell.count, cell[index + 1] == 0xBC else { return .text }
            switch cell[index + 2] {
            case 0x9A: return .colon
            case 0x88, 0x90...0x99: return .bracketOrNumber
            default: return .text
            }
        default: return .text
        }
    }

    /// The bit of all characters of ASCII.
    static let ascii: UInt64 = 1

    /// The bit of the character at `index`. ASCII, with which hardly a label begins and many a cell does, has one of its own.
    @inline(__always)
    static func bit(_ text: Span<UInt8>, at index: Int) -> UInt64 {
        guard text[index] >= 0x80 else { return ascii }
        guard index + 2 < text.count else { return 2 }
        let hash = UInt64(text[index]) &* 31 &+ UInt64(text[index + 1]) &* 7 &+ UInt64(text[index + 2])
        return 4 &<< (hash % 62)
    }
}
