import BulkFiles
import GRDB
import Glibc
import Synchronization

/// The folder beside the journal in which the chunks of big filings lie, a file for each staging, by its batch; and the
/// leaves of scopes that a big filing has changed, in a file of their own.
///
/// A chunk's row says in which segment it lies, where, and how many bytes it has. The row is what counts: a file that no row
/// names, or what lies in one behind the last chunk, is what a crash has left, and is removed or written over.
final class SegmentFolder: Sendable {
    /// Where the files are.
    let path: String
    /// Bytes that a file may have, as if the disk were full then; for tests.
    let limit = Mutex<Int64?>(nil)
    /// Whether making staged records safe fails, as a broken disk would make it; for tests.
    let failsToSync = Mutex(false)

    /// Keys that a filing must change for its scope's leaves to lie in a file.
    let leavesInFileFrom = Mutex(1 << 15)

    // Whether the name of the folder itself lasts. One that is there already may have been made just before a crash.
    private let isNamed = Mutex(false)
    // Leaves that were read last, by batch, the newest behind; and whether many of them were asked for.
    private let open = Mutex<[(batch: Int64, file: BulkFile, isExpected: Bool)]>([])
    private static let openLimit = 4
    // What is being read from its beginning to its end, and in nobody's hand just now; the newest behind.
    private let readers = Mutex<[(batch: Int64, reader: BulkReader)]>([])
    private static let readersLimit = 4
    // Bytes that are read at once.
    private static let readSize = 512 << 10

    init(journal: String) {
        path = journal + "-chunks"
    }

    private func file(_ name: SegmentName) -> String { "\(path)/\(name.text)" }

    /// Makes the file of a staging, whose number no other has.
    func create(_ name: SegmentName) throws -> BulkFile {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw StoreFailure.of(errno) }
        try isNamed.withLock { isNamed in
            if !isNamed { try Self.sync(folder: path + "/..") }
            isNamed = true
        }
        forget(name)
        return try StoreFailure.told { () throws(BulkFileError) in
            try BulkFile(creating: file(name), permissions: 0o600)
        }
    }

    /// Makes the names of files last.
    func sync() throws { try Self.sync(folder: path) }

    private static func sync(folder: String) throws {
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreFailure.of(errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StoreFailure.of(errno) }
    }

    /// Lends the stored bytes of a chunk to a function; `nil` when there is no such file, or not so much in it.
    ///
    /// Mostly what is asked for next lies behind it.
    func withChunk<Result>(
        _ count: Int, at place: Int64, of batch: Int64, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws -> Result? {
        guard var reader = try reader(of: batch, having: count, at: place) else { return nil }
        let result = try StoreFailure.told { () throws(BulkFileError) in
            try reader.withUnsafeBytes(count, at: place, body)
        }
        guard result != nil, !reader.isAtEnd(place + Int64(count)) else { return result }
        readers.withLock { [reader] readers in
            if readers.count == Self.readersLimit { readers.removeFirst() }
            readers.append((batch, reader))
        }
        return result
    }

    // One for each that reads the same file from another place.
    private func reader(of batch: Int64, having count: Int, at place: Int64) throws -> BulkReader? {
        let known = readers.withLock { readers in
            let index =
                readers.firstIndex { $0.batch == batch && $0.reader.has(count, at: place) }
                ?? readers.lastIndex { $0.batch == batch && $0.reader.isFollowed(by: place) }
            return index.map { readers.remove(at: $0).reader }
        }
        if let known { return known }
        let opened = try StoreFailure.told { () throws(BulkFileError) in
            try BulkFile(reading: file(.chunks(batch)), isDirect: true)
        }
        return opened.map { BulkReader($0, buffer: BlockBuffer(capacity: Self.readSize)) }
    }

    /// Bytes of leaves, which are looked up at random; `nil` when there is no such file, or not so much in it.
    func leafBytes(_ count: Int, at place: Int64, of batch: Int64) throws -> [UInt8]? {
        guard let file = try leaves(of: batch) else { return nil }
        return try StoreFailure.told { () throws(BulkFileError) in try file.bytes(count, at: place) }
    }

    /// Has leaves read into memory one behind the other, since many of them will be looked up.
    func expectLeaves(of batch: Int64) throws {
        guard let file = try leaves(of: batch) else { return }
        let isNew = open.withLock { open in
            guard let index = open.firstIndex(where: { $0.batch == batch && !$0.isExpected }) else { return false }
            open[index].isExpected = true
            return true
        }
        if isNew { file.beginReading() }
    }

    private func leaves(of batch: Int64) throws -> BulkFile? {
        if let known = open.withLock({ $0.first { $0.batch == batch }?.file }) { return known }
        let opened = try StoreFailure.told { () throws(BulkFileError) in
            try BulkFile(reading: file(.leaves(batch)), isDirect: false)
        }
        guard let opened else { return nil }
        open.withLock { open in
            guard !open.contains(where: { $0.batch == batch }) else { return }
            if open.count == Self.openLimit { open.removeFirst() }
            open.append((batch, opened, false))
        }
        return opened
    }

    private func forget(_ name: SegmentName) {
        open.withLock { $0.removeAll { .leaves($0.batch) == name } }
        readers.withLock { $0.removeAll { .chunks($0.batch) == name } }
    }

    /// Removes a file, which need not be there; how many bytes it had.
    @discardableResult
    func remove(_ name: SegmentName) throws -> Int64 {
        forget(name)
        var status = stat()
        let size = stat(file(name), &status) == 0 ? Int64(status.st_size) : 0
        guard unlink(file(name)) == 0 || errno == ENOENT else { throw StoreFailure.of(errno) }
        return size
    }

    /// Removes the files that belong neither to a chunk, a scope nor a staging, which is removed with its file later.
    ///
    /// Only while nothing is being staged.
    func removeOrphans(_ database: Database) throws {
        for name in names() {
            let owner =
                switch name {
                case .chunks(let batch):
                    try database.row(
                        "SELECT 1 FROM chunk WHERE segment = ?1 UNION ALL SELECT 1 FROM staging WHERE batch = ?1 LIMIT 1",
                        [batch])
                case .leaves(let batch):
                    try database.row("SELECT 1 FROM scope WHERE leaves = ?1 OR leaves_before = ?1", [batch])
                }
            // One that cannot be removed is in nobody's way.
            if owner == nil { _ = try? remove(name) }
        }
    }

    /// What files there are.
    func names() -> [SegmentName] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [SegmentName] = []
        while let entry = readdir(folder) {
            // Invariant: d_name is a C string, and lives until the next call.
            let text = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if let name = SegmentName(text) { names.append(name) }
        }
        return names
    }
}
