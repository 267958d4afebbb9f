public import Findings

/// What ``CSVReader/next()`` came to.
public enum CSVToken: Sendable, Hashable {
    /// The row in progress is not complete: append more, or end the input.
    case needsInput
    /// A row; ask the reader for its fields.
    case row
    /// There are no more rows.
    case endOfDocument
    /// The document breaks a limit and is read no further. Every later call answers the same.
    ///
    /// Indirect, so that the token of each row is one word.
    indirect case refused(Finding)
}
