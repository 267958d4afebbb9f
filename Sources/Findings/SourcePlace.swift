/// A place in a document as it was filed.
public struct SourcePlace: Sendable, BitwiseCopyable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// 1-based line; LF, CRLF and a lone CR each end one line.
    public var line: Int
    /// 1-based column, counted in Unicode scalar values from the start of the line.
    public var column: Int
    /// 0-based byte offset in the document as it was filed, before any decoding.
    public var offset: Int

    /// Names a place.
    public init(line: Int, column: Int, offset: Int) {
        self.line = line
        self.column = column
        self.offset = offset
    }

    /// The start of every document.
    public static let start = SourcePlace(line: 1, column: 1, offset: 0)

    /// Places are ordered by their offset.
    public static func < (left: SourcePlace, right: SourcePlace) -> Bool {
        left.offset < right.offset
    }

    /// `line:column`, the way compilers print it.
    public var description: String { "\(line):\(column)" }
}
