/// Finds the number of a term by its bytes: open addressing over one byte table, built once, no allocation per lookup.
///
/// ASCII letters compare without regard to case. Terms are kept as written and as ``FoldedValue`` spells them, so that a
/// value in full width or with blanks in it is found as well.
final class TermIndex: Sendable {
    private let table: TermTable

    /// Builds the index from terms and their numbers.
    init(terms: [(term: String, number: Int32)]) {
        table = TermTable(terms: terms)
    }

    /// Terms that were given for two numbers: the first one keeps the term.
    var conflicts: [TermConflict] { table.conflicts }

    /// The number of a value: as it is, or as ``FoldedValue`` spells it.
    func number(for raw: Span<UInt8>) -> Int32? {
        if let number = table.number(of: raw) { return number }
        let folded = FoldedValue(raw)
        return folded.overflowed ? nil : table.number(of: folded.span)
    }

    /// The number of exactly these bytes, ASCII case aside.
    func number(forExact value: Span<UInt8>) -> Int32? {
        table.number(of: value)
    }
}

/// A term that was given for two numbers.
struct TermConflict: Sendable, Hashable {
    var term: String
    var first: Int32
    var second: Int32
}

// The table itself: slots point at entries, entries at their words.
//
// A term is compared as words of eight bytes, ASCII letters made small. The last word overlaps the one before it, and short
// terms fold into one word, so that length and words together say every byte.
private struct TermTable: Sendable {
    private var words: [UInt64] = []
    private var entries: [Entry] = []
    private var slots: [Int32] = []
    private var mask = 0
    private(set) var conflicts: [TermConflict] = []

    private struct Entry: Sendable {
        var hash: UInt64
        var start: Int32
        var length: Int32
        var number: Int32
    }

    init(terms: [(term: String, number: Int32)]) {
        var capacity = 8
        while capacity < terms.count * 4 { capacity *= 2 }
        slots = [Int32](repeating: -1, count: capacity)
        mask = capacity - 1
        for (term, number) in terms {
            insert(Array(term.utf8), number, term)
            var folded: [UInt8] = []
            let value = FoldedValue(term.utf8.span)
            if !value.overflowed { folded.append(value.span) }
            insert(folded, number, term)
        }
    }

    func number(of value: Span<UInt8>) -> Int32? {
        let hash = Self.hash(value)
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while slots[slot] >= 0 {
            let entry = entries[Int(slots[slot])]
            if entry.hash == hash, matches(entry, value) { return entry.number }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private mutating func insert(_ term: [UInt8], _ number: Int32, _ text: String) {
        guard !term.isEmpty else { return }
        if let known = self.number(of: term.span) {
            note(TermConflict(term: text, first: known, second: number))
            return
        }
        let hash = Self.hash(term.span)
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while slots[slot] >= 0 { slot = (slot + 1) & mask }
        slots[slot] = Int32(entries.count)
        entries.append(Entry(hash: hash, start: Int32(words.count), length: Int32(term.count), number: number))
        for index in 0..<Self.wordCount(term.count) { words.append(Self.word(index, of: term.span)) }
    }

    private mutating func note(_ conflict: TermConflict) {
        if conflict.first != conflict.second, conflicts.last != conflict { conflicts.append(conflict) }
    }

    private func matches(_ entry: Entry, _ value: Span<UInt8>) -> Bool {
        guard value.count == Int(entry.length) else { return false }
        let start = Int(entry.start)
        for index in 0..<Self.wordCount(value.count) where words[start + index] != Self.word(index, of: value) {
            return false
        }
        return true
    }

    @inline(__always)
    private static func wordCount(_ length: Int) -> Int {
        (length + 7) / 8
    }

    @inline(__always)
    private static func word(_ index: Int, of value: Span<UInt8>) -> UInt64 {
        let count = value.count
        if count >= 8 { return lowercased(value.word64(at: min(index * 8, count - 8))) }
        if count >= 4 { return lowercased(value.word32(at: 0) | value.word32(at: count - 4) << 32) }
        return lowercased(UInt64(value[0]) | UInt64(value[count / 2]) << 8 | UInt64(value[count - 1]) << 16)
    }

    // Sets bit 5 of the bytes 41…5A: adding 3F lifts them, and only them and what is above, over 80; adding 25 lifts 5B and above.
    @inline(__always)
    private static func lowercased(_ word: UInt64) -> UInt64 {
        let low = word & 0x7F7F_7F7F_7F7F_7F7F
        let fromA = low &+ 0x3F3F_3F3F_3F3F_3F3F
        let aboveZ = low &+ 0x2525_2525_2525_2525
        let capitals = fromA & ~aboveZ & ~word & 0x8080_8080_8080_8080
        return word | capitals >> 2
    }

    @inline(__always)
    private static func hash(_ value: Span<UInt8>) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: value.count) &* 0x9E37_79B9_7F4A_7C15
        for index in 0..<wordCount(value.count) {
            let product = (hash ^ word(index, of: value)).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
            hash = product.high ^ product.low
        }
        return hash ^ hash << 32
    }
}
