/// The system refused to open, read or write a file. Whoever owns the file knows what that means for people.
public struct BulkFileError: Error, Sendable, Hashable {
    /// What the system said, as in `errno`.
    public let code: CInt

    /// - Parameter code: As in `errno`.
    public init(code: CInt) {
        self.code = code
    }
}
