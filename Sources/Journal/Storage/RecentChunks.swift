import Synchronization

/// The newest chunks of records, for whoever follows the journal closely: what was committed a moment ago need not be read
/// back. They follow on each other without gaps, and are few.
final class RecentChunks: Sendable {
    /// Bytes of records that are kept.
    static let limit = 256 << 10

    private struct Kept {
        var chunks: [JournalChunk] = []
        var bytes = 0

        mutating func clear() {
            chunks = []
            bytes = 0
        }

        mutating func trim() {
            var gone = 0
            while bytes > RecentChunks.limit, gone < chunks.count {
                bytes -= chunks[gone].bytes.count
                gone += 1
            }
            chunks.removeFirst(gone)
        }
    }

    private let kept = Mutex(Kept())

    /// Keeps what a commit has written; `nil` when that was too much, or more than could be noted.
    func add(_ chunks: [JournalChunk]?) {
        kept.withLock { kept in
            guard let chunks else { return kept.clear() }
            for chunk in chunks {
                if let last = kept.chunks.last?.lastPosition, chunk.firstPosition != last + 1 { kept.clear() }
                kept.chunks.append(chunk)
                kept.bytes += chunk.bytes.count
            }
            kept.trim()
        }
    }

    /// The chunks that follow on a position, as reading them would give them; `nil` when they are not all here.
    func after(_ position: Int64, limitBytes: Int) -> [JournalChunk]? {
        kept.withLock { kept in
            guard let first = kept.chunks.first, let last = kept.chunks.last, first.firstPosition <= position + 1,
                last.lastPosition > position
            else { return nil }
            var room = limitBytes
            var result: [JournalChunk] = []
            for chunk in kept.chunks where chunk.lastPosition > position {
                guard result.isEmpty || chunk.bytes.count <= room else { break }
                room -= chunk.bytes.count
                result.append(chunk)
            }
            return result
        }
    }

    /// Forgets everything.
    func clear() {
        kept.withLock { $0.clear() }
    }
}

/// The chunks that one transaction writes, while they are few, and the files that it makes needless.
final class WrittenChunks {
    struct Chunk {
        var first: Int
        var count: Int
        var bytes: [UInt8]
    }

    private var batches: [Int64: [Chunk]] = [:]
    private var room = RecentChunks.limit
    /// Files that nothing needs any more when the transaction has been committed.
    var unused: [SegmentName] = []

    func note(_ chunk: Chunk, of batch: Int64) {
        room -= chunk.bytes.count
        // One that is missing makes its batch incomplete.
        if room >= 0 { batches[batch, default: []].append(chunk) }
    }

    /// The chunks of a filing; `nil` unless they are all of its records, in order.
    func chunks(of filing: FilingSummary, batch: Int64) -> [JournalChunk]? {
        var chunks: [JournalChunk] = []
        var next = 0
        for chunk in batches[batch] ?? [] {
            guard chunk.first == next, let position = filing.firstPosition else { return nil }
            chunks.append(
                JournalChunk(
                    firstPosition: position + Int64(chunk.first), count: chunk.count, bytes: chunk.bytes,
                    origin: .filing(filing.identity)))
            next += chunk.count
        }
        return next == filing.changes.journaled ? chunks : nil
    }
}
