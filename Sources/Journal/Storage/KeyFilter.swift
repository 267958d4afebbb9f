/// Tells for most ids that a run does not have them, without looking into the run (a Bloom filter).
///
/// An id marks four bits of one word. The word follows from the id's first bits, so that asking for ids in their order
/// goes through the words in theirs.
struct KeyFilter: Sendable {
    private var words: [UInt64]

    // Bits for each key, and bytes at most: a run of many keys has a filter that passes more of what it does not have.
    private static let bitsPerKey = 16
    private static let sizeLimit = 1 << 20

    init(expecting count: Int) {
        let words = max(1, count * Self.bitsPerKey / UInt64.bitWidth)
        self.words = [UInt64](repeating: 0, count: min(words, Self.sizeLimit / 8))
    }

    /// Forgets all ids.
    mutating func removeAll() {
        for index in words.indices { words[index] = 0 }
    }

    mutating func insert(_ id: Fingerprint) {
        words[index(of: id)] |= Self.mask(of: id)
    }

    func mayContain(_ id: Fingerprint) -> Bool {
        let mask = Self.mask(of: id)
        return words[index(of: id)] & mask == mask
    }

    private func index(of id: Fingerprint) -> Int {
        Int(id.high.multipliedFullWidth(by: UInt64(words.count)).high)
    }

    private static func mask(of id: Fingerprint) -> UInt64 {
        let mixed = (id.low ^ id.high) &* 0x9E37_79B9_7F4A_7C15
        return 1 << (mixed >> 58) | 1 << (mixed >> 52 & 63) | 1 << (mixed >> 46 & 63) | 1 << (mixed >> 40 & 63)
    }
}
