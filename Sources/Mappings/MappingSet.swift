import Findings

/// The mappings of one folder, checked and compiled.
public struct MappingSet: Sendable {
    /// The mappings without errors, by id.
    public let mappings: [Mapping]

    /// Takes checked mappings.
    init(_ mappings: [Mapping]) {
        self.mappings = mappings.sorted { $0.id < $1.id }
    }

    /// A set without mappings.
    public static let empty = MappingSet([])

    /// The mapping of that name.
    public func mapping(id: String) -> Mapping? {
        mappings.first { $0.id == id }
    }

    /// The mappings that read such a document: same format, and the root element, or all columns of the header within
    /// the first rows. None or more than one is a finding for the caller to report:
    /// ``Findings/FindingKind/mappingNone``, ``Findings/FindingKind/mappingAmbiguous``.
    public func matching(_ head: DocumentHead) -> [Mapping] {
        mappings.filter { $0.program.matches(head) }
    }
}

/// What loading gave: the mappings that can be used, and every problem of the others.
public struct MappingLoad: Sendable {
    /// The mappings without errors.
    public var set: MappingSet
    /// All problems, by file and place.
    public var problems: [MappingProblem]

    /// Whether some mapping or code table cannot be used.
    public var hasErrors: Bool { problems.contains { $0.isError } }
}

/// A mapping's text with the path to name in problems.
public struct MappingFile: Sendable, Hashable {
    /// The path, as problems shall name it.
    public var path: String
    /// The text, UTF-8.
    public var bytes: [UInt8]

    /// Pairs the two.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}
