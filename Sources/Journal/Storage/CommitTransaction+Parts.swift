import GRDB

extension CommitTransaction {
    /// Journals several parts as one batch, in order; when one of them cannot be, none is.
    mutating func journal(parts filing: JournaledFiling) throws -> RecordJournaling.Result {
        var result = RecordJournaling.Result.none
        var copy = self
        let unused = written.unused
        try database.inSavepoint {
            let parts = filing.parts
            for (index, part) in parts.enumerated() {
                let next = try copy.journalRecords(of: filing.alone(part), isPart: true, before: parts[(index + 1)...])
                guard case .written(let batch, let changes) = next else {
                    result = next
                    return .rollback
                }
                guard case .written(let first, let before) = result else {
                    result = next
                    continue
                }
                try ChunkStore(database: copy.database, place: copy.place)
                    .move(batch, behind: before.journaled, of: first)
                result = .written(batch: first, before + changes)
            }
            return .commit
        }
        self = copy
        if case .written = result { return result }
        written.unused = unused
        try endStaging(of: filing)
        return result
    }
}

extension ChunkStore {
    /// Puts the chunks of a batch behind those of another.
    func move(_ batch: Int64, behind count: Int, of other: Int64) throws {
        try database.run("UPDATE chunk SET batch = ?, first = first + ? WHERE batch = ?", [other, count, batch])
    }
}

extension RecordChanges {
    fileprivate static func + (left: RecordChanges, right: RecordChanges) -> RecordChanges {
        RecordChanges(
            new: left.new + right.new, changed: left.changed + right.changed,
            unchanged: left.unchanged + right.unchanged, deleted: left.deleted + right.deleted,
            repeatedKeys: left.repeatedKeys + right.repeatedKeys)
    }
}
