import BulkFiles
import Synchronization

/// The chunks of one staging on their way into their file, one behind the other.
///
/// Each portion begins at a block of the disk, so that nothing of what has been written is written again: what lies behind
/// the last portion that was stored counts for nothing.
final class SegmentOutput {
    private let batch: Int64
    private let segments: SegmentFolder
    private let writer: BulkWriter

    // Most portions are written at once: 1 MiB of records is seldom more, compressed.
    private static let bufferSize = 512 << 10

    init(batch: Int64, in segments: SegmentFolder) throws {
        self.batch = batch
        self.segments = segments
        writer = BulkWriter(try segments.create(.chunks(batch)), bufferSize: Self.bufferSize, isBeside: false)
    }

    /// Stores chunks, all of them or nothing.
    func store(_ chunks: [CutChunk]) throws -> [SegmentChunk] {
        let before = writer.end
        do {
            let stored = try chunks.map(append)
            try StoreFailure.told { () throws(BulkFileError) in try writer.flush() }
            return stored
        } catch {
            writer.restart(at: before)
            throw error
        }
    }

    private func append(_ chunk: CutChunk) throws -> SegmentChunk {
        let block = try StoreFailure.told { () throws(BulkFileError) in try append(chunk.bytes) }
        let place = writer.end - Int64(block.count)
        if let limit = segments.limit.withLock({ $0 }), writer.end > limit { throw StoreFailure.full }
        return SegmentChunk(chunk, block, segment: batch, place: place)
    }

    // Compressed where it is written from, if there can be room for it.
    private func append(_ bytes: [UInt8]) throws(BulkFileError) -> StoredForm {
        if let limit = StoredBlock.limit(of: bytes), limit <= writer.roomLimit {
            let form = try writer.append(atMost: limit) {
                ChunkCompression.compress(bytes, into: $0)
            } then: {
                StoredForm(count: $0.count, size: ChunkCompression.keptSize(of: bytes), checksum: Checksum.of($0))
            }
            if form.count > 0 { return form }
        }
        let block = StoredBlock(bytes)
        try writer.append(block.bytes.span.bytes)
        return block.form
    }

    /// Waits until everything is on the disk.
    func sync() throws {
        try StoreFailure.told { () throws(BulkFileError) in try writer.file.sync() }
    }
}
