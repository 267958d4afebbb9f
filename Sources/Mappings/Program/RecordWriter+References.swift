import CanonicalRecords
import Findings

// Fields that hold the ids of other records.
extension RecordWriter {
    /// Fills `natural` with the key of a record that is only referred to.
    mutating func readKey<Source: RowValues & ~Copyable>(
        _ parts: [KeyPartPlan], _ step: FieldStep, from source: inout Source
    ) -> FieldResult {
        natural.removeAll(keepingCapacity: true)
        for (index, part) in parts.enumerated() {
            if index > 0 { natural.append(RecordIdentity.separator) }
            let result = readPart(part, step, from: &source)
            guard result == .written else { return result }
        }
        return .written
    }

    private mutating func readPart<Source: RowValues & ~Copyable>(
        _ part: KeyPartPlan, _ step: FieldStep, from source: inout Source
    ) -> FieldResult {
        if case .constant(let constant) = part.source {
            constant.appendKey(part.wire, to: &natural)
            return .written
        }
        guard let slot = readRaw(part, step, from: &source) else { return .absent }
        return readValue(part, step, slot, from: &source)
    }

    // Adds the value in `joined` to the key.
    private mutating func readValue<Source: RowValues & ~Copyable>(
        _ part: KeyPartPlan, _ step: FieldStep, _ slot: Int, from source: inout Source
    ) -> FieldResult {
        if let lookup = part.lookup { return look(lookup, up: part, step, slot, from: &source) }
        let outcome = part.machine.convert(joined, into: &natural)
        if !outcome.issues.isEmpty { reportIssues(outcome, step, -1, slot, from: &source) }
        switch outcome.result {
        case .text: return .written
        case .number:
            natural.append(contentsOf: String(outcome.number).utf8)
            return .written
        case .empty, .nullWord: return .absent
        case .rejected: return .unusable
        }
    }

    private mutating func look<Source: RowValues & ~Copyable>(
        _ lookup: LookupPlan, up part: KeyPartPlan, _ step: FieldStep, _ slot: Int, from source: inout Source
    ) -> FieldResult {
        switch lookup.find(joined.span) {
        case .value(let encoded):
            encoded.appendKey(part.wire, to: &natural)
            return .written
        case .nothing: return .absent
        case .unlisted:
            reportValue(lookup.unlistedKind, step, -1, slot, from: &source, severity: unusableSeverity(step))
            return .unusable
        }
    }

    // Fills `joined` with the raw value of a part; gives the slot to name in findings, or nil where there is no value.
    private mutating func readRaw<Source: RowValues & ~Copyable>(
        _ part: KeyPartPlan, _ step: FieldStep, from source: inout Source
    ) -> Int? {
        joined.removeAll(keepingCapacity: true)
        switch part.source {
        case .slots(let slots):
            let slot = chosen(slots, source)
            guard slot >= 0 else { return nil }
            noteReading(source.first(slot), slot, step, &source)
            joined.append(source.bytes(source.first(slot)))
            return slot
        case .join(let parts, let separator):
            join(parts, separator, step, source)
            return parts.first?.first ?? 0
        case .constant, .split, .keyOf, .identity, .nested, .groups: return nil
        }
    }

    /// Writes the ids of a list of records, each by one value.
    mutating func fillReferences<Source: RowValues & ~Copyable>(
        _ step: FieldStep, _ type: String, _ parts: [KeyPartPlan], from source: inout Source
    ) -> FieldResult {
        var result = FieldResult.absent
        for part in parts.prefix(1) {
            let slots = part.source.alternatives.first ?? []
            let slot = chosen(slots, source)
            guard slot >= 0 else { return .absent }
            var found = source.first(slot)
            while found >= 0 {
                noteReading(found, slot, step, &source)
                var separators: [[UInt8]] = []
                if case .split(_, let signs) = part.source { separators = signs }
                for piece in Self.pieces(of: source.bytes(found), separators) {
                    joined = piece
                    natural.removeAll(keepingCapacity: true)
                    let one = readValue(part, step, slot, from: &source)
                    if one == .written { emit(step, id: identity.id(type: type, naturalKey: natural.span), at: nil) }
                    if result == .absent || one == .unusable { result = one }
                }
                found = source.next(found)
            }
        }
        return result
    }
}
