/// The keys that one filing has stated so far, in runs of growing size.
///
/// A value: whoever appends gets a new one, so that a transaction that fails leaves what was before. Every batch makes a
/// run in memory; when they hold many keys they make one in a file, and many runs of one size are merged into one of the
/// next. Memory stays at some MiB and three bytes a key, and less when there are very many.
struct StatedKeys: Sendable {
    private(set) var runs: [KeyRun] = []
    // Passes every id of the runs in memory, and few others; made when there are some of them.
    private var recent: SharedKeyFilter?
    // The same of the runs in files, so that what is new is looked for in none of them. Each has room for so many keys.
    private var settled: [SharedKeyFilter] = []
    private var room = 0
    // How many keys the filter of those in memory has room for.
    private let filteredKeys: Int

    init(filteredKeys: Int = inMemory) {
        self.filteredKeys = filteredKeys
    }

    /// Runs of one size that are merged.
    static let mergedAtOnce = 64
    // Runs in memory from which on it is worth having a filter.
    private static let filteredFrom = 3

    /// For every id, in their order, what was stated of it last; `nil` when nothing was of any of them, as mostly.
    func find(_ ids: [Fingerprint]) throws -> [StatedKey?]? {
        guard !runs.isEmpty else { return nil }
        var found: [StatedKey?]?
        let probes = ids.map(KeyFilter.Probe.init)
        let inMemory = recent.map { Self.likely(probes, [$0]) } ?? Array(ids.indices)
        // What one filter passes by mistake is looked for in the runs that have gone through it, and in no others.
        let inFiles = settled.map { Self.likely(probes, [$0]) }
        let inAnyFile = runs.contains { $0.level > 0 } ? Self.likely(probes, settled) : []
        for run in runs.reversed() {
            let candidates = run.filterNumber.map { inFiles[$0] } ?? (run.isInMemory ? inMemory : inAnyFile)
            let asked = run.filter.map { filter in candidates.filter { filter.mayContain(probes[$0]) } } ?? candidates
            guard !asked.isEmpty else { continue }
            var search = KeyRunSearch(run)
            for index in asked {
                guard found?[index] == nil, let key = try search.find(ids[index]) else { continue }
                if found == nil { found = [StatedKey?](repeating: nil, count: ids.count) }
                found?[index] = key
            }
        }
        return found
    }

    private static func likely(_ probes: [KeyFilter.Probe], _ filters: [SharedKeyFilter]) -> [Int] {
        var isLikely = [Bool](repeating: false, count: probes.count)
        for filter in filters { filter.mark(probes, in: &isLikely) }
        return isLikely.indices.filter { isLikely[$0] }
    }

    /// Adds keys in the order of their ids, in memory.
    mutating func append(_ keys: [StatedKey]) {
        guard !keys.isEmpty else { return }
        runs.append(KeyRun(keys))
        if let recent { return recent.insert(keys) }
        let inMemory = runs.suffix(Self.filteredFrom)
        guard inMemory.count == Self.filteredFrom, inMemory.allSatisfy(\.isInMemory) else { return }
        let filter = SharedKeyFilter(expecting: filteredKeys)
        for run in inMemory { run.forEachInMemory { filter.insert([$0]) } }
        recent = filter
    }

    /// Keys that are kept in memory before they make one run in a file.
    static let inMemory = 1 << 16

    /// Moves what is in memory into a file when it is more than `kept` keys, and merges files where there are many.
    mutating func settle(
        in folder: String, keeping kept: Int = inMemory, mergingAt mergedAtOnce: Int = mergedAtOnce
    ) throws {
        let first = runs.lastIndex { !$0.isInMemory }.map { $0 + 1 } ?? 0
        let count = runs[first...].reduce(0) { $0 + $1.count }
        guard count > kept else { return }
        let filter = filter(for: count)
        let run = try KeyRun(
            level: 0, merging: Array(runs[first...]), in: folder, filterNumber: settled.count - 1
        ) { filter.insert($0) }
        runs.removeSubrange(first...)
        runs.append(run)
        // One that others share is not emptied: what was before this can come back.
        recent = nil
        while let level = runs.last?.level, runs.suffix(mergedAtOnce).count == mergedAtOnce,
            runs.suffix(mergedAtOnce).allSatisfy({ $0.level == level })
        {
            let merged = try KeyRun(level: level + 1, merging: runs.suffix(mergedAtOnce), in: folder)
            runs.removeLast(mergedAtOnce)
            runs.append(merged)
        }
    }

    // The filter that has room for so many more keys, or the next one: first they grow, so that a small staging needs
    // little and a big one asks few of them, then some are of one size, and with very many keys they grow again.
    private mutating func filter(for count: Int) -> SharedKeyFilter {
        if let last = settled.last, count <= room {
            room -= count
            return last
        }
        let number = settled.count
        let capacity = max(count, Self.inMemory << (1 + min(number, 4) + min(max(0, number - 8), 20)))
        room = capacity - count
        let filter = SharedKeyFilter(expecting: capacity)
        settled.append(filter)
        return filter
    }
}
