/// What an XML declaration says, production [23]: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`.
public struct XMLDeclaration: Sendable, Hashable {
    /// The version, `1.` and digits.
    public var version: String
    /// The encoding label as it is written; nil when there is none, which means UTF-8 or UTF-16.
    public var encoding: String?
    /// Whether the document declares itself standalone; nil when it does not say. Without DTDs it means nothing.
    public var standalone: Bool?

    /// Names what a declaration says.
    public init(version: String, encoding: String? = nil, standalone: Bool? = nil) {
        self.version = version
        self.encoding = encoding
        self.standalone = standalone
    }

    /// Looks at the first bytes of a document as it was filed, to choose its decoder by.
    ///
    /// - Parameter bytes: The beginning of the document in its own encoding. ``XMLEncodingSniff/size`` bytes do.
    public static func sniff(_ bytes: Span<UInt8>) -> XMLEncodingSniff {
        XMLEncodingSniff(bytes)
    }
}
