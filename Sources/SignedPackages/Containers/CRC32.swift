/// The check sum of ZIP entries (polynomial 0xEDB88320), eight bytes at a step.
struct CRC32 {
    private var state: UInt32 = .max

    /// The sum of what was fed so far.
    var value: UInt32 { ~state }

    /// Feeds bytes.
    mutating func update(_ bytes: Span<UInt8>) {
        var state = state
        var index = 0
        while index + 8 <= bytes.count {
            state ^= UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8
            state ^= UInt32(bytes[index + 2]) << 16 | UInt32(bytes[index + 3]) << 24
            var next: UInt32 = 0
            for lane in 0..<4 {
                next ^= Self.table[(7 - lane) << 8 | Int(state >> (8 * UInt32(lane)) & 0xFF)]
                next ^= Self.table[(3 - lane) << 8 | Int(bytes[index + 4 + lane])]
            }
            state = next
            index += 8
        }
        while index < bytes.count {
            state = state >> 8 ^ Self.table[Int((state ^ UInt32(bytes[index])) & 0xFF)]
            index += 1
        }
        self.state = state
    }

    // Row k holds the sums of a byte that k zero bytes follow.
    private static let table: [UInt32] = {
        var table = [UInt32](repeating: 0, count: 8 << 8)
        for byte in 0..<256 {
            table[byte] = (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        for index in 256..<table.count {
            let above = table[index - 256]
            table[index] = above >> 8 ^ table[Int(above & 0xFF)]
        }
        return table
    }()
}
