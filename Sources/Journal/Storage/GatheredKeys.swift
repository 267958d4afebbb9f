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
    private var stated = StatedKeys(filteredKeys: usualLimit)
    // The filings of the transaction, and the one in hand.
    private let filings: [JournaledFiling]
    private var current = 0
    // The first filing whose keys have not been looked up ahead, and what the leaves have of those before it; nil where each
    // filing looks for itself.
    private var aheadEnd = 0
    private(set) var ahead: KeyRun?
    private let aheadLimit: Int

    /// - Parameters:
    ///   - store: The journal.
    ///   - filings: What the transaction commits.
    ///   - aheadLimit: Ids from which on no further filing is looked ahead for. They take 16 bytes each, and what is found 40.
    init(_ store: ChunkStore, filings: [JournaledFiling], aheadLimit: Int = usualLimit) {
        self.store = store
        self.filings = filings
        self.aheadLimit = aheadLimit
    }

    private static let usualLimit = 1 << 18

    /// Takes the filing in hand to be this one.
    func go(to index: Int) { current = index }

    /// Has the keys of this scope gather. Those of another one that did are settled.
    func turn(to scope: Scope) throws {
        if self.scope?.number != scope.number { try settle() }
        self.scope = scope
        if current >= aheadEnd { try lookAhead() }
    }

    /// For every id, in their order, what was stated of it in this transaction, or else what the scope's leaves have.
    func find(_ ids: [Fingerprint], in leaves: KeyLeaves, unless isKnown: (Int) -> Bool) throws -> [StatedKey?] {
        let stated = try self.stated.find(ids)
        var found = try inLeaves(ids, leaves) { isKnown($0) || stated?[$0] != nil }
        guard let stated else { return found }
        for index in ids.indices { found[index] = stated[index] ?? found[index] }
        return found
    }

    private func inLeaves(
        _ ids: [Fingerprint], _ leaves: KeyLeaves, unless isKnown: (Int) -> Bool
    ) throws -> [StatedKey?] {
        guard let ahead else { return try leaves.find(ids, unless: isKnown) }
        var search = KeyRunSearch(ahead)
        return try ids.indices.map { isKnown($0) ? nil : try search.find(ids[$0]) }
    }

    // Each of a hundred rosters of some thousand rows would read nearly all leaves of a big scope. The keys of many are
    // looked up in one go, where they are more than there are leaves.
    private func lookAhead() throws {
        guard let scope else { return }
        var ids: [Fingerprint] = []
        aheadEnd = current
        while aheadEnd < filings.count, ids.count < aheadLimit, let more = filings[aheadEnd].ids(for: scope) {
            ids += more
            aheadEnd += 1
        }
        ahead = nil
        guard ids.count * KeyLeaves.usualCount > scope.keys else { return }
        let leaves = try KeyLeaves(database: store.database, scope: scope.number, segments: store.segments)
        ahead = KeyRun(try leaves.pick(IdOrder.sorted(ids)))
    }

    /// Adds what a filing has stated and the scope has not.
    func add(_ stated: StatedKeys, of batch: Int64) throws {
        self.batch = batch
        var merge = try KeyMerge(stated.runs)
        var differing: [StatedKey] = []
        while let some = try merge.nextSome() { differing += some.lazy.filter(\.differs) }
        self.stated.append(differing)
    }

    /// Makes what has gathered the scope's state.
    func settle() throws {
        (aheadEnd, ahead) = (0, nil)
        let runs = stated.runs
        guard let scope, !runs.isEmpty else { return }
        let leaves = try KeyLeaves(database: store.database, scope: scope.number, segments: store.segments)
        let count = runs.reduce(0) { $0 + $1.count }
        let file = try store.leafFile(for: count, of: try scope.current(in: store.database), batch: batch)
        try store.writing(file) {
            var merge = try KeyMerge(runs, isAhead: file != nil)
            try leaves.adopt(&merge, deletingOthers: false, into: file) { _ in }
        }
        stated = StatedKeys(filteredKeys: Self.usualLimit)
    }
}

extension JournaledFiling {
    // The ids that it states of a scope as an upsert, if any; nil for what does something else to the scope, or to another one.
    fileprivate func ids(for scope: Scope) -> [Fingerprint]? {
        if outcome == .rejected { return [] }
        guard case .upsert(scope.name) = delivery, identity.source == scope.source, furtherParts.isEmpty,
            case .chunks(let chunks) = records
        else { return nil }
        return chunks.flatMap { $0.keys.map(\.id) }
    }
}
