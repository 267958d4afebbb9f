import CanonicalRecords
import Findings

extension RecordWriter {
    /// Reports the issues of a value.
    mutating func reportIssues<Source: RowValues & ~Copyable>(
        _ outcome: ValueOutcome, _ step: FieldStep, _ found: Int, _ slot: Int, from source: inout Source
    ) {
        for issue in outcome.issues.list {
            let kind = issue.kind
            // An error sets the row aside, so what is kept or left out is a warning at most.
            let severity =
                outcome.result == .rejected ? unusableSeverity(step) : min(kind.severity, .warning)
            reportValue(kind, step, found, slot, from: &source, severity: severity)
        }
    }

    /// Reports something about a value of the document; without a value (`found` < 0), about the row.
    mutating func reportValue<Source: RowValues & ~Copyable>(
        _ kind: FindingKind, _ step: FieldStep, _ found: Int, _ slot: Int, from source: inout Source,
        severity: Severity?
    ) {
        let place = (found >= 0 ? source.place(found) : nil) ?? source.rowPlace
        let name = source.name(slot)
        let row = source.row
        trace?.note(kind.code)
        let shown =
            found >= 0
            ? source.bytes(found).withUnsafeBufferPointer { String(decoding: $0.prefix(4096), as: UTF8.self) }
            : String(decoding: joined.prefix(4096), as: UTF8.self)
        let limit = "\(limits.fieldSize)"
        summary.findings.report(kind, severity: severity) {
            Finding(
                kind, severity: severity, at: place, row: row, field: name, value: step.shown(shown),
                arguments: [name, limit])
        }
    }

    /// Reports something about a field or the row as a whole.
    mutating func report(
        _ kind: FindingKind, severity: Severity?, step: FieldStep?, place: SourcePlace, row: Int, arguments: [String]
    ) {
        trace?.note(kind.code)
        summary.findings.report(kind, severity: severity) {
            Finding(kind, severity: severity, at: place, row: row, field: step?.name, arguments: arguments)
        }
    }
}

extension FieldStep {
    /// A value as people may see it.
    func shown(_ value: String) -> String? {
        guard let masking else { return value }
        return masking.masked(value)
    }

    /// Whether the document has no say in the field.
    var isConstant: Bool {
        if case .constant = source { return true }
        return false
    }
}

extension LookupPlan {
    enum Found {
        case value(EncodedValue)
        case nothing
        case unlisted
    }

    /// What the table has for a raw value.
    func find(_ raw: Span<UInt8>) -> Found {
        let trimmed = TextValue.trimBlanks(raw)
        if let number = table.number(for: trimmed) {
            return values[Int(number)].map { .value($0) } ?? .nothing
        }
        let folded = FoldedValue(trimmed)
        if !folded.overflowed, folded.isEmpty || NullWords.contains(folded) { return .nothing }
        guard case .value(let other)? = otherwise else { return .unlisted }
        return other.map { .value($0) } ?? .nothing
    }

    /// The finding for a value that the table does not have.
    var unlistedKind: FindingKind { name == nil ? .mappingValueUnlisted : .codeTableUnknown }
}
