/// How a roster separates its cells. Quotes are `"` in every dialect, doubled inside a quoted field (RFC 4180).
public struct CSVDialect: Sendable, Hashable, Codable {
    /// What stands between two cells.
    public var delimiter: CSVDelimiter

    /// Names a dialect.
    public init(delimiter: CSVDelimiter) {
        self.delimiter = delimiter
    }

    /// Cells separated by commas.
    public static let comma = CSVDialect(delimiter: .comma)
    /// Cells separated by tabs.
    public static let tab = CSVDialect(delimiter: .tab)
    /// Cells separated by semicolons.
    public static let semicolon = CSVDialect(delimiter: .semicolon)
    /// Cells separated by U+FF0C, as typed with a Chinese input method.
    public static let fullWidthComma = CSVDialect(delimiter: .fullWidthComma)
}

/// What can stand between two cells.
public enum CSVDelimiter: String, Sendable, Hashable, CaseIterable, Codable {
    /// `,`
    case comma = ","
    /// A horizontal tab.
    case tab = "\t"
    /// `;`
    case semicolon = ";"
    /// `，` (U+FF0C)
    case fullWidthComma = "，"
    /// `|`, never detected, only declared.
    case bar = "|"

    /// The delimiters that detection tries, the likeliest first.
    public static let detectable: [CSVDelimiter] = [.comma, .tab, .semicolon, .fullWidthComma]

    /// The delimiter that a mapping or a `sep=` line writes: the character itself, or `tab`, `comma`, `semicolon`.
    public init?(label: String) {
        switch label {
        case "comma": self = .comma
        case "tab", "\\t": self = .tab
        case "semicolon": self = .semicolon
        default: self.init(rawValue: label)
        }
    }

    /// The delimiter in UTF-8.
    public var bytes: [UInt8] { Array(rawValue.utf8) }
}
