/// Writes `docs/records.md` from the schema, so that it cannot say anything else than the program does.
public enum RecordDocumentation {
    /// The documentation of a schema as Markdown, with a line end after each line.
    public static func markdown(_ schema: RecordSchema = .canonical) -> String {
        let bodies = Set(schema.recordTypes.map(\.name))
        let envelope = [schema.record] + schema.shapes.filter { ["Provenance", "Signer"].contains($0.name) }
        let others = bodies.union(envelope.map(\.name))
        let parts = schema.shapes.filter { !others.contains($0.name) }
        var lines = introduction + overview(of: schema)
        lines += ["## The envelope", ""] + envelope.flatMap { section(of: $0) }
        lines += ["## Record types", ""] + schema.recordTypes.flatMap { section(of: $0.shape) }
        lines += ["## Parts of records", ""] + parts.flatMap { section(of: $0) }
        lines += [
            "## Kinds", "", "What a field holds decides how its values are normalised and what makes them valid.", "",
        ]
        lines += meaningTable(of: kinds)
        lines += ["## Masks", "", "How sensitive values are shown to people who must not see them whole.", ""]
        lines += meaningTable(of: masks)
        lines += ["## Code tables", "", tableNote, ""] + schema.enumerations.flatMap(section(of:))
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }

    // Kinds and masks are described where they are declared: in the comments of `options.proto`.
    private static let kinds = DescriptorSet.embedded.options(named: "Kind")
    private static let masks = DescriptorSet.embedded.options(named: "Mask")

    private static let introduction = [
        "# Canonical records",
        "",
        "Made from `Sources/CanonicalRecords/Protos/*.proto`; do not edit. The protobuf package is `qiao.records.v1`,",
        "the descriptor set is `Sources/CanonicalRecords/Protos/records.binpb`.",
        "",
        "Every record is a `Record`: where it comes from, and one body. Dates are `YYYY-MM-DD`, or `YYYY-MM` or `YYYY`",
        "where the document knows no more; date-times are `YYYY-MM-DDThh:mm:ss+08:00`; money is in fen. References are",
        "ids of other records. A field that is marked *or absent* is told apart from zero. *Also called* are words that",
        "forms use for a column; `qiao mapping draft` knows them.",
        "",
    ]

    private static let tableNote =
        "A value is found by its name, with or without the prefix, by its code, or by one of its terms. The title "
        + "counts as a term. Zero, `…_UNSPECIFIED`, means that nothing is known, and has no terms."

    private static func overview(of schema: RecordSchema) -> [String] {
        let rows = schema.recordTypes.map { type in
            "| [\(type.name)](#\(type.name.lowercased())) | \(type.title) | `\(type.bodyName)` = \(type.bodyNumber) | "
                + "\(type.shape.documentation) |"
        }
        return ["| record | 名称 | body | what it is |", "|---|---|---|---|"] + rows + [""]
    }

    private static func section(of shape: MessageShape) -> [String] {
        let source = shape.clause.isEmpty ? "" : " Source: \(shape.clause)."
        let fields = shape.fields.filter { $0.oneof != "body" }
        return ["### \(shape.name)", "", "\(shape.title). \(shape.documentation)\(source)", ""]
            + [
                "| field | no. | 名称 | kind | holds | masked | source | what it is | also called |",
                "|---|---|---|---|---|---|---|---|---|",
            ]
            + fields.map(row(of:)) + [""]
            + (fields.count < shape.fields.count ? ["One of the record types below is the body.", ""] : [])
    }

    private static func row(of field: RecordField) -> String {
        let cells = [
            "`\(field.name)`", "\(field.number)", field.title, words(of: field.kind), holds(field),
            field.masking.map(words(of:)) ?? "", field.clause, field.documentation,
            field.terms.joined(separator: "、"),
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    private static func holds(_ field: RecordField) -> String {
        let one =
            switch field.shape {
            case .string: field.refersTo.map { "id of a [\($0)](#\($0.lowercased()))" } ?? "text"
            case .bytes: "bytes"
            case .bool: "yes or no"
            case .int32, .int64, .uint64: "whole number"
            case .double: "number"
            case .enumeration(let inner): "[\(inner.name)](#\(inner.name.lowercased()))"
            case .message(let inner): "[\(inner.name)](#\(inner.name.lowercased()))"
            case .map: "text by text"
            }
        let isAbsentable = if case .message = field.shape { false } else { field.hasPresence }
        return field.isRepeated ? "list of \(one)" : isAbsentable ? "\(one), or absent" : one
    }

    private static func section(of enumeration: Enumeration) -> [String] {
        let source = enumeration.standard.isEmpty ? "Codes: Qiao's own." : "Codes: \(enumeration.standard)."
        let rows = enumeration.values.dropFirst().map { value in
            let others = value.terms.dropFirst().joined(separator: "、")
            return "| \(value.code) | `\(value.shortName)` | \(value.title) | \(others) | \(value.documentation) |"
        }
        return ["### \(enumeration.name)", "", "\(enumeration.title). \(enumeration.documentation) \(source)", ""]
            + ["| code | value | 名称 | other terms | note |", "|---|---|---|---|---|"] + rows + [""]
    }

    private static func meaningTable(of options: Enumeration?) -> [String] {
        let rows = (options?.values ?? []).dropFirst().map { value in
            "| \(spoken(value.shortName)) | \(value.documentation) |"
        }
        return ["| name | what it means |", "|---|---|"] + rows + [""]
    }

    private static func words(of kind: FieldKind) -> String {
        kinds?.value(number: kind.rawValue).map { spoken($0.shortName) } ?? ""
    }

    private static func words(of masking: Masking) -> String {
        switch masking {
        case .identityNumber: "identity number"
        case .mobile: "mobile"
        case .personName: "person name"
        case .text: "text"
        case .code: "code"
        }
    }

    private static func spoken(_ name: String) -> String {
        name.lowercased().replacing("_", with: " ")
    }
}
