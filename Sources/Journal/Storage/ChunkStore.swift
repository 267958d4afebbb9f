import Findings
import FoundationEssentials
import GRDB

/// Record chunks as they lie in the journal.
struct ChunkStore {
    let database: Database
    let place: String
    /// Takes down what is written, where someone wants it.
    var written: WrittenChunks?
    /// Where chunks of big filings are read from.
    var segments: SegmentFolder?

    func insert(batch: Int64, first: Int, count: Int, bytes: [UInt8]) throws {
        written?.note(WrittenChunks.Chunk(first: first, count: count, bytes: bytes), of: batch)
        let block = StoredBlock(bytes)
        try database.run(
            "INSERT INTO chunk (batch, first, count, checksum, bytes, size) VALUES (?, ?, ?, ?, ?, ?)",
            [batch, first, count, block.form.checksum, Data(block.bytes), block.form.size])
    }

    func chunks(after position: Int64, limitBytes: Int) throws -> [JournalChunk] {
        var result: [JournalChunk] = []
        var room = limitBytes
        let filings = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT f.first_position, f.last_position, f.batch, s.name, f.digest, f.pruned
                    FROM filing f JOIN source s ON s.number = f.source
                    WHERE f.last_position > ? ORDER BY f.last_position
                    """),
            // What was pruned need not be gone through.
            arguments: [max(position, try database.number("SELECT pruned_through FROM ledger") ?? 0)])
        let replays = ReplayStore(database: database, place: place)
        var replay = try replays.first(after: position)
        while let row = try filings.next() {
            let filing = try CommittedBatch(row)
            while let next = replay, next.firstPosition < filing.firstPosition {
                guard append(next, to: &result, room: &room) else { return result }
                replay = try replays.first(after: next.lastPosition)
            }
            guard try append(filing, after: position, to: &result, room: &room) else { return result }
        }
        while let next = replay, append(next, to: &result, room: &room) {
            replay = try replays.first(after: next.lastPosition)
        }
        return result
    }

    private func append(_ replay: JournalChunk, to result: inout [JournalChunk], room: inout Int) -> Bool {
        guard result.isEmpty || replay.bytes.count <= room else { return false }
        room -= replay.bytes.count
        result.append(replay)
        return true
    }

    // Appends what fits; false when there is no more room.
    private func append(
        _ filing: CommittedBatch, after position: Int64, to result: inout [JournalChunk], room: inout Int
    ) throws -> Bool {
        let rows = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT first, count, checksum, bytes, size, segment, place, stored, length(bytes) FROM chunk
                    WHERE batch = ?1 AND first >= coalesce(
                        (SELECT max(first) FROM chunk WHERE batch = ?1 AND first <= ?2), 0)
                    ORDER BY first
                    """),
            arguments: [filing.batch, max(0, position + 1 - filing.firstPosition)])
        var next = max(position + 1, filing.firstPosition)
        while let row = try rows.next() {
            // What does not fit is not read to no purpose.
            let size: Int = row[4] ?? row[7] ?? row[8]
            guard result.isEmpty || size.magnitude <= UInt(max(0, room)) else { return false }
            let chunk = try self.chunk(row, of: filing)
            guard filing.isPruned || chunk.firstPosition <= next else { throw damage(at: next) }
            room -= chunk.bytes.count
            next = chunk.lastPosition + 1
            result.append(chunk)
        }
        guard filing.isPruned || next == filing.lastPosition + 1 else { throw damage(at: next) }
        return true
    }

    private func chunk(_ row: Row, of filing: CommittedBatch) throws -> JournalChunk {
        let first: Int64 = row[0]
        guard let bytes = try bytes(in: row) else { throw damage(at: filing.firstPosition + first) }
        return JournalChunk(
            firstPosition: filing.firstPosition + first, count: row[1], bytes: bytes,
            origin: .filing(filing.identity))
    }

    // Nil when what lies there is not what was stored, of which the checksum is.
    private func bytes(in row: Row) throws -> [UInt8]? {
        guard let segment: Int64 = row[5] else {
            let stored: Data = row[3]
            guard stored.withUnsafeBytes({ Checksum.of($0) }) == row[2] as Int64 else { return nil }
            guard let size: Int = row[4] else { return [UInt8](stored) }
            return stored.withUnsafeBytes { ChunkCompression.decompress($0, size: size) }
        }
        let (checksum, size): (Int64, Int?) = (row[2], row[4])
        guard let count: Int = row[7], count >= 0, count <= ChunkCompression.sizeLimit else { return nil }
        return try segments?.withChunk(count, at: row[6], of: segment) { stored in
            guard Checksum.of(stored) == checksum else { return nil }
            guard let size else { return [UInt8](stored) }
            return ChunkCompression.decompress(stored, size: size)
        } ?? nil
    }

    private func damage(at position: Int64) -> JournalError {
        .damaged(place, "the records from position \(position) on are not those that were committed")
    }

    private struct CommittedBatch {
        var firstPosition: Int64
        var lastPosition: Int64
        var batch: Int64
        var identity: FilingIdentity
        var isPruned: Bool

        init(_ row: Row) throws {
            firstPosition = row[0]
            lastPosition = row[1]
            batch = row[2]
            identity = FilingIdentity(source: row[3], digest: try FilingDigest(column: row[4]))
            isPruned = row[5]
        }
    }
}
