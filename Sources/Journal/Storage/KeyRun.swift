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
    /// Which of the filters that runs share all of its keys have gone through; nil in memory, and when there are several.
    let filterNumber: Int?
    private let place: Place

    // Keys that are read at once.
    static let blockSize = 128

    /// Keeps keys in memory.
    init(_ keys: [StatedKey]) {
        count = keys.count
        level = 0
        filter = nil
        filterNumber = nil
        place = .memory(keys)
    }

    /// Writes what runs have between them into a file.
    ///
    /// - Parameters:
    ///   - filterNumber: Which of the shared filters is told of them.
    ///   - noting: Is told all keys, some at a time.
    init(
        level: Int, merging runs: [KeyRun], in folder: String, filterNumber: Int? = nil,
        noting note: (ArraySlice<StatedKey>) -> Void = { _ in }
    ) throws {
        var merge = try KeyMerge(runs)
        let file = try KeyFile(in: folder)
        var filter = KeyFilter(
            expecting: runs.reduce(0) { $0 + $1.count }, bitsPerKey: Self.filterBits, limit: Self.filterLimit)
        var fences: [Fingerprint] = []
        var block: [StatedKey] = []
        block.reserveCapacity(2 * Self.writeSize)
        var count = 0
        while let keys = try merge.nextSome() {
            for key in keys {
                if count % Self.blockSize == 0 { fences.append(key.id) }
                filter.insert(key.id)
                count += 1
            }
            note(keys)
            block += keys
            guard block.count >= Self.writeSize else { continue }
            try file.write(block, at: count - block.count)
            block.removeAll(keepingCapacity: true)
        }
        try file.write(block, at: count - block.count)
        self.count = count
        self.level = level
        self.filter = filter
        self.filterNumber = filterNumber
        place = .file(file, fences: fences)
    }

    // Keys that are written at once. A filter before those of the runs has few bits to leave to them.
    private static let writeSize = 4096
    private static let filterBits = 8
    private static let filterLimit = 1 << 20

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
