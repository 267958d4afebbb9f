import CanonicalRecords
public import Findings

/// A first mapping for a form, guessed from a sample of it, with the reason of each guess beside its line.
///
/// The words for columns and elements are those of the schema: names, titles and terms of fields. Values are judged by the
/// machines that convert them. Nothing that stands in a cell or element of the sample gets into the draft: reasons give
/// numbers, and names of tables and fields.
public struct MappingDraft: Sendable {
    /// The mapping's name, made from the sample's.
    public let id: String
    /// The mapping, YAML with comments. It loads without a problem, with the code tables that it was drafted with.
    public let text: String
    /// The kind of document.
    public let format: DocumentFormat
    /// The record types that it gives, in the mapping's order.
    public let recordTypes: [String]
    /// How many of the guesses need a look before the mapping is used; they are marked CHECK.
    public let checks: Int
    /// What was looked at and decided, one line each, for people.
    public let decisions: [String]
    /// What became of the sample when it was converted with the draft. Of a sample that is only the beginning of a
    /// document it is what was counted up to there.
    public let trial: ConversionSummary

    /// Drafts a mapping.
    ///
    /// - Parameters:
    ///   - sample: The document, or its beginning.
    ///   - record: The record type that is wanted, by its name; nil takes the one that fits best.
    ///   - tables: Code tables that the draft may use.
    /// - Throws: ``DraftRefusal`` where no mapping can be made of the sample.
    public static func of(
        _ sample: DraftSample, record: String? = nil, tables: [MappingFile] = []
    ) throws(DraftRefusal) -> MappingDraft {
        let known = tables.compactMap { CodeTableReader.read($0).table }
        let guesser = RecordGuesser(tables: known, wanted: record)
        let writer: DraftWriter
        switch try sample.readableFormat() {
        case .csv:
            let roster = try RosterSample(sample, words: guesser.words)
            // What stands above the header says what the form is for; it is not written down.
            let hints = [sample.name] + roster.titles
            let plan = try guesser.plan(roster.columns, rows: roster.rows, hints: hints)
            writer = DraftWriter(sample: sample, roster: roster, plan: plan)
        case .xml:
            let filing = try FilingSample(sample)
            let (entry, plan) = try guesser.plan(filing, sample: sample)
            writer = DraftWriter(sample: sample, filing: filing, entry: entry, plan: plan)
        }
        return try writer.draft(tables: tables)
    }

    /// The names of all record types, for `--record` and its suggestions.
    public static var recordTypeNames: [String] { RecordSchema.canonical.recordTypes.map(\.name) }
}

/// Why nothing can be made of a sample. Thrown only because that is how Swift leaves a call early: it is about the
/// document, never about us.
public struct DraftRefusal: Error, Sendable, Hashable {
    /// What is wrong and what to do next. It holds nothing that stands in a cell or element.
    public let message: BilingualText
    /// Where, if that is known.
    public let place: SourcePlace?

    init(chinese: String, english: String, at place: SourcePlace? = nil) {
        message = BilingualText(chinese: chinese, english: english)
        self.place = place
    }

    init(_ finding: Finding) {
        message = finding.message
        place = finding.place
    }
}
