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

    /// Appends a number in decimal digits.
    mutating func append(decimal number: Int64) {
        if number < 0 { append(0x2D) }
        let size = number.magnitude
        if size >= 10 { appendTens(of: size) }
        append(0x30 + UInt8(truncatingIfNeeded: size % 10))
    }

    // The digits before the last one. Most numbers are those of enum values, and have none or one.
    private mutating func appendTens(of size: UInt64) {
        let tens = size / 10
        if tens >= 10 { appendTens(of: tens) }
        append(0x30 + UInt8(truncatingIfNeeded: tens % 10))
    }

    /// The first bytes as text.
    func text(limit: Int) -> String {
        bytes.extracting(0..<min(limit, count)).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a part of the buffer is these bytes.
    @inline(__always)
    func holds(_ wanted: [UInt8], at range: Range<Int>) -> Bool {
        guard wanted.count == range.count else { return false }
        let part = bytes.extracting(range)
        for index in wanted.indices where part[index] != wanted[index] { return false }
        return true
    }

    /// Appends a part of an array.
    mutating func append(_ other: [UInt8], _ range: Range<Int>) {
        append(other.span.extracting(range))
    }
}

extension [UInt8] {
    /// Appends a part of a buffer.
    mutating func append(_ buffer: borrowing RecordBuffer, _ range: Range<Int>) {
        append(buffer.bytes.extracting(range))
    }
}

extension RecordIdentity {
    /// The id of a record by its natural key.
    func id(type: String, naturalKey: borrowing RecordBuffer) -> SipHash128.Digest {
        id(type: type, naturalKey: naturalKey.bytes)
    }

    /// The id of a record of one of the code's key types.
    func id(keyType: Int, naturalKey: borrowing RecordBuffer) -> SipHash128.Digest {
        id(keyType: keyType, naturalKey: naturalKey.bytes)
    }

    /// The hash of a natural key that begins so.
    func hash(keyType: Int, beginning: borrowing RecordBuffer) -> SipHash128 {
        hash(keyType: keyType, beginning: beginning.bytes)
    }

    /// The id of a record that an entry gives.
    func id(entry: Int, naturalKey: borrowing RecordBuffer) -> SipHash128.Digest {
        id(entry: entry, naturalKey: naturalKey.bytes)
    }

    /// The id of a record that an entry gives, whose key is a part of a buffer.
    func id(entry: Int, naturalKey: borrowing RecordBuffer, _ range: Range<Int>) -> SipHash128.Digest {
        id(entry: entry, naturalKey: naturalKey.bytes.extracting(range))
    }
}

extension SipHash128 {
    /// The hash of what was taken so far, and of a buffer from `start` on.
    func digest(appending buffer: borrowing RecordBuffer, from start: Int) -> Digest {
        digest(appending: buffer.bytes.extracting(start..<buffer.count))
    }
}

extension LookupPlan {
    /// What the table has for a raw value.
    func find(_ raw: borrowing RecordBuffer) -> Found {
        find(raw.bytes)
    }
}

extension ValueMachine {
    /// Converts what another buffer holds.
    func convert(_ raw: borrowing RecordBuffer, into output: inout RecordBuffer) -> ValueOutcome {
        convert(raw.bytes, into: &output)
    }
}

extension NullWords {
    /// Whether what a buffer holds says that there is nothing.
    static func contains(_ raw: borrowing RecordBuffer) -> Bool {
        contains(raw.bytes)
    }

    /// Whether a part of a buffer says that there is nothing.
    static func contains(_ raw: borrowing RecordBuffer, _ range: Range<Int>) -> Bool {
        contains(raw.bytes.extracting(range))
    }
}

extension RowTrace {
    /// Notes the bytes that a step wrote.
    mutating func finish(_ step: FieldStep, _ body: borrowing RecordBuffer, from start: Int) {
        finish(step, written: body.bytes.extracting(start..<body.count))
    }
}
