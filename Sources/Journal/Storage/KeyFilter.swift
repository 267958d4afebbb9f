import Synchronization

/// Tells for most ids that a run does not have them, without looking into the run (a Bloom filter).
///
/// An id marks five bits of one word. The word follows from the id's first bits, so that asking for ids in their order
/// goes through the words in theirs.
struct KeyFilter: Sendable {
    private var words: [UInt64]

    /// - Parameters:
    ///   - count: How many keys are to come; more do no harm, but more ids are passed that it does not have.
    ///   - bits: Bits for each of them: with 16 it passes one of some 300 ids that it does not have, with 8 one of 30.
    ///   - limit: Bytes at most: a filter of very many keys passes more of what it does not have.
    init(expecting count: Int, bitsPerKey bits: Int = 16, limit: Int = 4 << 20) {
        let words = max(1, count * bits / UInt64.bitWidth)
        self.words = [UInt64](repeating: 0, count: min(words, limit / 8))
    }

    /// What is looked for of an id, for whoever asks several filters.
    struct Probe {
        fileprivate let high: UInt64
        fileprivate let mask: UInt64

        init(_ id: Fingerprint) {
            let mixed = (id.low ^ id.high) &* 0x9E37_79B9_7F4A_7C15
            high = id.high
            let marks = 1 &<< (mixed &>> 58) | 1 &<< (mixed &>> 52) | 1 &<< (mixed &>> 46) as UInt64
            mask = marks | 1 &<< (mixed &>> 40) | 1 &<< (mixed &>> 34)
        }
    }

    mutating func insert(_ id: Fingerprint) {
        let probe = Probe(id)
        words[index(of: probe)] |= probe.mask
    }

    func mayContain(_ id: Fingerprint) -> Bool { mayContain(Probe(id)) }

    func mayContain(_ probe: Probe) -> Bool { words[index(of: probe)] & probe.mask == probe.mask }

    private func index(of probe: Probe) -> Int {
        Int(probe.high.multipliedFullWidth(by: UInt64(words.count)).high)
    }
}

/// A filter that the states of one filing's keys share, so that none has to copy it.
///
/// What a state that was given up has put into it stays there, and does no harm: a few ids more are looked for in vain.
final class SharedKeyFilter: Sendable {
    private let filter: Mutex<KeyFilter>

    init(expecting count: Int) {
        filter = Mutex(KeyFilter(expecting: count))
    }

    func insert(_ keys: some Sequence<StatedKey>) {
        filter.withLock { filter in
            for key in keys { filter.insert(key.id) }
        }
    }

    /// Marks the ids that it may contain.
    func mark(_ probes: [KeyFilter.Probe], in marks: inout [Bool]) {
        filter.withLock { filter in
            for index in probes.indices where filter.mayContain(probes[index]) { marks[index] = true }
        }
    }
}
