/// One pair of a map from text to text, as it stands on the wire.
struct MapEntry {
    /// Where the key stands; empty where it is left out.
    private(set) var key = 0..<0
    /// Where the value stands; empty where it is left out.
    private(set) var value = 0..<0

    /// Reads the pair in a field of a map.
    init(_ field: WireField, _ bytes: Span<UInt8>) throws(RecordError) {
        var cursor = WireCursor(over: bytes, range: field.payload)
        while let part = try cursor.next(in: bytes) {
            guard part.wireType == .lengthDelimited else { continue }
            if part.number == 1 { key = part.payload }
            if part.number == 2 { value = part.payload }
        }
    }
}

extension Span<UInt8> {
    /// Whether the bytes at `left` come before those at `right`, byte by byte.
    func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        for offset in 0..<Swift.min(left.count, right.count) {
            let (a, b) = (self[left.lowerBound + offset], self[right.lowerBound + offset])
            if a != b { return a < b }
        }
        return left.count < right.count
    }

    /// Whether the bytes at `range` are UTF-8.
    func isUTF8(in range: Range<Int>) -> Bool {
        (try? UTF8Span(validating: extracting(range))) != nil
    }
}
