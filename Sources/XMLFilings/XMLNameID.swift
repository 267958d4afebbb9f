/// A name — namespace and local part together — as a small number that is dense and stable within one ``XMLReader``.
///
/// Two elements or attributes have the same name exactly when their ids are equal. Ids start at 0 and are given in
/// order of first sight, so that a consumer can use them as indices of a table.
public struct XMLNameID: Hashable, Sendable, BitwiseCopyable {
    /// The number: 0, 1, 2, …
    public let rawValue: Int32

    /// The number as an array index.
    public var index: Int { Int(rawValue) }

    init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }
}
