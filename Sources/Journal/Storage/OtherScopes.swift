import GRDB

/// The other scopes of a source, when a filing of one of them sends something of keys that they have, too.
///
/// What a scope knows of a key is what was sent last, or else it says the key again when it is filed next. So what a filing sends
/// overrules what the others have said of the same keys. Who leaves a scope and stands in one that was filed since has moved, and
/// is not gone.
struct OtherScopes {
    private struct Other {
        var number: Int64
        // Filed after the scope in hand, or a later part of the same filing.
        var isSince: Bool
        var isLaterPart: Bool
        // A later part that has been compared already with what it has: none of that may go, and its generation stays.
        var isCompared: Bool

        // Whether it counts as one that has the key. All parts of one filing hold at the same time.
        func holds(_ key: StatedKey) -> Bool { isLaterPart || key.content != StatedKey.overruledContent }
    }

    private let database: Database
    private let segments: SegmentFolder?
    private let sourceKeys: SourceKeys?
    private let since: [Other]
    private let before: [Other]

    var isEmpty: Bool { since.isEmpty && before.isEmpty }

    /// - Parameters:
    ///   - news: How many keys the scope has not had.
    ///   - laterParts: What follows of the same filing.
    ///   - sourceKeys: What saves looking into scopes, where several filings are committed together.
    init(
        _ scope: Scope, adding news: Int, in store: ChunkStore, laterParts: ArraySlice<FilingPart>,
        sourceKeys: SourceKeys?
    ) throws {
        (database, segments) = (store.database, store.segments)
        let others = try scope.others(in: database)
        if others.isEmpty {
            // Whoever makes this does without it then, and nobody is told what goes into the scope.
            sourceKeys?.forget()
            self.sourceKeys = nil
        } else {
            let keys = others.reduce(scope.keys) { $0 + $1.keys }
            let isReady = try sourceKeys?.turn(
                to: scope, others: others.map(\.number), keys: keys, news: news, in: store)
            self.sourceKeys = isReady == true ? sourceKeys : nil
        }
        let scopes = others.map { number, name, isFiledSince, _ in
            let part = laterParts.first { $0.delivery.scope == name }
            let isCompared = if case .staged = part?.records { true } else { false }
            return Other(
                number: number, isSince: isFiledSince || part != nil, isLaterPart: part != nil, isCompared: isCompared)
        }
        since = scopes.filter(\.isSince)
        before = scopes.filter { !$0.isSince }
    }

    /// Takes note that keys, in the order of their ids, are sent as the scope states them now.
    func overrule(_ sent: [StatedKey]) throws {
        let sent = sourceKeys?.known(sent) ?? sent
        guard !sent.isEmpty else { return }
        let ids = sent.map(\.id)
        for other in since + before {
            try withLeaves(of: other) { leaves in
                let found = try leaves.find(ids) { _ in false }
                let differing = ids.indices.filter { index in
                    found[index].map { other.holds($0) && $0.content != sent[index].content } ?? false
                }
                let content = other.isCompared ? StatedKey.unknownContent : StatedKey.overruledContent
                try mark(differing.map { ids[$0] }, content, in: leaves, of: other)
            }
        }
    }

    /// Takes note that keys, in the order of their ids, leave the scope.
    ///
    /// - Returns: For each in order, whether it is kept elsewhere. Those that are not are to be deleted.
    func take(_ leaving: [RecordKey]) throws -> [Bool] {
        let ids = leaving.map(\.id)
        var areKept = [Bool](repeating: false, count: ids.count)
        var overruled: [(other: Other, indices: [Int])] = []
        for other in since {
            try withLeaves(of: other) { leaves in
                let found = try leaves.find(ids) { _ in false }
                let there = ids.indices.filter { found[$0] != nil }
                let held = there.filter { found[$0].map(other.holds) ?? false }
                for index in held { areKept[index] = true }
                overruled.append((other, there.filter { found[$0].map { !other.holds($0) } ?? false }))
                // Journals of earlier releases have scopes that know different things of one key.
                let differing = held.filter { index in
                    guard let key = found[index], StatedKey.isSentLast(leaving[index].content.high) else {
                        return false
                    }
                    return key.isSentLast && key.content != leaving[index].content.high
                }
                try mark(differing.map { ids[$0] }, StatedKey.unknownContent, in: leaves, of: other)
            }
        }
        for (other, indices) in overruled {
            try withLeaves(of: other) { try forget(indices.filter { !areKept[$0] }.map { ids[$0] }, in: $0) }
        }
        for other in before {
            try withLeaves(of: other) { leaves in
                let found = try leaves.find(ids) { areKept[$0] }
                try forget(ids.indices.filter { found[$0] != nil }.map { ids[$0] }, in: leaves)
            }
        }
        return areKept
    }

    // Damage stops the scope that it belongs to, and no other.
    private func withLeaves(of other: Other, _ body: (KeyLeaves) throws -> Void) throws {
        do {
            try body(KeyLeaves(database: database, scope: other.number, segments: segments))
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            return
        }
    }

    // What the scope has of them is not what was sent last. Whatever it states next differs.
    private func mark(_ ids: [Fingerprint], _ content: UInt64, in leaves: KeyLeaves, of other: Other) throws {
        guard !ids.isEmpty else { return }
        try leaves.change(ids) { key in
            var copy = key
            copy.content = content
            return copy
        }
        if !other.isCompared { try Scope.note(changeOf: leaves.scope, removing: 0, in: database) }
    }

    // They are deleted: whoever states them next states something new.
    private func forget(_ ids: [Fingerprint], in leaves: KeyLeaves) throws {
        guard !ids.isEmpty else { return }
        try leaves.change(ids) { _ in nil }
        try Scope.note(changeOf: leaves.scope, removing: ids.count, in: database)
    }
}
