/// Keys in the order of their ids, each once: in memory, or in a file with enough in memory to find one.
final class KeyRun: Sendable {
    private enum Place: Sendable {
        case memory([StatedKey])
        // With the first id of every block.
        case file(KeyFile, fences: [Fingerprint])
    }

    let count: Int
    /// How many times its keys have been merged.
    let level: Int
    /// Passes every id that it has, and few others; nil in memory, where one filter serves all runs.
    let filter: KeyFilter?
    private let place: Place

    // Keys that are read at once.
    static let blockSize = 128

    /// Keeps keys in memory.
    init(_ keys: [StatedKey]) {
        count = keys.count
        level = 0
        filter = nil
        place = .memory(keys)
    }

    /// Writes what `next` gives until it gives `nil`, at most `limit` keys, into a file.
    init(level: Int, limit: Int, in folder: String, next: () throws -> StatedKey?) throws {
        let file = try KeyFile(in: folder)
        var filter = KeyFilter(expecting: limit)
        var fences: [Fingerprint] = []
        var block: [StatedKey] = []
        block.reserveCapacity(Self.writeSize)
        var count = 0
        while let key = try next() {
            if count % Self.blockSize == 0 { fences.append(key.id) }
            filter.insert(key.id)
            block.append(key)
            count += 1
            guard block.count == Self.writeSize else { continue }
            try file.write(block, at: count - block.count)
            block.removeAll(keepingCapacity: true)
        }
        try file.write(block, at: count - block.count)
        self.count = count
        self.level = level
        self.filter = filter
        place = .file(file, fences: fences)
    }

    private static let writeSize = 1024

    /// Whether it has no file.
    var isInMemory: Bool {
        if case .memory = place { true } else { false }
    }

    /// Goes through its keys, if it has no file.
    func forEachInMemory(_ body: (StatedKey) -> Void) {
        if case .memory(let keys) = place { keys.forEach(body) }
    }

    /// The keys of one block, or of some that follow on each other; the last one can be shorter.
    func block(_ number: Int, blocks: Int = 1) throws -> ArraySlice<StatedKey> {
        let range = (number * Self.blockSize)..<min(count, (number + blocks) * Self.blockSize)
        switch place {
        case .memory(let keys): return keys[range]
        case .file(let file, _): return try file.read(range)[...]
        }
    }

    var blockCount: Int { (count + Self.blockSize - 1) / Self.blockSize }

    /// The number of the block that has the id if the run has it.
    func blockNumber(of id: Fingerprint) -> Int {
        var (low, high) = (0, blockCount)
        while low < high {
            let middle = (low + high) / 2
            if Fingerprint.precedes(id, fence(middle)) { high = middle } else { low = middle + 1 }
        }
        return max(0, low - 1)
    }

    private func fence(_ block: Int) -> Fingerprint {
        switch place {
        case .memory(let keys): keys[block * Self.blockSize].id
        case .file(_, let fences): fences[block]
        }
    }
}

/// Finds ids in a run that are asked for in their order, reading no block twice.
struct KeyRunSearch {
    private let run: KeyRun
    private var number = -1
    private var block: ArraySlice<StatedKey> = []

    init(_ run: KeyRun) {
        self.run = run
    }

    mutating func find(_ id: Fingerprint) throws -> StatedKey? {
        guard run.count > 0 else { return nil }
        let wanted = run.blockNumber(of: id)
        if wanted != number {
            block = try run.block(wanted)
            number = wanted
        }
        var (low, high) = (block.startIndex, block.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if Fingerprint.precedes(block[middle].id, id) { low = middle + 1 } else { high = middle }
        }
        return low < block.endIndex && block[low].id == id ? block[low] : nil
    }
}

/// The keys of several runs in the order of their ids. Of an id that several have, the newest run's key is given.
struct KeyMerge {
    private struct Head {
        var key: StatedKey
        var rank: Int
    }

    private struct Source {
        var run: KeyRun
        var block: ArraySlice<StatedKey>
        var nextBlock: Int

        // All of a run are wanted: fewer reads of more.
        private static let readAtOnce = 8

        mutating func next() throws -> StatedKey? {
            if let key = block.popFirst() { return key }
            guard nextBlock < run.blockCount else { return nil }
            block = try run.block(nextBlock, blocks: Self.readAtOnce)
            nextBlock += Self.readAtOnce
            return block.popFirst()
        }
    }

    private var sources: [Source]
    // A heap: the lowest id on top, of equal ones the newest.
    private var heads: [Head] = []

    /// - Parameter runs: The oldest first.
    init(_ runs: [KeyRun]) throws {
        sources = runs.map { Source(run: $0, block: [], nextBlock: 0) }
        for rank in sources.indices {
            guard let key = try sources[rank].next() else { continue }
            heads.append(Head(key: key, rank: rank))
        }
        for index in stride(from: heads.count / 2 - 1, through: 0, by: -1) { sink(index) }
    }

    /// The next key without going on.
    var peek: StatedKey? { heads.first?.key }

    mutating func next() throws -> StatedKey? {
        guard let top = heads.first else { return nil }
        repeat { try advance() } while heads.first?.key.id == top.key.id
        return top.key
    }

    private mutating func advance() throws {
        if let key = try sources[heads[0].rank].next() {
            heads[0].key = key
        } else {
            heads[0] = heads[heads.count - 1]
            heads.removeLast()
        }
        sink(0)
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in (2 * index + 1)..<(2 * index + 3) where child < heads.count && isBefore(child, least) {
                least = child
            }
            guard least != index else { return }
            heads.swapAt(index, least)
            index = least
        }
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        let (first, second) = (heads[left], heads[right])
        if first.key.id == second.key.id { return first.rank > second.rank }
        return Fingerprint.precedes(first.key.id, second.key.id)
    }
}
