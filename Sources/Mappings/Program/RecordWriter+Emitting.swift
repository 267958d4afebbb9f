import CanonicalRecords

extension RecordWriter {
    /// Writes what a machine gave; the text is in `value`.
    mutating func emit(_ step: FieldStep, _ outcome: ValueOutcome, at index: Int?) -> FieldResult {
        switch outcome.result {
        case .text:
            body.appendTag(field: step.number, .lengthDelimited)
            body.appendVarint(UInt64(value.count))
            let start = body.count
            body.append(value)
            note(index, start, 0, isText: true)
        case .number:
            emit(step, number: outcome, at: index)
        case .empty, .nullWord: return .absent
        case .rejected: return .unusable
        }
        return .written
    }

    private mutating func emit(_ step: FieldStep, number: ValueOutcome, at index: Int?) {
        // Without presence, zero is the same as nothing.
        if number.number == 0, !step.keepsZero, !step.isRepeated { return }
        if !step.isRepeated { body.appendTag(field: step.number, step.wire == .double ? .fixed64 : .varint) }
        let start = body.count
        if step.wire == .double {
            body.appendFixed64(number.double.bitPattern)
        } else {
            body.appendVarint(UInt64(bitPattern: number.number))
        }
        note(index, start, number.number, isText: false)
    }

    /// Writes a value that was encoded when the mapping was compiled.
    mutating func emit(_ step: FieldStep, encoded: [UInt8], at index: Int?) {
        if step.wire == .text {
            body.appendTag(field: step.number, .lengthDelimited)
            body.appendVarint(UInt64(encoded.count))
        } else {
            if !step.keepsZero, encoded.allSatisfy({ $0 == 0 }), !step.isRepeated { return }
            if !step.isRepeated { body.appendTag(field: step.number, step.wire == .double ? .fixed64 : .varint) }
        }
        let start = body.count
        body.append(encoded)
        note(index, start, EncodedValue.number(encoded), isText: step.wire == .text)
    }

    /// Writes the id of a record.
    mutating func emit(_ step: FieldStep, id: SipHash128.Digest, at index: Int?) {
        body.appendTag(field: step.number, .lengthDelimited)
        body.appendVarint(32)
        let start = body.count
        id.appendHexadecimal(to: &body)
        note(index, start, 0, isText: true)
    }

    // Repeated numbers share one field.
    mutating func beginPacked(_ step: FieldStep) -> Int? {
        step.wire == .text || step.wire == .message ? nil : body.beginMessage(field: step.number)
    }

    mutating func endPacked(_ mark: Int?) {
        guard let mark else { return }
        if mark == body.count - 1 {
            // Nothing came: take the tag back, too.
            body.truncate(to: mark - packedTagSize(endingAt: mark))
        } else {
            body.endMessage(mark)
        }
    }

    // A tag is a varint: its last byte alone has no continuation bit.
    private func packedTagSize(endingAt mark: Int) -> Int {
        var size = 1
        while mark - size > 0, body.bytes[mark - size - 1] >= 0x80 { size += 1 }
        return size
    }

    private mutating func note(_ index: Int?, _ start: Int, _ number: Int64, isText: Bool) {
        guard let index else { return }
        payloads[index] = Payload(start: start, end: body.count, number: number, isText: isText)
    }
}
