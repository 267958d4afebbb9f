import Dispatch
import Synchronization

/// The keys of several runs, slice by slice: those whose ids have the same first bits, in their order, each id once.
struct KeySlices: Sendable {
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
    // First bits that the keys of one slice have in common, and the number of the next one.
    private let bits: Int
    private var number: UInt64 = 0

    // Keys of a slice, about.
    private static let sliceSize = 4096

    /// - Parameter runs: The oldest first.
    init(_ runs: [KeyRun]) {
        sources = runs.map { Source(run: $0) }
        let count = runs.reduce(0) { $0 + $1.count }
        bits = Int.bitWidth - (count / Self.sliceSize).leadingZeroBitCount
    }

    /// The next slice that has any keys; nil when there is none.
    mutating func next() throws -> [StatedKey]? {
        while number < 1 << UInt64(bits) {
            number += 1
            let end = number == 1 << UInt64(bits) ? nil : number << UInt64(64 - bits)
            var keys: [StatedKey] = []
            for index in sources.indices { try sources[index].take(below: end, into: &keys) }
            guard !keys.isEmpty else { continue }
            return sources.count > 1 ? Self.newest(IdOrder.sorted(keys, agreeingIn: bits)) : keys
        }
        return nil
    }

    // Of keys with the same id the last one.
    private static func newest(_ keys: [StatedKey]) -> [StatedKey] {
        let isRepeated = keys.indices.dropLast().contains { keys[$0].id == keys[$0 + 1].id }
        guard isRepeated else { return keys }
        return keys.indices.filter { $0 == keys.count - 1 || keys[$0].id != keys[$0 + 1].id }.map { keys[$0] }
    }
}

/// Slices of keys that one thread makes while another takes those before them.
final class SlicesAhead: Sendable {
    private let slices: Mutex<KeySlices>
    private let made = Mutex<Result<[[StatedKey]], any Error>>(.success([]))
    private let queue = DispatchQueue(label: "qiao.journal.merge")

    // Slices that are handed over at once.
    private static let madeAtOnce = 4

    init(_ slices: KeySlices) {
        self.slices = Mutex(slices)
        begin()
    }

    /// The next slices, with which the ones behind them are begun; none at the end. A failure is the end, too.
    func take() throws -> [[StatedKey]] {
        queue.sync {}
        let slices = try made.withLock { $0 }.get()
        if !slices.isEmpty { begin() }
        return slices
    }

    private func begin() {
        queue.async { [self] in
            let some = Result {
                try slices.withLock { slices in
                    var some: [[StatedKey]] = []
                    while some.count < Self.madeAtOnce, let slice = try slices.next() { some.append(slice) }
                    return some
                }
            }
            made.withLock { $0 = some }
        }
    }
}
