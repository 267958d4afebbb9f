import CanonicalRecords

/// How the fields begin in which records keep values by name: all but the value, with room for the lengths of both.
///
/// They stand one behind the other, so that taking one counts no references.
struct ExtensionHeads: Sendable {
    private(set) var bytes: [UInt8] = []
    /// By name: where its field's beginning is in ``bytes``.
    private(set) var ranges: [Range<Int>] = []

    /// Adds the field of a name.
    mutating func append(_ name: [UInt8]) {
        var head = RecordBuffer(capacity: name.count + 16)
        _ = head.beginMessage(field: 2)
        head.appendField(1, text: name.span)
        head.appendTag(field: 2, .lengthDelimited)
        _ = head.beginDelimited()
        let start = bytes.count
        bytes.append(head.bytes)
        ranges.append(start..<bytes.count)
    }
}
