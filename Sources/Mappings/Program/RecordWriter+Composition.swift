import CanonicalRecords
import Findings

// Values that are made of several, and messages within a record.
extension RecordWriter {
    /// Fills `joined` with the parts that have a value.
    mutating func join<Source: RowValues & ~Copyable>(
        _ parts: [[Int]], _ separator: [UInt8], _ step: FieldStep, _ source: borrowing Source
    ) {
        joined.removeAll(keepingCapacity: true)
        for slots in parts {
            let slot = chosen(slots, source)
            guard slot >= 0 else { continue }
            let before = joined.count
            if before > 0 { joined.append(contentsOf: separator) }
            if trace != nil { noteJoined(source.first(slot), slot, step, source) }
            let start = joined.count
            _ = TextValue.convert(source.bytes(source.first(slot)), keepLineBreaks: false, into: &joined)
            if joined.count == start { joined.removeSubrange(before...) }
        }
    }

    /// Writes each piece of a value as one element of a list.
    mutating func split<Source: RowValues & ~Copyable>(
        _ step: FieldStep, _ slots: [Int], _ separators: [[UInt8]], from source: inout Source
    ) -> FieldResult {
        let slot = chosen(slots, source)
        guard slot >= 0 else { return .absent }
        let found = source.first(slot)
        noteReading(found, slot, step, &source)
        let mark = beginPacked(step)
        var result = FieldResult.absent
        for piece in Self.pieces(of: source.bytes(found), separators) {
            value.removeAll(keepingCapacity: true)
            let outcome = step.machine.convert(piece, into: &value)
            if !outcome.issues.isEmpty { reportIssues(outcome, step, found, slot, from: &source) }
            let one = emit(step, outcome, at: nil)
            if result == .absent || one == .unusable { result = one }
        }
        endPacked(mark)
        return result
    }

    /// What stands between the separators.
    static func pieces(of bytes: Span<UInt8>, _ separators: [[UInt8]]) -> [[UInt8]] {
        let whole = bytes.withUnsafeBufferPointer { Array($0) }
        var pieces: [[UInt8]] = []
        var start = 0
        var index = 0
        while index < whole.count {
            let length = separators.first { whole[index...].starts(with: $0) }?.count ?? 0
            if length > 0 {
                pieces.append(Array(whole[start..<index]))
                start = index + length
            }
            index += max(1, length)
        }
        return pieces + [Array(whole[start...])]
    }

    /// Ends an instance of a nested scope: its message waits for the record around it.
    mutating func finishNested<Source: RowValues & ~Copyable>(_ plan: Int, from source: inout Source) {
        guard !nested[plan].isFull else { return }
        body.removeAll()
        for step in frozen.nestedSteps[plan] where !write(step.value, from: &source, at: nil) {
            nested[plan].hasFailed = true
        }
        trace?.endNested(plan)
        guard nested[plan].bytes.count + body.count <= limits.recordSize else {
            report(
                .mappingRecordTooLarge, severity: nil, step: nil, place: source.rowPlace, row: source.row,
                arguments: [program.nested[plan].name, "\(limits.recordSize)"])
            nested[plan].hasFailed = true
            nested[plan].isFull = true
            return
        }
        nested[plan].bytes.append(body, 0..<body.count)
        nested[plan].ends.append(nested[plan].bytes.count)
    }

    /// Begins an instance of a scope: what its nested scopes gave before belongs to others.
    mutating func beginScope(_ scope: Int) {
        for plan in program.nested.indices where program.nested[plan].parent == scope {
            nested[plan].bytes.removeAll(keepingCapacity: true)
            nested[plan].ends.removeAll(keepingCapacity: true)
            nested[plan].hasFailed = false
            nested[plan].isFull = false
        }
    }

    mutating func writeNested(_ step: FieldStep, _ plan: Int) -> FieldResult {
        trace?.takeNested(plan)
        if nested[plan].hasFailed { return .followsFailure }
        var start = 0
        for end in nested[plan].ends {
            body.appendField(step.number, nested[plan].bytes, start..<end)
            start = end
        }
        return nested[plan].ends.isEmpty ? .absent : .written
    }

    /// Writes messages that are made from the same row; one without any value of the document is left out.
    mutating func writeGroups<Source: RowValues & ~Copyable>(
        _ step: FieldStep, _ groups: [[FieldStep]], from source: inout Source
    ) -> FieldResult {
        var result = FieldResult.absent
        for steps in groups {
            let before = body.count
            let mark = body.beginMessage(field: step.number)
            var hasValue = false
            for inner in steps {
                let start = body.count
                guard write(inner, from: &source, at: nil) else { return .followsFailure }
                if body.count > start, !inner.isConstant { hasValue = true }
            }
            if hasValue {
                body.endMessage(mark)
                result = .written
            } else {
                body.truncate(to: before)
            }
        }
        return result
    }
}
