import BulkFiles
import FoundationEssentials
import GRDB
import Synchronization

/// Where a leaf lies in the file of its scope's leaves. Its row has this in place of the keys, and can be told from them by
/// its size, which is no multiple of that of a key.
struct LeafReference: Sendable, Hashable {
    var place: Int64
    var count: Int32
    var checksum: Int64

    static let size = 20
}

/// The leaves of one scope on their way into a file, one behind the other: some are written while the next are made.
final class LeafFile {
    /// The batch whose commit it belongs to.
    let batch: Int64
    private let segments: SegmentFolder
    private let writer: BulkWriter

    // Bytes that are written at once.
    private static let writeSize = 512 << 10

    init(batch: Int64, in segments: SegmentFolder) throws {
        self.batch = batch
        self.segments = segments
        writer = BulkWriter(try segments.create(.leaves(batch)), bufferSize: Self.writeSize, isBeside: true)
    }

    /// Adds a leaf.
    func append(_ keys: Data) throws -> LeafReference {
        let place = writer.end
        if let limit = segments.limit.withLock({ $0 }), place + Int64(keys.count) > limit { throw StoreFailure.full }
        try StoreFailure.told { () throws(BulkFileError) in try writer.append(keys.bytes) }
        return LeafReference(
            place: place, count: Int32(keys.count / LeafBytes.keySize),
            checksum: keys.withUnsafeBytes { Checksum.of($0) })
    }

    /// Makes everything safe on the disk.
    func finish() throws {
        try StoreFailure.told { () throws(BulkFileError) in try writer.finish() }
        if segments.failsToSync.withLock({ $0 }) { throw DatabaseError(resultCode: .SQLITE_IOERR) }
        try StoreFailure.told { () throws(BulkFileError) in try writer.file.sync() }
        try segments.sync()
    }
}
