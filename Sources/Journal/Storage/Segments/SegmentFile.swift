import Glibc

// The unsafe pointers of segments are here.

/// A file of stored chunks, one behind the other: written from its beginning to its end by one, read anywhere by many.
///
/// It is never changed where it has been written: what is behind the last chunk that a commit names counts for nothing.
final class SegmentFile: Sendable {
    private let descriptor: CInt

    /// Makes an empty file, in place of one that nobody owns any more.
    init(creating path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreFailure.of(errno) }
    }

    /// Opens a file to read it; `nil` when there is none.
    init?(reading path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw StoreFailure.of(errno)
        }
    }

    deinit {
        close(descriptor)
    }

    /// Writes bytes at a place, which is where the last ones ended.
    func write(_ bytes: [UInt8], at place: Int64) throws {
        try bytes.withUnsafeBytes { raw in
            // Invariant: what is written lies within `raw`.
            var done = 0
            while done < raw.count {
                let count = pwrite(descriptor, raw.baseAddress.map { $0 + done }, raw.count - done, off_t(place) + done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw StoreFailure.of(count < 0 ? errno : ENOSPC) }
                done += count
            }
        }
    }

    /// Reads bytes; `nil` when there are not so many.
    func read(_ count: Int, at place: Int64) throws -> [UInt8]? {
        var isWhole = true
        let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, got in
            // Invariant: no more is read than there is capacity for, and `got` counts only what was read.
            let raw = UnsafeMutableRawBufferPointer(buffer)
            while got < count {
                let more = pread(descriptor, raw.baseAddress.map { $0 + got }, count - got, off_t(place) + got)
                if more < 0, errno == EINTR { continue }
                guard more >= 0 else { throw StoreFailure.of(errno) }
                guard more > 0 else { break }
                got += more
            }
            isWhole = got == count
        }
        return isWhole ? bytes : nil
    }

    /// Has the system begin to write what it holds in memory, so that ``sync()`` has little left to wait for.
    func beginWriting(_ count: Int64, at place: Int64) {
        // A hint: what becomes of it is told by `sync`.
        _ = Self.startWriting?(descriptor, off_t(place), off_t(count), 2)
    }

    // sync_file_range(2), whose flag 2 is SYNC_FILE_RANGE_WRITE; Swift does not see it, and not every C library has it.
    private static let startWriting: (@convention(c) (CInt, off_t, off_t, CUnsignedInt) -> CInt)? = {
        guard let symbol = dlsym(nil, "sync_file_range") else { return nil }
        // Invariant: that is its type where off_t has 64 bits, as it has here.
        return unsafeBitCast(symbol, to: (@convention(c) (CInt, off_t, off_t, CUnsignedInt) -> CInt).self)
    }()

    /// Waits until everything is on the disk.
    func sync() throws {
        while fdatasync(descriptor) != 0 {
            guard errno == EINTR else { throw StoreFailure.of(errno) }
        }
    }
}
