import GRDB

/// Tells for most ids that no scope of a source has them, without looking into each, while several filings are committed together.
///
/// With hundreds of scopes, each new key of each filing would be a look into all of them. It is made by going through all scopes
/// once, told of every key that goes into one, and gone with the transaction.
final class SourceKeys {
    private var source: String?
    private var filter = KeyFilter(expecting: 0)

    // One id of some thousands that no scope has is passed, since that is a look into hundreds of scopes.
    private static let bitsPerKey = 32
    private static let sizeLimit = 8 << 20

    /// Gets ready for the scopes of a source, which lie in their leaves, if looking into them is more work than going through
    /// all.
    ///
    /// - Parameters:
    ///   - keys: How many keys all scopes have.
    ///   - news: How many a filing adds to one of them.
    func turn(to scope: Scope, others: [Int64], keys: Int, news: Int, in store: ChunkStore) throws -> Bool {
        if source == scope.source { return true }
        guard news * others.count >= keys else { return false }
        source = scope.source
        filter = KeyFilter(expecting: 2 * (keys + 1024), bitsPerKey: Self.bitsPerKey, limit: Self.sizeLimit)
        for number in others + [scope.number] {
            do {
                let leaves = try KeyLeaves(database: store.database, scope: number, segments: store.segments)
                try leaves.forEachKey { filter.insert($0.id) }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                // Damage stops the scope that it belongs to, and no other.
                continue
            }
        }
        return true
    }

    /// What goes into a scope from now on is not told.
    func forget() { source = nil }

    /// The keys that some scope may have; all of them are in one from now on.
    func known(_ keys: [StatedKey]) -> [StatedKey] {
        let known = keys.filter { filter.mayContain($0.id) }
        for key in keys { filter.insert(key.id) }
        return known
    }
}
