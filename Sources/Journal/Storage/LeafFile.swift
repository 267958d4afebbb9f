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

/// The leaves of one scope on their way into a file, one behind the other.
final class LeafFile {
    /// The batch whose commit it belongs to.
    let batch: Int64
    private let segments: SegmentFolder
    private let file: SegmentFile
    private var waiting: [UInt8] = []
    private var end: Int64 = 0
    private var begun: Int64 = 0

    // Bytes that are written at once, and after which the system is told to begin writing.
    private static let writeSize = 1 << 20
    private static let begunAtOnce: Int64 = 8 << 20

    init(batch: Int64, in segments: SegmentFolder) throws {
        self.batch = batch
        self.segments = segments
        file = try segments.create(.leaves(batch))
        waiting.reserveCapacity(Self.writeSize + KeyLeaves.mostCount * LeafBytes.keySize)
    }

    /// Adds a leaf.
    func append(_ keys: Data) throws -> LeafReference {
        let reference = LeafReference(
            place: end + Int64(waiting.count), count: Int32(keys.count / LeafBytes.keySize),
            checksum: keys.withUnsafeBytes { Checksum.of($0) })
        waiting += keys
        if waiting.count >= Self.writeSize { try write() }
        return reference
    }

    /// Makes everything safe on the disk.
    func finish() throws {
        try write()
        if segments.failsToSync.withLock({ $0 }) { throw DatabaseError(resultCode: .SQLITE_IOERR) }
        try file.sync()
        try segments.sync()
    }

    private func write() throws {
        if let limit = segments.limit.withLock({ $0 }), end + Int64(waiting.count) > limit { throw StoreFailure.full }
        try file.write(waiting, at: end)
        end += Int64(waiting.count)
        waiting.removeAll(keepingCapacity: true)
        guard end - begun >= Self.begunAtOnce else { return }
        file.beginWriting(end - begun, at: begun)
        begun = end
    }
}
