import GRDB

/// The other scopes of a source, when keys leave one of them.
///
/// Who stands in a scope that was filed since has moved, and is not gone. What the other scopes know of the keys that leave is no
/// longer what was sent last, so that each says them again when it is filed next.
struct OtherScopes {
    private struct Other {
        var number: Int64
        // Filed after the scope that keys leave, or a later part of the same filing.
        var isSince: Bool
        // Compared already with what it has, which must not change before it is committed.
        var isCompared: Bool
    }

    private let database: Database
    private let segments: SegmentFolder?
    // Those that were filed since come first.
    private let others: [Other]

    /// - Parameter laterParts: What follows of the same filing.
    init(
        _ scope: Scope, in database: Database, segments: SegmentFolder?, laterParts: ArraySlice<FilingPart>
    ) throws {
        self.database = database
        self.segments = segments
        let scopes = try scope.others(in: database).map { number, name, isFiledSince in
            let part = laterParts.first { $0.delivery.scope == name }
            let isCompared = if case .staged = part?.records { true } else { false }
            return Other(number: number, isSince: isFiledSince || part != nil, isCompared: isCompared)
        }
        others = scopes.filter(\.isSince) + scopes.filter { !$0.isSince }
    }

    /// Takes note that keys, in the order of their ids, leave the scope.
    ///
    /// - Returns: For each in order, whether it is kept elsewhere. Those that are not are to be deleted.
    func take(_ leaving: [RecordKey]) throws -> [Bool] {
        let ids = leaving.map(\.id)
        var areKept = [Bool](repeating: false, count: ids.count)
        for other in others {
            let leaves = try KeyLeaves(database: database, scope: other.number, segments: segments)
            do {
                let found = try leaves.find(ids) { !other.isSince && areKept[$0] }
                let there = ids.indices.filter { found[$0] != nil }
                if other.isSince {
                    for index in there { areKept[index] = true }
                    let differing = there.filter { found[$0]?.content != leaving[$0].content.high }
                    if !other.isCompared { try doubt(differing.map { ids[$0] }, in: leaves) }
                } else {
                    try forget(there.map { ids[$0] }, in: leaves)
                }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                // Damage stops the scope that it belongs to, and no other.
                continue
            }
        }
        return areKept
    }

    // What was sent last is what the scope said that they leave now. Whatever is stated next differs.
    private func doubt(_ ids: [Fingerprint], in leaves: KeyLeaves) throws {
        guard !ids.isEmpty else { return }
        try leaves.change(ids) { key in
            var copy = key
            copy.content = StatedKey.unknownContent
            return copy
        }
        try Scope.note(changeOf: leaves.scope, removing: 0, in: database)
    }

    // They are deleted: whoever states them next states something new.
    private func forget(_ ids: [Fingerprint], in leaves: KeyLeaves) throws {
        guard !ids.isEmpty else { return }
        try leaves.change(ids) { _ in nil }
        try Scope.note(changeOf: leaves.scope, removing: ids.count, in: database)
    }
}
