import CanonicalRecords

/// A value as it is written behind its tag: text without its length, a varint, or 8 bytes.
struct EncodedValue: Sendable, Hashable {
    var payload: [UInt8]
    /// The value in words, for `explain` and findings.
    var text: String

    /// Appends the value as a part of a natural key: text as it is, numbers in decimal digits.
    func appendKey(_ wire: WireForm, to key: inout RecordBuffer) {
        Self.appendKey(payload, wire, to: &key)
    }

    /// Appends a payload as a part of a natural key.
    static func appendKey(_ payload: [UInt8], _ wire: WireForm, to key: inout RecordBuffer) {
        if wire == .text { key.append(payload) } else { key.append(decimal: number(payload)) }
    }

    /// The number that a varint encodes.
    static func number(_ varint: [UInt8]) -> Int64 {
        var number: UInt64 = 0
        for (index, byte) in varint.prefix(10).enumerated() { number |= UInt64(byte & 0x7F) << (7 * UInt64(index)) }
        return Int64(bitPattern: number)
    }
}

extension ValueOutcome {
    /// The payload of a number in a field of this form.
    func encoded(as wire: WireForm) -> [UInt8] {
        var buffer = RecordBuffer(capacity: 16)
        if wire == .double {
            buffer.appendFixed64(double.bitPattern)
        } else {
            buffer.appendVarint(UInt64(bitPattern: number))
        }
        return buffer.copied()
    }
}
