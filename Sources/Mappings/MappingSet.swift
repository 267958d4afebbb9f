public import Findings

/// The mappings of one folder, checked and compiled.
public struct MappingSet: Sendable {
    /// The mappings without errors, by id.
    public let mappings: [Mapping]

    /// Takes checked mappings.
    init(_ mappings: [Mapping]) {
        self.mappings = mappings.sorted { $0.id < $1.id }
    }

    /// Why none of the mappings reads a document: what it is, and for a roster which columns the mappings miss in it.
    ///
    /// - Parameters:
    ///   - head: The document's beginning.
    ///   - allowed: Ids of the mappings that could have read it; empty for all.
    public func mismatch(_ head: DocumentHead, among allowed: [String] = []) -> BilingualText {
        var reasons = [head.summary]
        let candidates = mappings.filter { $0.format == .csv && (allowed.isEmpty || allowed.contains($0.id)) }
        if head.format == .csv, head.foreignFormat == nil {
            for mapping in candidates.prefix(Self.explainedMappings) {
                let reads = mapping.program.reads
                let head = head.read(as: reads)
                guard let finding = head.missingHeader(reads.header, delimiter: reads.delimiter) else { continue }
                reasons.append(
                    BilingualText(
                        chinese: "映射 \(mapping.id)：\(finding.message.chinese)",
                        english: "\(mapping.id): \(finding.message.english)"))
            }
        }
        return BilingualText(
            chinese: reasons.map(\.chinese).joined(separator: "；"),
            english: reasons.map(\.english).joined(separator: "; "))
    }

    // More than these would hide what matters.
    private static let explainedMappings = 3

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
    /// Bytes of the file: more than there are in ``bytes`` where it is too big to be read.
    public var size: Int

    /// Pairs the two.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        size = bytes.count
    }
}
