import Synchronization

/// The keys that one filing has stated so far, in runs of growing size.
///
/// A value: whoever appends gets a new one, so that a transaction that fails leaves what was before. Every batch makes a
/// run; eight runs of one size are merged into one of the next. Memory stays at some two bytes a key, and less when there
/// are very many.
struct StatedKeys: Sendable {
    private(set) var runs: [KeyRun] = []

    private static let mergedAtOnce = 8

    /// For every id, in their order, what was stated of it last.
    func find(_ ids: [Fingerprint]) throws -> [StatedKey?] {
        var found = [StatedKey?](repeating: nil, count: ids.count)
        for run in runs.reversed() {
            var search = KeyRunSearch(run)
            for index in ids.indices where found[index] == nil { found[index] = try search.find(ids[index]) }
        }
        return found
    }

    /// Adds keys in the order of their ids, in memory.
    mutating func append(_ keys: [StatedKey]) {
        guard !keys.isEmpty else { return }
        runs.append(KeyRun(keys))
    }

    /// Moves what is in memory into files, and merges where there are many runs.
    mutating func settle(in folder: String) throws {
        guard let last = runs.last else { return }
        var merge = try KeyMerge([last])
        runs[runs.count - 1] = try KeyRun(level: 0, limit: last.count, in: folder) { try merge.next() }
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

/// The keys of all stagings, by batch. They die with the process, as stagings do.
///
/// Changed on the writer's queue alone, when a transaction has been committed.
final class StatedKeyShelf: Sendable {
    private let shelf = Mutex<[Int64: StatedKeys]>([:])

    subscript(batch: Int64) -> StatedKeys? {
        get { shelf.withLock { $0[batch] } }
        set { shelf.withLock { $0[batch] = newValue } }
    }
}
