import CanonicalRecords
import Findings

extension RecordWriter {
    /// Tells the issues of a value.
    mutating func reportIssues(
        _ outcome: ValueOutcome, _ code: StepCode, _ found: Int, _ slot: Int, _ row: RowView
    ) {
        for issue in outcome.issues.list {
            let kind = issue.kind
            // An error sets the row aside, so what is kept or left out is a warning at most.
            let severity =
                outcome.result == .rejected
                ? self.code.steps[Int(code.step)].unusableSeverity : min(kind.severity, .warning)
            reportValue(kind, code, found, slot, row, severity: severity)
        }
    }

    /// Tells something about a value of the document; without a value (`found` < 0), about what is in `joined`.
    mutating func reportValue(
        _ kind: FindingKind, _ code: StepCode, _ found: Int, _ slot: Int, _ row: RowView, severity: Severity?
    ) {
        if trace != nil { trace?.note(kind.code) }
        problems.append(
            RowProblem(
                kind: kind, severity: severity, event: row.index, value: found, slot: slot,
                text: found >= 0 ? nil : joined.text(limit: 4096),
                masking: self.code.steps[Int(code.step)].masking))
    }

    /// Tells where a slot has more values than the one that is taken.
    @inline(__always)
    mutating func reportOthers(_ code: StepCode, _ slot: Int, _ row: RowView) {
        let other = row.next(row.first(slot))
        if other >= 0 { reportValue(.mappingValueRepeated, code, other, slot, row, severity: nil) }
    }

    /// Tells something about a field or the row as a whole.
    mutating func report(
        _ kind: FindingKind, severity: Severity? = nil, about row: RowView, field: String? = nil,
        arguments: [String] = []
    ) {
        if trace != nil { trace?.note(kind.code) }
        problems.append(
            RowProblem(kind: kind, severity: severity, event: row.index, field: field, arguments: arguments))
    }

    /// Tells the issues of the time from which a record holds, once for all records of the row.
    mutating func report(_ issues: ValueIssues, ofTimeOf code: EntryCode, _ row: RowView) {
        guard let slot = code.effectiveSlots.first(where: { row.first($0) >= 0 }) else { return }
        let found = row.first(slot)
        for kind in issues.list.map(\.kind) {
            let isTold = problems.reversed().prefix { $0.event == row.index }
                .contains { $0.kind == kind && $0.value == found }
            if isTold { continue }
            if trace != nil { trace?.note(kind.code) }
            problems.append(
                RowProblem(
                    kind: kind, severity: min(kind.severity, .warning), event: row.index, value: found, slot: slot))
        }
    }

    /// Has `explain` show a raw value.
    mutating func noteReading(
        _ found: Int, _ slot: Int, _ code: StepCode, _ row: RowView
    ) {
        trace?.read(
            row.bytes(found), slot: slot, value: found, event: row.index,
            masking: self.code.steps[Int(code.step)].masking)
    }
}

extension LookupPlan {
    enum Found {
        /// The payload of the value.
        case value([UInt8])
        case nothing
        case unlisted
    }

    /// What the table has for a raw value.
    func find(_ raw: Span<UInt8>) -> Found {
        let trimmed = TextValue.trimBlanks(raw)
        if let number = table.number(for: trimmed) {
            return Self.found(values[Int(number)])
        }
        let folded = FoldedValue(trimmed)
        if !folded.overflowed, folded.isEmpty || NullWords.contains(folded) { return .nothing }
        guard case .value(let other)? = otherwise else { return .unlisted }
        return Self.found(other)
    }

    private static func found(_ value: EncodedValue?) -> Found {
        value.map { .value($0.payload) } ?? .nothing
    }

    /// The finding for a value that the table does not have.
    var unlistedKind: FindingKind { name == nil ? .mappingValueUnlisted : .codeTableUnknown }
}
