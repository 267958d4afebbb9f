/// A node of a YAML document that knows where it was written.
///
/// Scalars keep the text that was written: whether `010` is a number or a code is decided by whoever reads the node.
public struct MarkedYAML: Sendable, Hashable {
    /// What a node holds.
    public indirect enum Content: Sendable, Hashable {
        /// A single value; `isQuoted` when it was written in quotes or as a block, so that `"~"` is text and `~` is
        /// nothing.
        case scalar(String, isQuoted: Bool)
        /// A list.
        case sequence([MarkedYAML])
        /// Keys and values in the order in which they were written; every key is there once.
        case mapping([Pair])
    }

    /// A key with its value.
    public struct Pair: Sendable, Hashable {
        /// The key's own node: its place is where a problem with the key is told.
        public var key: MarkedYAML
        /// The value.
        public var value: MarkedYAML
    }

    /// What the node holds.
    public var content: Content
    /// The path of the file, as it was given.
    public var file: String
    /// 1-based line.
    public var line: Int
    /// 1-based column, in Unicode scalar values.
    public var column: Int

    /// Makes a node.
    public init(_ content: Content, file: String, line: Int, column: Int) {
        self.content = content
        self.file = file
        self.line = line
        self.column = column
    }
}

extension MarkedYAML {
    /// The text of a scalar; nil for lists, mappings and nothing (`~`, `null` or no value at all).
    public var text: String? {
        guard case .scalar(let text, _) = content, !isNull else { return nil }
        return text
    }

    /// Whether nothing was written: an empty plain scalar, `~` or `null`.
    public var isNull: Bool {
        guard case .scalar(let text, isQuoted: false) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The entries of a list, or nil.
    public var items: [MarkedYAML]? {
        guard case .sequence(let items) = content else { return nil }
        return items
    }

    /// The pairs of a mapping, or nil.
    public var pairs: [Pair]? {
        guard case .mapping(let pairs) = content else { return nil }
        return pairs
    }

    /// The value of a key, or nil where this is no mapping or has no such key.
    public subscript(_ key: String) -> MarkedYAML? {
        pairs?.first { $0.key.text == key }?.value
    }

    /// The scalar as a whole number in plain decimal digits, with an optional sign.
    public var integer: Int? {
        guard case .scalar(let text, isQuoted: false) = content else { return nil }
        return Int(text)
    }

    /// The scalar as `true` or `false`; `yes`, `on` and the like are not accepted, so that one spelling serves
    /// everywhere.
    public var boolean: Bool? {
        switch text {
        case "true": true
        case "false": false
        default: nil
        }
    }

    /// What kind of node this is, in words for a message.
    public var kindName: String {
        switch content {
        case .scalar: isNull ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
