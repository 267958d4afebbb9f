/// Records for exporters under test: valid, recognisable, about nobody.
enum ConformanceRecord {
    /// Record { provenance { id, source } }, padded through the source to about `size` bytes.
    static func bytes(_ position: UInt64, size: Int) -> ArraySlice<UInt8> {
        let id = Array((String(repeating: "0", count: 32 - String(position).count) + String(position)).utf8)
        let source = Array(("conformance" + String(repeating: "-", count: max(0, size - 60))).utf8)
        return field(1, field(1, id) + field(2, source))[...]
    }

    private static func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length = content.count
        var bytes = [number << 3 | 2]
        while length >= 0x80 {
            bytes.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        return bytes + [UInt8(length)] + content
    }
}
