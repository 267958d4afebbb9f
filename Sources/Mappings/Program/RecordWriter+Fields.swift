import CanonicalRecords
import Findings

/// What became of one field.
enum FieldResult {
    case written
    case absent
    /// The value cannot be used; that has been told.
    case unusable
    /// The record that is referred to failed; that has been told.
    case followsFailure
}

extension RecordWriter {
    /// Writes one field; false when it sets the row aside. `index` is the step's number in its entry, or nil within
    /// messages.
    mutating func write<Source: RowValues & ~Copyable>(
        _ step: FieldStep, from source: inout Source, at index: Int?
    ) -> Bool {
        switch fill(step, from: &source, at: index) {
        case .written: return true
        case .followsFailure: return false
        case .absent:
            if let fallback = step.fallback {
                emit(step, encoded: fallback.payload, at: index)
                return true
            }
            guard step.isRequired else { return true }
            report(
                .mappingValueRequired, severity: nil, step: step, place: source.rowPlace, row: source.row,
                arguments: [step.name])
        case .unusable:
            if step.failure == .leaveOut { return true }
        }
        if step.failure == .filing { rejectsFiling = true }
        return false
    }

    private mutating func fill<Source: RowValues & ~Copyable>(
        _ step: FieldStep, from source: inout Source, at index: Int?
    ) -> FieldResult {
        switch step.source {
        case .slots(let slots): return fillFromSlots(step, slots, from: &source, at: index)
        case .join(let parts, let separator):
            join(parts, separator, step, source)
            guard !joined.isEmpty else { return .absent }
            let slot = parts.first?.first ?? 0
            return convertJoined(step, slot, from: &source, at: index)
        case .split(let slots, let separators): return split(step, slots, separators, from: &source)
        case .constant(let value):
            emit(step, encoded: value.payload, at: index)
            return .written
        case .keyOf(let entry):
            guard let id = ids[entry] else { return failed[entry] ? .followsFailure : .absent }
            emit(step, id: id, at: index)
            return .written
        case .identity(let type, let parts):
            if step.isRepeated { return fillReferences(step, type, parts, from: &source) }
            let result = readKey(parts, step, from: &source)
            guard result == .written else { return result }
            emit(step, id: identity.id(type: type, naturalKey: natural.span), at: index)
            return .written
        case .nested(let plan): return writeNested(step, plan)
        case .groups(let groups): return writeGroups(step, groups, from: &source)
        }
    }

    private mutating func fillFromSlots<Source: RowValues & ~Copyable>(
        _ step: FieldStep, _ slots: [Int], from source: inout Source, at index: Int?
    ) -> FieldResult {
        let slot = chosen(slots, source)
        guard slot >= 0 else { return .absent }
        var found = source.first(slot)
        guard step.isRepeated else {
            let result = convert(step, found, slot, from: &source, at: index)
            if source.next(found) >= 0 {
                reportValue(.mappingValueRepeated, step, source.next(found), slot, from: &source, severity: nil)
            }
            return result
        }
        let mark = beginPacked(step)
        var result = FieldResult.absent
        while found >= 0 {
            let one = convert(step, found, slot, from: &source, at: nil)
            if result == .absent || one == .unusable { result = one }
            found = source.next(found)
        }
        endPacked(mark)
        return result
    }

    /// The first of the slots that the document has, or -1.
    func chosen<Source: RowValues & ~Copyable>(_ slots: [Int], _ source: borrowing Source) -> Int {
        for slot in slots where source.first(slot) >= 0 { return slot }
        return -1
    }

    /// Converts one raw value into the field.
    private mutating func convert<Source: RowValues & ~Copyable>(
        _ step: FieldStep, _ found: Int, _ slot: Int, from source: inout Source, at index: Int?
    ) -> FieldResult {
        noteReading(found, slot, step, &source)
        if source.isTooLong(found) {
            reportValue(.mappingValueTooLong, step, found, slot, from: &source, severity: unusableSeverity(step))
            return .unusable
        }
        if let lookup = step.lookup {
            switch lookup.find(source.bytes(found)) {
            case .value(let encoded): emit(step, encoded: encoded.payload, at: index)
            case .nothing: return .absent
            case .unlisted:
                reportValue(lookup.unlistedKind, step, found, slot, from: &source, severity: unusableSeverity(step))
                return .unusable
            }
            return .written
        }
        value.removeAll(keepingCapacity: true)
        let outcome = checked(step, step.machine.convert(source.bytes(found), into: &value))
        if !outcome.issues.isEmpty { reportIssues(outcome, step, found, slot, from: &source) }
        return emit(step, outcome, at: index)
    }

    private mutating func convertJoined<Source: RowValues & ~Copyable>(
        _ step: FieldStep, _ slot: Int, from source: inout Source, at index: Int?
    ) -> FieldResult {
        value.removeAll(keepingCapacity: true)
        let outcome = checked(step, step.machine.convert(joined, into: &value))
        if !outcome.issues.isEmpty { reportIssues(outcome, step, -1, slot, from: &source) }
        return emit(step, outcome, at: index)
    }

    /// Has `explain` show a raw value.
    mutating func noteReading<Source: RowValues & ~Copyable>(
        _ found: Int, _ slot: Int, _ step: FieldStep, _ source: inout Source
    ) {
        guard trace != nil else { return }
        let place = source.place(found)
        trace?.read(source.name(slot), source.bytes(found), at: place, masking: step.masking)
    }

    /// Has `explain` show a raw value that is joined with others.
    mutating func noteJoined<Source: RowValues & ~Copyable>(
        _ found: Int, _ slot: Int, _ step: FieldStep, _ source: borrowing Source
    ) {
        trace?.read(source.name(slot), source.bytes(found), at: nil, masking: step.masking)
    }

    // Numbers of the wire are narrower than those of the machine in a few fields.
    private func checked(_ step: FieldStep, _ outcome: ValueOutcome) -> ValueOutcome {
        guard step.is32Bit, outcome.result == .number, Int32(exactly: outcome.number) == nil else { return outcome }
        return .rejected(.numberRange)
    }

    /// How grave it is that a value cannot be used.
    func unusableSeverity(_ step: FieldStep) -> Severity {
        step.failure == .leaveOut ? .warning : .error
    }
}
