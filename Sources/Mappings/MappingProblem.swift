public import Findings

/// Something wrong in a file that IT staff wrote: a mapping, a code table, a settings file.
///
/// Loading collects as many problems as it can find instead of stopping at the first.
public struct MappingProblem: Sendable, Hashable, CustomStringConvertible {
    /// The path of the file, as it was given.
    public var file: String
    /// 1-based line, or 0 where the problem belongs to the file as a whole.
    public var line: Int
    /// 1-based column, in Unicode scalar values, or 0 with ``line``.
    public var column: Int
    /// `error` keeps the mapping from being used; `warning` does not.
    public var severity: Severity
    /// What is wrong, in one line; cut in its middle to ``Limits/messageLength`` characters.
    public var message: String
    /// What was probably meant: a word to write instead; cut to ``Limits/findingValueLength`` characters.
    public var suggestion: String?

    /// Describes a problem at a place in a file.
    public init(
        file: String, line: Int = 0, column: Int = 0, severity: Severity = .error, message: String,
        suggestion: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.severity = severity
        self.message = ShownText.message(message)
        self.suggestion = suggestion.map(ShownText.value)
    }

    /// Describes a problem at a node.
    public init(at node: MarkedYAML, severity: Severity = .error, _ message: String, suggestion: String? = nil) {
        self.init(
            file: node.file, line: node.line, column: node.column, severity: severity, message: message,
            suggestion: suggestion)
    }

    /// Whether what was loaded cannot be used.
    public var isError: Bool { severity >= .error }

    /// `file:line:column: error: message (did you mean “word”?)`, the form that editors and CI understand.
    public var description: String {
        let place = line > 0 ? "\(file):\(line):\(column)" : file
        let kind = isError ? "error" : "warning"
        let hint = suggestion.map { " (did you mean “\($0)”?)" } ?? ""
        return "\(place): \(kind): \(message)\(hint)"
    }
}
