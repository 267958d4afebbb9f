import GRDB

/// A chunk as it lies in a segment, for its row.
struct SegmentChunk: Sendable {
    var first: Int
    var count: Int
    var checksum: Int64
    /// Bytes before they were compressed, negative in pieces; nil when they were not.
    var size: Int?
    var segment: Int64
    var place: Int64
    var stored: Int

    init(_ chunk: CutChunk, _ form: StoredForm, segment: Int64, place: Int64) {
        first = chunk.first
        count = chunk.count
        checksum = form.checksum
        size = form.size
        self.segment = segment
        self.place = place
        stored = form.count
    }
}

/// What is kept of the bytes of a chunk as they are stored.
struct StoredForm {
    var count: Int
    /// Bytes before they were compressed, negative in pieces; nil when they were not.
    var size: Int?
    var checksum: Int64
}

/// Bytes of a chunk as they are stored: a block of LZ4 where that is shorter.
struct StoredBlock {
    var bytes: [UInt8]
    var form: StoredForm

    // Bytes below which a chunk is not worth compressing: it does not get it out of its last page.
    private static let compressedFrom = 4096

    init(_ bytes: [UInt8]) {
        let compressed = Self.limit(of: bytes).flatMap { _ in ChunkCompression.compress(bytes) }
        self.bytes = compressed?.block ?? bytes
        form = StoredForm(count: self.bytes.count, size: compressed?.size, checksum: Checksum.of(self.bytes))
    }

    /// The most that a chunk may come to when it is compressed; nil when it is stored as it is.
    static func limit(of bytes: [UInt8]) -> Int? {
        bytes.count < compressedFrom ? nil : ChunkCompression.limit(of: bytes)
    }
}

extension ChunkStore {
    /// Names chunks that lie in a segment, which is safe on the disk.
    func insert(_ chunks: [SegmentChunk], batch: Int64) throws {
        for chunk in chunks {
            try database.run(
                """
                INSERT INTO chunk (batch, first, count, checksum, bytes, size, segment, place, stored)
                VALUES (?, ?, ?, ?, x'', ?, ?, ?, ?)
                """,
                [
                    batch, chunk.first, chunk.count, chunk.checksum, chunk.size, chunk.segment, chunk.place,
                    chunk.stored,
                ])
        }
    }
}
