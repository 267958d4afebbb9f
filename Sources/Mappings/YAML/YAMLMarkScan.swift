/// Finds the first anchor, alias or tag of a YAML text without building its nodes.
///
/// This runs before the YAML library sees the text: with aliases as keys a few lines can keep it busy for years.
/// It knows comments, quotes over several lines and block scalars; what looks like a mark in any other place is one. It
/// reads line by line, so plain text over several lines can mislead it: what it misses is found in the tree, and what
/// would keep the library busy has more aliases than are ever let through.
struct YAMLMarkScan {
    /// What was found.
    enum Kind: Hashable {
        case anchor
        case tag

        /// What a problem says.
        var message: String {
            switch self {
            case .anchor:
                "anchors (&name) and aliases (*name) are not supported: write the value out, or quote it"
            case .tag: "tags (!name) are not supported: write the value alone, or quote it"
            }
        }
    }

    typealias Mark = (line: Int, column: Int, kind: Kind)

    /// How many times a text may have `*name` of an `&name`, be it within quotes: so few are built in no time.
    private static let mostAliases = 8

    private enum Quote { case none, single, double }
    private var quote = Quote.none
    // A line within a block scalar is indented deeper than this.
    private var blockIndent: Int?

    static func first(in text: String) -> Mark? {
        guard text.utf8.contains(where: { [0x26, 0x2A, 0x21].contains($0) }) else { return nil }
        var scan = YAMLMarkScan()
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { Array($0.unicodeScalars) }
        for (index, line) in lines.enumerated() {
            if let (column, kind) = scan.scan(line) { return (index + 1, column, kind) }
        }
        return excess(in: lines)
    }

    private mutating func scan(_ line: [Unicode.Scalar]) -> (column: Int, kind: Kind)? {
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
                    if scalar == "&" || scalar == "*" { return (index + 1, .anchor) }
                    if scalar == "!" { return (index + 1, .tag) }
                    if scalar == "'" { quote = .single } else if scalar == "\"" { quote = .double }
                    if scalar == "|" || scalar == ">" { blockIndent = Self.parentIndent(line, indent, upTo: index) }
                }
            }
            index += 1
        }
        return nil
    }

    // Where the node begins that a block scalar at `end` is the value of: behind the signs of the lists and keys that
    // open in the same line.
    private static func parentIndent(_ line: [Unicode.Scalar], _ indent: Int, upTo end: Int) -> Int {
        var parent = indent
        var index = indent
        while index < end, ["-", "?", ":"].contains(line[index]), index + 1 < end, line[index + 1] == " " {
            parent = index
            index += 1
            while index < end, line[index] == " " { index += 1 }
        }
        return index < end ? index : parent
    }

    // Tokens begin a line, or follow an indicator; a scalar that merely contains `&` is no anchor.
    private static func startsToken(_ line: [Unicode.Scalar], _ index: Int) -> Bool {
        var before = index - 1
        while before >= 0, line[before] == " " || line[before] == "\t" { before -= 1 }
        guard before >= 0 else { return true }
        let isAdjacent = before == index - 1
        switch line[before] {
        case "[", "{", ",": return true
        case "-", "?", ":": return !isAdjacent || (before > 0 && line[before - 1] == "\"")
        default: return false
        }
    }

    // The first alias of a text that has too many, wherever they stand.
    private static func excess(in lines: [[Unicode.Scalar]]) -> Mark? {
        var anchors: Set<String> = []
        for line in lines {
            for index in line.indices where line[index] == "&" { anchors.insert(name(line, behind: index)) }
        }
        anchors.remove("")
        var first: Mark?
        var count = 0
        for (number, line) in lines.enumerated() {
            for index in line.indices where line[index] == "*" && anchors.contains(name(line, behind: index)) {
                first = first ?? (number + 1, index + 1, .anchor)
                count += 1
            }
        }
        return count > mostAliases ? first : nil
    }

    // Of the characters that the library takes into a name.
    private static func name(_ line: [Unicode.Scalar], behind index: Int) -> String {
        let name = line[(index + 1)...].prefix {
            $0 == "-" || $0 == "_" || $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
        }
        return String(String.UnicodeScalarView(name))
    }
}
