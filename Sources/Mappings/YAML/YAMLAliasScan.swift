/// Finds the first anchor or alias of a YAML text without building its nodes.
///
/// This runs before the YAML library sees the text: with aliases as keys a few lines can keep it busy for years.
/// It knows comments, quotes over several lines and block scalars; what looks like an alias in any other place is one.
struct YAMLAliasScan {
    private enum Quote { case none, single, double }
    private var quote = Quote.none
    private var blockIndent: Int?

    static func firstAlias(in text: String) -> (line: Int, column: Int)? {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "*") }) else { return nil }
        var scan = YAMLAliasScan()
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            if let column = scan.scan(Array(line.unicodeScalars)) { return (number, column) }
        }
        return nil
    }

    private mutating func scan(_ line: [Unicode.Scalar]) -> Int? {
        let indent = line.prefix { $0 == " " }.count
        if let blockIndent, quote == .none {
            if indent > blockIndent || indent == line.count { return nil }
            self.blockIndent = nil
        }
        var index = 0
        while index < line.count {
            let scalar = line[index]
            switch quote {
            case .single: if scalar == "'" { quote = .none }
            case .double:
                if scalar == "\\" { index += 1 } else if scalar == "\"" { quote = .none }
            case .none:
                if scalar == "#", index == 0 || line[index - 1] == " " || line[index - 1] == "\t" { return nil }
                if Self.startsToken(line, index) {
                    if scalar == "&" || scalar == "*" { return index + 1 }
                    if scalar == "'" { quote = .single } else if scalar == "\"" { quote = .double }
                    if scalar == "|" || scalar == ">" { blockIndent = indent }
                }
            }
            index += 1
        }
        return nil
    }

    // Tokens begin a line, or follow an indicator or a tag; a scalar that merely contains `&` is no anchor.
    private static func startsToken(_ line: [Unicode.Scalar], _ index: Int) -> Bool {
        var before = index - 1
        while before >= 0, line[before] == " " || line[before] == "\t" { before -= 1 }
        guard before >= 0 else { return true }
        let isAdjacent = before == index - 1
        switch line[before] {
        case "[", "{", ",": return true
        case "-", "?", ":": return !isAdjacent || (before > 0 && line[before - 1] == "\"")
        default: return tagEnds(line, before)
        }
    }

    private static func tagEnds(_ line: [Unicode.Scalar], _ end: Int) -> Bool {
        var start = end
        while start > 0, line[start - 1] != " " { start -= 1 }
        return line[start] == "!"
    }
}
