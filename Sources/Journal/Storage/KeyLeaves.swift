import FoundationEssentials
import GRDB

/// What each key of a scope last was, as it lies in the journal: leaves of up to some hundred keys each.
///
/// A leaf's number is the scope and the first bits of the lowest id that it may hold; it holds every id of the scope from
/// there up to the next leaf. Ids are hashes, so leaves fill evenly. A leaf of the usual size fits into one page of the
/// store.
///
/// Leaves that a big filing has written lie in a file beside the journal, one file for each scope; their rows say where.
struct KeyLeaves {
    let database: Database
    let scope: Int64

    /// Keys of a leaf that is written anew among others, and the most that one may have: 145 of 28 bytes in 4,061.
    static let usualCount = 132
    static let mostCount = 145

    static let layout = "CREATE TABLE key_leaf (number INTEGER PRIMARY KEY, keys BLOB NOT NULL) STRICT"

    private static let idBits: Int64 = 40

    var first: Int64 { scope << Self.idBits }
    private var end: Int64 { (scope + 1) << Self.idBits }

    // How keys lie in leaves: of another version in a migration alone.
    private let encode: (ArraySlice<StatedKey>) -> Data
    // Where files with leaves are; nil where there are none.
    private let segments: SegmentFolder?
    // Where leaves go that are written; nil for the database.
    private var output: LeafFile?

    init(
        database: Database, scope: Int64, segments: SegmentFolder? = nil,
        encode: @escaping (ArraySlice<StatedKey>) -> Data = LeafBytes.encode
    ) throws {
        // Every source, mapping and set has one: eight million of them are far away.
        guard scope >= 0, scope < (1 << (62 - Self.idBits)) else { throw DatabaseError(resultCode: .SQLITE_FULL) }
        self.database = database
        self.scope = scope
        self.encode = encode
        self.segments = segments
    }

    /// The number of a leaf that begins with this id.
    func number(of id: Fingerprint) -> Int64 {
        first | Int64(truncatingIfNeeded: id.high >> (64 - UInt64(Self.idBits)))
    }

    /// For every id, in their order, what the scope has of it; those that `isKnown` says are not looked for.
    func find(_ ids: [Fingerprint], unless isKnown: (Int) -> Bool) throws -> [StatedKey?] {
        var found = [StatedKey?](repeating: nil, count: ids.count)
        let statement = try database.cachedStatement(sql: Self.covering)
        var (leaf, last, keys) = (Int64(-1), Fingerprint?.none, [UInt8]())
        let file = try leavesFile()
        if let file, ids.count >= Self.manyIds { try segments?.expectLeaves(of: file) }
        for index in ids.indices where !isKnown(index) {
            if let last, !Fingerprint.precedes(last, ids[index]) {
                found[index] = LeafBytes.find(ids[index], in: keys).key
                continue
            }
            // Behind the last key of the leaf in hand: it may belong there all the same, and then the scope has it not.
            let cursor = try Row.fetchCursor(statement, arguments: [number(of: ids[index]), first])
            guard let row = try cursor.next(), leaf != row[0] else { continue }
            leaf = row[0]
            keys = try bytes(in: row[1], file)
            (found[index], last) = LeafBytes.find(ids[index], in: keys)
        }
        return found
    }

    // What is asked for by the portions of a big filing, each of which looks up leaves all over the file.
    private static let manyIds = 1000

    private static let covering =
        "SELECT number, keys FROM key_leaf WHERE number <= ? AND number >= ? ORDER BY number DESC LIMIT 1"

    /// What the scope has of ids, which are in their order: found by going through all leaves, for more ids than there are leaves.
    func pick(_ ids: [Fingerprint]) throws -> [StatedKey] {
        let file = try leavesFile()
        if let file { try segments?.expectLeaves(of: file) }
        let rows = try Row.fetchCursor(database.cachedStatement(sql: Self.all), arguments: [first, end])
        var picked: [StatedKey] = []
        var rest = ids[...]
        while !rest.isEmpty, let row = try rows.next() {
            let keys = try bytes(in: row[0], file)
            while let id = rest.first {
                let (key, last) = LeafBytes.find(id, in: keys)
                guard let last, !Fingerprint.precedes(last, id) else { break }
                rest.removeFirst()
                if let key, picked.last?.id != id { picked.append(key) }
            }
        }
        return picked
    }

    private static let all = "SELECT keys FROM key_leaf WHERE number >= ? AND number < ? ORDER BY number"

    /// Goes through all keys that the scope has.
    func forEachKey(_ body: (StatedKey) -> Void) throws {
        let file = try leavesFile()
        let rows = try Row.fetchCursor(database.cachedStatement(sql: Self.all), arguments: [first, end])
        while let row = try rows.next() { LeafBytes.decode(try bytes(in: row[0], file)).forEach(body) }
    }

    /// What became of a key in ``adopt(_:deletingOthers:into:handOver:)``.
    enum Adopted {
        case removed(RecordKey)
        case differing(StatedKey)
    }

    /// Makes what was stated the scope's state, leaf by leaf in the order of ids.
    ///
    /// - Parameters:
    ///   - stated: The keys; those that do not differ are what the scope has already.
    ///   - deletes: Whether keys that were not stated are removed, or stay.
    ///   - file: Where the leaves go, all of them; nil for those that change into the database.
    ///   - handOver: Gets those that are removed, and those that were stated and differ.
    func adopt(
        _ stated: inout KeyMerge, deletingOthers deletes: Bool, into file: LeafFile? = nil,
        handOver: (Adopted) throws -> Void
    ) throws {
        var writing = self
        writing.output = file
        try writing.adoptAll(&stated, deletingOthers: deletes, handOver: handOver)
        guard let file else { return }
        try file.finish()
        try database.run("UPDATE scope SET leaves_before = leaves, leaves = ? WHERE number = ?", [file.batch, scope])
    }

    private func adoptAll(
        _ stated: inout KeyMerge, deletingOthers deletes: Bool, handOver: (Adopted) throws -> Void
    ) throws {
        let before = try leavesFile()
        var position = first
        while position < end {
            if !deletes, output == nil {
                while let key = stated.peek, !key.differs { _ = try stated.next() }
                guard let key = stated.peek else { return }
                position = max(position, number(of: key.id))
            }
            let leaf = try leaf(covering: position, before)
            let limit = try database.number("SELECT min(number) FROM key_leaf WHERE number > ?", [leaf.number])
            // Leaves that are out of order would be gone through for ever.
            guard leaf.number <= position, limit.map({ $0 > position }) ?? true else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT)
            }
            position = min(end, limit ?? end)
            try adopt(&stated, into: leaf, below: position, deletingOthers: deletes, handOver: handOver)
        }
    }

    // The keys, and whether they lie in a file.
    private typealias Leaf = (number: Int64, keys: [StatedKey], isInFile: Bool)

    private func leaf(covering number: Int64, _ file: Int64?) throws -> Leaf {
        guard let row = try database.row(Self.covering, [number, first]) else { return (first, [], false) }
        let stored: Data = row[1]
        return (row[0], LeafBytes.decode(try checkedBytes(in: stored, file)), LeafReference(stored) != nil)
    }

    // The file of the scope's leaves, by its batch.
    private func leavesFile() throws -> Int64? {
        try segments.flatMap { _ in try database.number("SELECT leaves FROM scope WHERE number = ?", [scope]) }
    }

    // Damage that is not noticed here makes a key look new or changed, and that leaf is looked at closely when it is adopted.
    private func bytes(in stored: Data, _ file: Int64?) throws -> [UInt8] {
        guard let reference = LeafReference(stored) else { return [UInt8](stored) }
        guard let segments, let file, (0...Self.countLimit).contains(reference.count),
            let bytes = try segments.leafBytes(
                Int(reference.count) * LeafBytes.keySize, at: reference.place, of: file)
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        return bytes
    }

    private func checkedBytes(in stored: Data, _ file: Int64?) throws -> [UInt8] {
        let bytes = try bytes(in: stored, file)
        guard let reference = LeafReference(stored) else { return bytes }
        guard Checksum.of(bytes) == reference.checksum else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        return bytes
    }

    // Ids that cannot be told apart by their first bits make a leaf bigger than it should be, but not so much.
    private static let countLimit: Int32 = 1 << 24

    private func adopt(
        _ stated: inout KeyMerge, into leaf: Leaf, below limit: Int64, deletingOthers deletes: Bool,
        handOver: (Adopted) throws -> Void
    ) throws {
        // There is one file: what lay in the one before moves.
        var packer = LeafPacker(leaves: self, number: leaf.number, isChanged: leaf.isInFile && output != nil)
        var old = leaf.keys[...]
        while true {
            let new = stated.peek.flatMap { number(of: $0.id) < limit ? $0 : nil }
            guard let kept = old.first, new.map({ kept.id < $0.id || kept.id == $0.id }) ?? true else {
                guard let new = try new.flatMap({ _ in try stated.next() }) else { break }
                try packer.add(new, isChange: true)
                if new.differs { try handOver(.differing(new)) }
                continue
            }
            old.removeFirst()
            if let new, new.id == kept.id {
                _ = try stated.next()
                let isChange = new.differs && (new.content != kept.content || new.bodyNumber != kept.bodyNumber)
                try packer.add(isChange ? new : kept, isChange: isChange)
                if new.differs { try handOver(.differing(new)) }
            } else if deletes {
                try handOver(.removed(kept.recordKey))
                packer.noteChange()
            } else {
                try packer.add(kept, isChange: false)
            }
        }
        try packer.finish()
    }

    /// Changes keys, whose ids are in their order, where the scope has them.
    ///
    /// - Parameter change: Makes the key that takes the place of one; `nil` removes it.
    func change(_ ids: [Fingerprint], _ change: (StatedKey) -> StatedKey?) throws {
        let file = try leavesFile()
        var rest = ids[...]
        while let id = rest.first {
            let leaf = try leaf(covering: number(of: id), file)
            let next = try database.number("SELECT min(number) FROM key_leaf WHERE number > ?", [leaf.number]) ?? end
            let asked = Set(rest.prefix { number(of: $0) < next })
            // Leaves that are out of order would be gone through for ever.
            guard !asked.isEmpty else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            rest = rest.dropFirst(asked.count)
            var packer = LeafPacker(leaves: self, number: leaf.number)
            for key in leaf.keys {
                guard asked.contains(key.id) else {
                    try packer.add(key, isChange: false)
                    continue
                }
                packer.noteChange()
                if let changed = change(key) { try packer.add(changed, isChange: true) }
            }
            try packer.finish()
        }
    }

    func write(_ keys: ArraySlice<StatedKey>, as number: Int64) throws {
        let encoded = encode(keys)
        let stored = try output.map { LeafBytes.encode(try $0.append(encoded)) } ?? encoded
        try database.run("INSERT OR REPLACE INTO key_leaf VALUES (?, ?)", [number, stored])
    }

    func remove(_ number: Int64) throws {
        try database.run("DELETE FROM key_leaf WHERE number = ?", [number])
    }
}

/// Cuts keys in the order of their ids into leaves, in place of one leaf. A leaf that stays as it was is not written.
struct LeafPacker {
    private let leaves: KeyLeaves
    private let usualCount: Int
    private let mostCount: Int
    // The number of the leaf that is being filled.
    private var number: Int64
    private var keys: [StatedKey] = []
    private var isChanged: Bool

    init(
        leaves: KeyLeaves, number: Int64, isChanged: Bool = false, usualCount: Int = KeyLeaves.usualCount,
        mostCount: Int = KeyLeaves.mostCount
    ) {
        self.leaves = leaves
        self.number = number
        self.isChanged = isChanged
        self.usualCount = usualCount
        self.mostCount = mostCount
        keys.reserveCapacity(2 * usualCount)
    }

    mutating func noteChange() { isChanged = true }

    mutating func add(_ key: StatedKey, isChange: Bool) throws {
        keys.append(key)
        isChanged = isChanged || isChange
        if keys.count >= 2 * usualCount { try cut(at: usualCount) }
    }

    mutating func finish() throws {
        guard isChanged else { return }
        if keys.count > mostCount { try cut(at: keys.count / 2) }
        if keys.isEmpty {
            try leaves.remove(number)
        } else {
            try leaves.write(keys[...], as: number)
        }
    }

    // The first leaf of two. Ids with the same first bits cannot be told apart by the numbers of leaves: they stay together,
    // in a leaf that is bigger than it should be.
    private mutating func cut(at wanted: Int) throws {
        let place = keys.indices.dropFirst(wanted).first {
            leaves.number(of: keys[$0].id) > max(number, leaves.number(of: keys[$0 - 1].id))
        }
        guard let place else { return }
        try leaves.write(keys[..<place], as: number)
        isChanged = true
        number = leaves.number(of: keys[place].id)
        keys.removeFirst(place)
    }
}
