import CanonicalRecords
import Findings

// Fields that hold the ids of other records.
extension RecordWriter {
    /// Fills `natural` with the key of a record that is only referred to.
    mutating func readKey(
        _ parts: [KeyPartPlan], _ code: StepCode, _ row: RowView
    ) -> FieldResult {
        natural.removeAll()
        for (index, part) in parts.enumerated() {
            if index > 0 { natural.append(RecordIdentity.separator) }
            let result = readPart(part, code, row)
            guard result == .written else { return result }
        }
        return .written
    }

    private mutating func readPart(
        _ part: KeyPartPlan, _ code: StepCode, _ row: RowView
    ) -> FieldResult {
        if case .constant(let constant) = part.source {
            constant.appendKey(part.wire, to: &natural)
            return .written
        }
        guard let slot = readRaw(part, code, row) else { return .absent }
        return readValue(part, code, slot, row)
    }

    // Adds the value in `joined` to the key.
    private mutating func readValue(
        _ part: KeyPartPlan, _ code: StepCode, _ slot: Int, _ row: RowView
    ) -> FieldResult {
        if let lookup = part.lookup { return look(lookup, up: part, code, slot, row) }
        let outcome = part.machine.convert(joined, into: &natural)
        if !outcome.issues.isEmpty { reportIssues(outcome, code, -1, slot, row) }
        switch outcome.result {
        case .text: return .written
        case .number:
            natural.append(decimal: outcome.number)
            return .written
        case .empty, .nullWord: return .absent
        case .rejected: return .unusable
        }
    }

    private mutating func look(
        _ lookup: LookupPlan, up part: KeyPartPlan, _ code: StepCode, _ slot: Int, _ row: RowView
    ) -> FieldResult {
        switch lookup.find(joined) {
        case .value(let encoded):
            EncodedValue.appendKey(encoded, part.wire, to: &natural)
            return .written
        case .nothing: return .absent
        case .unlisted:
            reportValue(
                lookup.unlistedKind, code, -1, slot, row, severity: self.code.steps[Int(code.step)].unusableSeverity)
            return .unusable
        }
    }

    // Fills `joined` with the raw value of a part; gives the slot to name in findings, or nil where there is no value.
    private mutating func readRaw(
        _ part: KeyPartPlan, _ code: StepCode, _ row: RowView
    ) -> Int? {
        clearJoined()
        switch part.source {
        case .slots(let slots):
            let slot = chosen(slots, row)
            guard slot >= 0 else { return nil }
            reportOthers(code, slot, row)
            if trace != nil { noteReading(row.first(slot), slot, code, row) }
            joined.append(row.bytes(row.first(slot)))
            return slot
        case .join(let parts, let separator):
            join(parts, separator, code, row)
            return parts.first?.first ?? 0
        case .constant, .split, .keyOf, .identity, .nested, .groups: return nil
        }
    }

    /// Writes the ids of a list of records, each by one value.
    mutating func fillReferences(
        _ code: StepCode, _ type: String, _ parts: [KeyPartPlan], _ row: RowView
    ) -> FieldResult {
        var result = FieldResult.absent
        for part in parts.prefix(1) {
            let slots = part.source.alternatives.first ?? []
            let slot = chosen(slots, row)
            guard slot >= 0 else { return .absent }
            var found = row.first(slot)
            while found >= 0 {
                if trace != nil { noteReading(found, slot, code, row) }
                var separators: [[UInt8]] = []
                if case .split(_, let signs) = part.source { separators = signs }
                for piece in Self.pieces(of: row.bytes(found), separators) {
                    clearJoined()
                    joined.append(piece)
                    natural.removeAll()
                    let one = readValue(part, code, slot, row)
                    if one == .written {
                        emit(code, id: identity.id(type: type, naturalKey: natural).hexadecimalWords, at: nil)
                    }
                    if result == .absent || one == .unusable { result = one }
                }
                found = row.next(found)
            }
        }
        return result
    }
}
