import CanonicalRecords

extension RecordWriter {
    /// Writes what a machine gave, where that is no text.
    mutating func emit(_ code: StepCode, _ outcome: ValueOutcome, at index: Int?) -> FieldResult {
        switch outcome.result {
        case .number:
            emit(code, number: outcome, at: index)
            return .written
        // A machine that gives text belongs to a field of text.
        case .empty, .nullWord, .text: return .absent
        case .rejected: return .unusable
        }
    }

    private mutating func emit(_ code: StepCode, number: ValueOutcome, at index: Int?) {
        // Without presence, zero is the same as nothing.
        if number.number == 0, !code.keepsZero, !code.isRepeated { return }
        if !code.isRepeated { body.append(packed: code.tag, count: Int(code.tagSize)) }
        let start = body.count
        if code.isDouble {
            body.appendFixed64(number.double.bitPattern)
        } else {
            body.appendVarint(UInt64(bitPattern: number.number))
        }
        note(code, index, start, number.number, isText: false)
    }

    /// Writes a value that was encoded when the mapping was compiled.
    mutating func emit(_ code: StepCode, encoded: [UInt8], at index: Int?) {
        if code.isText {
            body.append(packed: code.tag, count: Int(code.tagSize))
            body.appendVarint(UInt64(encoded.count))
        } else {
            if !code.keepsZero, !code.isRepeated, encoded.allSatisfy({ $0 == 0 }) { return }
            if !code.isRepeated { body.append(packed: code.tag, count: Int(code.tagSize)) }
        }
        let start = body.count
        body.append(encoded)
        note(code, index, start, code.isText ? 0 : EncodedValue.number(encoded), isText: code.isText)
    }

    /// Writes the id of a record.
    mutating func emit(_ code: StepCode, id: RecordBuffer.Words, at index: Int?) {
        body.append(packed: code.tag, count: Int(code.tagSize))
        body.appendVarint(32)
        let start = body.count
        body.append(words: id, count: 32)
        note(code, index, start, 0, isText: true)
    }

    // Repeated numbers share one field.
    mutating func beginPacked(_ code: StepCode) -> Int? {
        let step = self.code.steps[Int(code.step)]
        return step.wire == .text || step.wire == .message ? nil : body.beginMessage(field: step.number)
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

    @inline(__always)
    mutating func note(_ code: StepCode, _ index: Int?, _ start: Int, _ number: Int64, isText: Bool) {
        guard code.isNoted, let index else { return }
        payloads[index] = Payload(start: start, end: body.count, number: number, isText: isText)
    }
}
