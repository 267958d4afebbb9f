/// Small valid records whose provenance id tells their position.
enum TestRecord {
    /// Record { provenance { id: "00…12" } }, with an id of `size` characters.
    static func bytes(_ position: UInt64, size: Int) -> [UInt8] {
        let digits = String(position)
        let id = Array((String(repeating: "0", count: max(0, size - digits.count)) + digits).utf8)
        let provenance = [0x0A] + varint(id.count) + id
        return [0x0A] + varint(provenance.count) + provenance
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
