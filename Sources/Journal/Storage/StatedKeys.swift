/// The keys that one filing has stated so far, in runs of growing size.
///
/// A value: whoever appends gets a new one, so that a transaction that fails leaves what was before. Every batch makes a
/// run in memory; when they hold many keys they make one in a file, and eight runs of one size are merged into one of the
/// next. Memory stays at some MiB and two bytes a key, and less when there are very many.
struct StatedKeys: Sendable {
    private(set) var runs: [KeyRun] = []
    // Passes every id of the runs in memory, and few others; made when there are some of them.
    private var recent: KeyFilter?

    private static let mergedAtOnce = 8
    // Runs in memory from which on it is worth having a filter.
    private static let filteredFrom = 3

    /// For every id, in their order, what was stated of it last; `nil` when nothing was of any of them, as mostly.
    func find(_ ids: [Fingerprint]) throws -> [StatedKey?]? {
        var found: [StatedKey?]?
        let likely = recent.map { recent in ids.indices.filter { recent.mayContain(ids[$0]) } } ?? Array(ids.indices)
        for run in runs.reversed() {
            var search = KeyRunSearch(run)
            let asked = run.filter.map { filter in ids.indices.filter { filter.mayContain(ids[$0]) } } ?? likely
            for index in asked {
                guard found?[index] == nil, let key = try search.find(ids[index]) else { continue }
                if found == nil { found = [StatedKey?](repeating: nil, count: ids.count) }
                found?[index] = key
            }
        }
        return found
    }

    /// Adds keys in the order of their ids, in memory.
    mutating func append(_ keys: [StatedKey]) {
        guard !keys.isEmpty else { return }
        runs.append(KeyRun(keys))
        guard recent == nil else {
            for key in keys { recent?.insert(key.id) }
            return
        }
        let inMemory = runs.suffix(Self.filteredFrom)
        guard inMemory.count == Self.filteredFrom, inMemory.allSatisfy(\.isInMemory) else { return }
        var filter = KeyFilter(expecting: Self.inMemory)
        for run in inMemory { run.forEachInMemory { filter.insert($0.id) } }
        recent = filter
    }

    /// Keys that are kept in memory before they make one run in a file.
    static let inMemory = 1 << 16

    /// Moves what is in memory into a file when it is more than `kept` keys, and merges files where there are many.
    mutating func settle(in folder: String, keeping kept: Int = inMemory) throws {
        let first = runs.lastIndex { !$0.isInMemory }.map { $0 + 1 } ?? 0
        let limit = runs[first...].reduce(0) { $0 + $1.count }
        guard limit > kept else { return }
        var merge = try KeyMerge(Array(runs[first...]))
        runs.removeSubrange(first...)
        recent?.removeAll()
        runs.append(try KeyRun(level: 0, limit: limit, in: folder) { try merge.next() })
        while let level = runs.last?.level, runs.suffix(Self.mergedAtOnce).count == Self.mergedAtOnce,
            runs.suffix(Self.mergedAtOnce).allSatisfy({ $0.level == level })
        {
            let merged = Array(runs.suffix(Self.mergedAtOnce))
            var merge = try KeyMerge(merged)
            let limit = merged.reduce(0) { $0 + $1.count }
            runs.removeLast(Self.mergedAtOnce)
            runs.append(try KeyRun(level: level + 1, limit: limit, in: folder) { try merge.next() })
        }
    }
}
