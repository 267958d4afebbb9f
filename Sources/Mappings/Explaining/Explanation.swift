import CanonicalRecords
public import Findings
public import TextEncodings

/// Where every field of a document's records comes from.
public struct Explanation: Sendable {
    /// One record.
    public struct Record: Sendable {
        /// The 1-based number of its row.
        public var row: Int
        /// The entry of `gives` that made it.
        public var entry: String
        /// Its record type.
        public var recordType: String
        /// Its fields in the order in which they are written.
        public var fields: [Field]
    }

    /// One field of a record, whether it got a value or not.
    public struct Field: Sendable {
        /// The field's name, e.g. `identity_number`.
        public var name: String
        /// The values of the document that were read for it.
        public var sources: [Source]
        /// What was done to them, in order, e.g. `kind identity-number`, `join`, `key of Person`.
        public var steps: [String]
        /// What was written; nil when nothing was.
        public var result: String?
        /// Codes of the findings about it.
        public var findings: [String]
    }

    /// A value of the document.
    public struct Source: Sendable {
        /// The column or path.
        public var name: String
        /// Where it stands, where that is known.
        public var place: SourcePlace?
        /// What stands there.
        public var raw: String
    }

    /// The records, in the order in which they were made; those of rows that were set aside are among them.
    public var records: [Record]
    /// Columns, or element and attribute paths, that the mapping does not read.
    public var unmapped: [String]
    /// Counts and findings of the whole document.
    public var summary: ConversionSummary

    /// Converts a document and notes what happens to each field.
    ///
    /// - Parameters:
    ///   - document: The document as it was filed.
    ///   - encoding: What an `EncodingSurvey` of the document found, of which an XML declaration may say more.
    ///   - row: Note this row alone.
    ///   - revealing: Whether sensitive values are shown.
    public static func of(
        _ document: [UInt8], mapping: Mapping, context: FilingContext, encoding: EncodingVerdict, row: Int? = nil,
        revealing: Bool = false
    ) -> Explanation {
        var converter = DocumentConverter(
            mapping: mapping, context: context, encoding: encoding.encoding(ofDocument: document.span),
            isPureASCII: encoding.isPureASCII)
        converter.startTracing(row: row)
        converter.feed(document.span)
        converter.finish()
        let records = (converter.trace?.records ?? []).map { record($0, mapping.program, revealing: revealing) }
        return Explanation(records: records, unmapped: converter.summary.unmapped, summary: converter.summary)
    }

    private static func record(_ traced: RowTrace.Record, _ program: MappingProgram, revealing: Bool) -> Record {
        let shape = RecordSchema.canonical.recordType(named: traced.typeName)?.shape
        let fields = traced.fields.map { field in
            let sources = field.readings.map { reading in
                let masking = revealing ? nil : reading.masking
                return Source(
                    name: reading.name, place: reading.place, raw: masking?.masked(reading.raw) ?? reading.raw)
            }
            return Field(
                name: field.step.name, sources: sources, steps: field.step.explanation(program),
                result: shape.flatMap { ExplainedValue.text(field.written, in: $0, revealing: revealing) },
                findings: field.findings)
        }
        return Record(row: traced.row, entry: traced.entry, recordType: traced.typeName, fields: fields)
    }
}

extension FieldStep {
    /// The steps in words.
    fileprivate func explanation(_ program: MappingProgram) -> [String] {
        var words: [String] = []
        switch source {
        case .slots(let slots): if slots.count > 1 { words.append("first of \(slots.count) alternatives") }
        case .join(_, let separator): words.append("join with “\(String(decoding: separator, as: UTF8.self))”")
        case .split: words.append("split")
        case .constant(let value): words.append("const \(value.text)")
        case .keyOf(let entry): words.append("key of \(program.entries[entry].name)")
        case .identity(let type, _): words.append("id of \(type)")
        case .nested(let plan):
            words.append("each \(program.scopes[program.nested[plan].scope].path.map(\.local).joined(separator: "/"))")
        case .groups: words.append("fields")
        }
        if let lookup { words.append(lookup.name.map { "table \($0)" } ?? "map") }
        if wire != .message, lookup == nil { words.append("kind \(MappingCompiler.name(of: machine.kind))") }
        if let fallback { words.append("default \(fallback.text)") }
        return words
    }
}
