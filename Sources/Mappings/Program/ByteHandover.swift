import CanonicalRecords

// A span borrows the whole value that it comes from. Where a record writer reads one of its buffers and writes another,
// the bytes are handed over as a parameter of their own.
extension RecordBuffer {
    /// Appends bytes.
    mutating func append(_ bytes: [UInt8]) {
        append(bytes.span)
    }

    /// Appends a part of another buffer.
    mutating func append(_ other: borrowing RecordBuffer, _ range: Range<Int>) {
        append(other.bytes.extracting(range))
    }

    /// Appends all of another buffer.
    mutating func append(all other: borrowing RecordBuffer) {
        append(other.bytes)
    }

    /// Appends a length-delimited field.
    mutating func appendField(_ number: Int, _ content: borrowing RecordBuffer) {
        appendField(number, text: content.bytes)
    }

    /// Appends a length-delimited field.
    mutating func appendField(_ number: Int, _ content: [UInt8], _ range: Range<Int>) {
        appendField(number, text: content.span.extracting(range))
    }

    /// Appends an entry of a map.
    mutating func appendMapEntry(_ number: Int, _ key: [UInt8], _ value: [UInt8]) {
        appendMapEntry(number, key: key.span, value: value.span)
    }
}

extension [UInt8] {
    /// Appends a part of a buffer.
    mutating func append(_ buffer: borrowing RecordBuffer, _ range: Range<Int>) {
        append(buffer.bytes.extracting(range))
    }
}

extension ValueMachine {
    /// Converts bytes that the caller holds itself.
    func convert(_ raw: [UInt8], into output: inout [UInt8]) -> ValueOutcome {
        convert(raw.span, into: &output)
    }
}

extension RowTrace {
    /// Notes the bytes that a step wrote.
    mutating func finish(_ step: FieldStep, _ body: borrowing RecordBuffer, from start: Int) {
        finish(step, written: body.bytes.extracting(start..<body.count))
    }
}

extension SipHash128 {
    /// The hash of a record's content, the bytes of a buffer from `start` on.
    static func contentHash(_ buffer: borrowing RecordBuffer, from start: Int) -> Digest {
        contentHash(buffer.bytes.extracting(start..<buffer.count))
    }
}
