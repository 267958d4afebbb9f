import GRDB

/// Writes the records of one filing, or finds that they must not be written.
struct RecordJournaling {
    let database: Database
    let place: String
    let filing: JournaledFiling
    /// What follows of the same filing.
    let laterParts: ArraySlice<FilingPart>
    let shelf: StagingShelf
    let segments: SegmentFolder
    let written: WrittenChunks
    /// Where the keys of upserts gather; nil where they go into the leaves at once.
    let gathered: GatheredKeys?
    /// What saves looking into other scopes; nil for a filing that is committed alone.
    let sourceKeys: SourceKeys?

    enum Result {
        case none
        case written(batch: Int64, RecordChanges)
        case held(wouldDelete: Int, of: Int)
        case overtaken
    }

    /// Records that come with the commit.
    func journal(_ chunks: [RecordChunk], as batch: Int64) throws -> Result {
        guard let name = filing.delivery.scope else {
            var writer = try BatchWriter(store: store, batch: batch, scope: nil)
            try writer.append(chunks)
            try writer.flush()
            return .written(batch: batch, writer.tally.changes)
        }
        if let result = try gather(chunks, name, as: batch) { return result }
        try gathered?.settle()
        var result = Result.none
        // A held filing leaves nothing behind: what was compared is undone, and the rest of the group goes on.
        try database.inSavepoint {
            let scope = try Scope(name, of: filing.identity.source, in: database)
            var writer = try BatchWriter(store: store, batch: batch, scope: scope, sourceKeys: sourceKeys)
            try writer.append(chunks)
            result = try finish(&writer, scope, batch: batch)
            if case .written = result { return .commit }
            return .rollback
        }
        return result
    }

    // Nil for what does more to a scope than state keys of its own.
    private func gather(_ chunks: [RecordChunk], _ name: String, as batch: Int64) throws -> Result? {
        guard let gathered, case .upsert = filing.delivery else { return nil }
        let scope = try Scope(name, of: filing.identity.source, in: database)
        guard try scope.others(in: database).isEmpty else { return nil }
        try gathered.turn(to: scope)
        sourceKeys?.forget()
        var writer = try BatchWriter(store: store, batch: batch, scope: scope, gathered: gathered)
        try writer.append(chunks)
        try writer.hand(to: gathered)
        try writer.flush()
        try scope.note(writer.tally, in: database)
        return .written(batch: batch, writer.tally.changes)
    }

    /// Records that have been staged.
    func journal(_ staging: Staging) throws -> Result {
        let stagings = StagingStore(database: database)
        guard let sealed = shelf[staging.batch]?.sealed else {
            throw JournalError.misuse(place, "the staging has ended")
        }
        guard let staged = staging.scope else {
            try store.insert(sealed.chunks, batch: staging.batch)
            try stagings.end(staging.batch)
            return .written(batch: staging.batch, sealed.compared.tally.changes)
        }
        try gathered?.settle()
        let scope = try Scope(staged.name, of: staging.identity.source, in: database)
        guard scope.generation == staged.generation else {
            try stagings.abandon(staging.batch)
            return .overtaken
        }
        var writer = try BatchWriter(
            store: store, batch: staging.batch, scope: scope, compared: sealed.compared, sourceKeys: sourceKeys)
        let result = try finish(&writer, scope, batch: staging.batch)
        if case .written = result {
            try store.insert(sealed.chunks, batch: staging.batch)
            try stagings.end(staging.batch)
        } else {
            try stagings.abandon(staging.batch)
        }
        return result
    }

    private var store: ChunkStore {
        ChunkStore(database: database, place: place, written: written, segments: segments)
    }

    private func finish(_ writer: inout BatchWriter, _ scope: Scope, batch: Int64) throws -> Result {
        var deletion: ((RecordKey) throws -> [UInt8])?
        if case .snapshot(let snapshot) = filing.delivery {
            let deletes = scope.keys - writer.tally.matchedKeys
            guard try isAllowed(deletes, of: scope.keys, by: snapshot) else {
                return .held(wouldDelete: deletes, of: scope.keys)
            }
            if deletes > 0 { deletion = snapshot.makeDelete }
        }
        try writer.adopt(deleting: deletion, laterParts: laterParts)
        try writer.flush()
        try scope.note(writer.tally, in: database)
        return .written(batch: batch, writer.tally.changes)
    }

    private func isAllowed(_ deletes: Int, of keys: Int, by snapshot: Delivery.Snapshot) throws -> Bool {
        if snapshot.isApproved || Double(deletes) <= snapshot.guardShare * Double(keys) { return true }
        return try Approvals(database: database).time(of: filing.identity) != nil
    }
}
