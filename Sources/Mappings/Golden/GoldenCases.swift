import FoundationEssentials

/// The golden cases of mappings: documents with the records and findings that they must give.
///
/// They live beside the mapping: `mappings/<place>/<form>.cases/<case>/` holds `input.csv` or `input.xml`,
/// `records.jsonl` (the records as JSON, unmasked, one per line; no file means none) and, where there are findings,
/// `findings.csv` with the columns `code,row,field`. Adding a case needs no code. What would change with every edit or
/// run is fixed: the filing is `golden`, so is the mapping's version, and ids are made with ``IdentityKey/published``.
public struct GoldenCases: Sendable {
    /// What became of one case.
    public struct Result: Sendable {
        /// The case's folder.
        public var folder: String
        /// The mapping's id.
        public var mapping: String
        /// What differs, in lines for people: `-` is expected and missing, `+` came and was not expected. Empty when
        /// the case passes.
        public var differences: [String]

        /// Whether the case gave what it must.
        public var passes: Bool { differences.isEmpty }
    }

    /// Runs all cases of a set of mappings.
    ///
    /// - Parameters:
    ///   - set: The mappings; each names its file, and the cases are looked for beside it.
    ///   - only: Run the cases of this mapping alone.
    ///   - updating: Write what came out into the case instead of comparing; for new cases. Read the difference before
    ///     committing it.
    /// - Returns: One result per case, by folder.
    public static func run(_ set: MappingSet, only: String? = nil, updating: Bool = false) -> [Result] {
        set.mappings.filter { only == nil || $0.id == only }
            .flatMap { run(mapping: $0, updating: updating) }
            .sorted { $0.folder < $1.folder }
    }

    private static func run(mapping: Mapping, updating: Bool) -> [Result] {
        let base = mapping.file.hasSuffix(".yaml") ? String(mapping.file.dropLast(5)) : mapping.file
        let cases = base + ".cases"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: cases)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().map { name in
            let folder = "\(cases)/\(name)"
            return Result(
                folder: folder, mapping: mapping.id,
                differences: GoldenCase(folder: folder, mapping: mapping).differences(updating: updating))
        }
    }
}
