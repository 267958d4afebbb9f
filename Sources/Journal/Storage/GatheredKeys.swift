import GRDB

/// What the upserts of one transaction have stated of one scope, before its leaves get all of it at once.
///
/// Ids are hashes: each of a hundred small filings has keys in nearly every leaf of a big scope, which would be written a hundred
/// times. Nothing of this outlives the transaction, and whoever does more to the scope than state keys has it settled first.
final class GatheredKeys {
    private let store: ChunkStore
    private var scope: Scope?
    // The last filing whose keys are among them.
    private var batch: Int64 = 0
    private var keys: [Fingerprint: StatedKey] = [:]

    init(_ store: ChunkStore) {
        self.store = store
    }

    /// Has the keys of this scope gather. Those of another one that did are settled.
    func turn(to scope: Scope) throws {
        if self.scope?.number != scope.number { try settle() }
        self.scope = scope
    }

    /// For every id, in their order, what was stated of it in this transaction, or else what the scope's leaves have.
    func find(_ ids: [Fingerprint], in leaves: KeyLeaves, unless isKnown: (Int) -> Bool) throws -> [StatedKey?] {
        guard !keys.isEmpty else { return try leaves.find(ids, unless: isKnown) }
        let stated = ids.map { keys[$0] }
        var found = try leaves.find(ids) { isKnown($0) || stated[$0] != nil }
        for index in ids.indices { found[index] = stated[index] ?? found[index] }
        return found
    }

    /// Adds what a filing has stated and the scope has not.
    func add(_ stated: StatedKeys, of batch: Int64) throws {
        self.batch = batch
        var merge = try KeyMerge(stated.runs)
        while let some = try merge.nextSome() {
            for key in some where key.differs { keys[key.id] = key }
        }
    }

    /// Makes what has gathered the scope's state.
    func settle() throws {
        guard let scope, !keys.isEmpty else { return }
        let leaves = try KeyLeaves(database: store.database, scope: scope.number, segments: store.segments)
        var merge = try KeyMerge([KeyRun(IdOrder.sorted(Array(keys.values)))])
        let file = try store.leafFile(for: keys.count, of: try scope.current(in: store.database), batch: batch)
        try store.writing(file) { try leaves.adopt(&merge, deletingOthers: false, into: file) { _ in } }
        keys = [:]
    }
}
