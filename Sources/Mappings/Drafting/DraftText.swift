/// The lines of a mapping with their comments, which stand below each other.
struct DraftText {
    private var lines: [(code: String, comment: String)] = []
    // A comment begins here at the latest, unless the line itself is longer.
    private static let column = 44
    private static let lineWidth = 120

    /// Adds a line at a depth of two blanks each, with what is said beside it.
    mutating func add(_ depth: Int, _ code: String, _ comment: String = "") {
        lines.append((String(repeating: " ", count: depth * 2) + code, comment))
    }

    /// Adds a line of comment alone.
    mutating func remark(_ depth: Int, _ text: String) {
        add(depth, text.isEmpty ? "#" : "# \(Self.onOneLine(text))")
    }

    /// The lines, comments aligned; a comment for which there is no room stands above its line.
    var text: String {
        let widths = lines.filter { !$0.comment.isEmpty }.map { Self.width($0.code) }.filter { $0 <= Self.column }
        let start = (widths.max() ?? 0) + 2
        return lines.map { line in
            guard !line.comment.isEmpty else { return line.code + "\n" }
            let comment = Self.onOneLine(line.comment)
            let gap = max(2, start - Self.width(line.code))
            if Self.width(line.code) + gap + 2 + Self.width(comment) <= Self.lineWidth {
                return line.code + String(repeating: " ", count: gap) + "# \(comment)\n"
            }
            let indent = line.code.prefix { $0 == " " } + "# "
            return Self.wrapped(comment, to: Self.lineWidth - indent.count).map { "\(indent)\($0)\n" }.joined()
                + line.code + "\n"
        }.joined()
    }

    private static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty || Self.width(line) + 1 + Self.width(String(word)) <= width {
                lines[lines.count - 1] += (line.isEmpty ? "" : " ") + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    // Han characters and full-width signs take two columns of a terminal.
    private static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ((0x1100...0xFFE6).contains($1.value) && $1.value >= 0x2E80 ? 2 : 1) }
    }

    // What a column is called may hold anything.
    private static func onOneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { isPrintable($0) ? $0 : "\u{FFFD}" }))
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }

    // MARK: Scalars

    // Words that YAML 1.1 readers take for something else.
    private static let reserved: Set = ["yes", "no", "true", "false", "null", "on", "off", "y", "n", "nan", "inf"]

    /// A text as a YAML scalar: plain where that is safe in every place, else in double quotes.
    static func scalar(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        let isPlain =
            scalars.first.map { $0.properties.isAlphabetic && isPrintable($0) } ?? false
            && !reserved.contains(text.lowercased()) && scalars.last != ":"
            && scalars.allSatisfy { scalar in
                isPrintable(scalar)
                    && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                        || "_-./:@".unicodeScalars.contains(scalar))
            }
        if isPlain { return text }
        var quoted = "\""
        for scalar in scalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case _ where scalar == " " || isPrintable(scalar): quoted.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return quoted + "\""
    }

    /// A list of texts on one line.
    static func list(_ texts: [String]) -> String {
        "[" + texts.map(scalar).joined(separator: ", ") + "]"
    }
}
