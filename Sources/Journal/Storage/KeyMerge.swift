/// The keys of several runs in the order of their ids. Of an id that several have, the newest run's key is given.
///
/// Ids are hashes: what all runs have with the same first bits is about as much each time, and is put in order in memory.
struct KeyMerge {
    private struct Source {
        var run: KeyRun
        var block: ArraySlice<StatedKey> = []
        var nextBlock = 0

        // All of a run are wanted: fewer reads of more.
        private static let readAtOnce = 8

        // Takes the keys whose ids begin below, or all; nil is no limit.
        mutating func take(below end: UInt64?, into keys: inout [StatedKey]) throws {
            while true {
                if block.isEmpty {
                    guard nextBlock < run.blockCount else { return }
                    block = try run.block(nextBlock, blocks: Self.readAtOnce)
                    nextBlock += Self.readAtOnce
                }
                var taken = block.startIndex
                while taken < block.endIndex, end.map({ block[taken].id.high < $0 }) ?? true { taken += 1 }
                keys += block[..<taken]
                block = block[taken...]
                guard block.isEmpty else { return }
            }
        }
    }

    private var sources: [Source]
    // First bits that the keys of one slice have in common; the slice in hand, and the number of the next one.
    private let bits: Int
    private var slice: ArraySlice<StatedKey> = []
    private var number: UInt64 = 0

    // Keys of a slice, about.
    private static let sliceSize = 4096

    /// - Parameter runs: The oldest first.
    init(_ runs: [KeyRun]) throws {
        sources = runs.map { Source(run: $0) }
        let count = runs.reduce(0) { $0 + $1.count }
        bits = Int.bitWidth - (count / Self.sliceSize).leadingZeroBitCount
        try fill()
    }

    /// The next key without going on.
    var peek: StatedKey? { slice.first }

    mutating func next() throws -> StatedKey? {
        guard let key = slice.popFirst() else { return nil }
        if slice.isEmpty { try fill() }
        return key
    }

    /// Some of the next keys, at least one; nil when there are none.
    mutating func nextSome() throws -> ArraySlice<StatedKey>? {
        guard !slice.isEmpty else { return nil }
        let keys = slice
        slice = []
        try fill()
        return keys
    }

    private mutating func fill() throws {
        while slice.isEmpty, number < 1 << UInt64(bits) {
            number += 1
            let end = number == 1 << UInt64(bits) ? nil : number << UInt64(64 - bits)
            var keys: [StatedKey] = []
            for index in sources.indices { try sources[index].take(below: end, into: &keys) }
            slice = (sources.count > 1 ? Self.newest(IdOrder.sorted(keys, agreeingIn: bits)) : keys)[...]
        }
    }

    // Of keys with the same id the last one.
    private static func newest(_ keys: [StatedKey]) -> [StatedKey] {
        let isRepeated = keys.indices.dropLast().contains { keys[$0].id == keys[$0 + 1].id }
        guard isRepeated else { return keys }
        return keys.indices.filter { $0 == keys.count - 1 || keys[$0].id != keys[$0 + 1].id }.map { keys[$0] }
    }
}
