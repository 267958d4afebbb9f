import Glibc
import Synchronization

/// A big file that is written and read in whole blocks, past the page cache where the file system lets us.
///
/// The kernel then neither looks for pages nor copies, nobody else's pages are pushed out, and what has been written is on
/// the disk already when it is to be made safe. Where a file system refuses, the file is written and read as any other.
public final class BulkFile: Sendable {
    /// As pwrite(2).
    typealias Write = @Sendable (CInt, UnsafeRawPointer?, Int, off_t) -> Int

    private let descriptor: CInt
    private let pwrite: Write
    private let direct: Atomic<Bool>

    /// Makes an empty file, in place of one of that name.
    ///
    /// - Parameters:
    ///   - path: Its name. It must not be that of a link.
    ///   - permissions: As of open(2).
    public convenience init(creating path: String, permissions: UInt32) throws(BulkFileError) {
        try self.init(creating: Array(path.utf8), permissions: permissions)
    }

    /// The same for a path that need not be UTF-8.
    public convenience init(creating path: [UInt8], permissions: UInt32) throws(BulkFileError) {
        try self.init(creating: path, permissions: permissions, pwrite: Glibc.pwrite)
    }

    init(creating path: [UInt8], permissions: UInt32 = 0o600, pwrite: @escaping Write) throws(BulkFileError) {
        let flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
        descriptor = open(path.map(CChar.init(bitPattern:)) + [0], flags, permissions)
        guard descriptor >= 0 else { throw BulkFileError(code: errno) }
        self.pwrite = pwrite
        direct = Atomic(Self.makeDirect(descriptor))
    }

    /// Opens a file to read it; `nil` when there is none.
    ///
    /// - Parameters:
    ///   - path: Its name. It must not be that of a link.
    ///   - isDirect: Whether to read past the page cache. What is read again soon, a little at a time, is better kept there.
    public init?(reading path: String, isDirect: Bool) throws(BulkFileError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw BulkFileError(code: errno)
        }
        pwrite = Glibc.pwrite
        direct = Atomic(isDirect && Self.makeDirect(descriptor))
    }

    deinit {
        close(descriptor)
    }

    /// Whether it is written and read past the page cache.
    var isDirect: Bool { direct.load(ordering: .acquiring) }

    // O_DIRECT, whose definition Swift does not see; 0 where it is not known.
    #if arch(x86_64) || arch(i386) || arch(riscv64) || arch(s390x)
    private static let directFlag: CInt = 0o40_000
    #elseif arch(arm64) || arch(arm)
    private static let directFlag: CInt = 0o200_000
    #elseif arch(powerpc64le) || arch(powerpc64)
    private static let directFlag: CInt = 0o400_000
    #else
    private static let directFlag: CInt = 0
    #endif

    private static func makeDirect(_ descriptor: CInt) -> Bool {
        let flags = fcntl(descriptor, F_GETFL)
        return directFlag != 0 && flags >= 0 && fcntl(descriptor, F_SETFL, flags | directFlag) == 0
    }

    // Some file systems refuse only when there is something to do, and some disks want bigger blocks.
    private func makeOrdinary() {
        let flags = fcntl(descriptor, F_GETFL)
        if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags & ~Self.directFlag) }
        // Behind it: whoever finds the file ordinary must not be refused any more.
        direct.store(false, ordering: .releasing)
    }

    /// Writes the first `count` bytes of a buffer, whole blocks, at a place that is a multiple of them.
    ///
    /// - Throws: ``BulkFileError``; some of it may have been written then.
    public func write(_ buffer: BlockBuffer, count: Int, at place: Int64) throws(BulkFileError) {
        precondition(count % BlockBuffer.blockSize == 0 && place % Int64(BlockBuffer.blockSize) == 0)
        try buffer.withUnsafeBytes(0..<count) { raw throws(BulkFileError) in
            // Invariant: what is written lies within `raw`. What a write that falls short leaves need not be whole blocks.
            var done = 0
            while done < raw.count {
                let wasDirect = isDirect
                let more = pwrite(descriptor, raw.baseAddress.map { $0 + done }, raw.count - done, off_t(place) + done)
                if more > 0 { done += more } else { try check(more < 0 ? errno : ENOSPC, wasDirect) }
            }
        }
        if !isDirect { beginWriting(count, at: place) }
    }

    /// Reads whole blocks into a buffer, from a place that is a multiple of them; fewer at the end of the file.
    public func read(_ count: Int, at place: Int64, into buffer: BlockBuffer) throws(BulkFileError) {
        precondition(count % BlockBuffer.blockSize == 0 && place % Int64(BlockBuffer.blockSize) == 0)
        try buffer.refill(count) { raw throws(BulkFileError) in
            // Invariant: no more is read than there is room for, and what comes out counts only what was read.
            var done = 0
            while done < raw.count {
                let wasDirect = isDirect
                let more = pread(descriptor, raw.baseAddress.map { $0 + done }, raw.count - done, off_t(place) + done)
                if more < 0 { try check(errno, wasDirect) } else { done += more }
                // The end is seldom that of a block, and there is nothing behind it.
                if more == 0 || (more > 0 && wasDirect && done % BlockBuffer.blockSize != 0) { break }
            }
            return done
        }
    }

    /// Reads bytes from anywhere of a file that is not read directly; `nil` when there are not so many.
    public func bytes(_ count: Int, at place: Int64) throws(BulkFileError) -> [UInt8]? {
        var failure: BulkFileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, got in
            // Invariant: no more is read than there is capacity for, and `got` counts only what was read.
            let raw = UnsafeMutableRawBufferPointer(buffer)
            while got < count, failure == nil {
                let more = pread(descriptor, raw.baseAddress.map { $0 + got }, count - got, off_t(place) + got)
                if more < 0, errno != EINTR { failure = BulkFileError(code: errno) }
                if more == 0 { break }
                got += max(0, more)
            }
        }
        if let failure { throw failure }
        return bytes.count == count ? bytes : nil
    }

    // Throws unless it is worth trying again.
    private func check(_ code: CInt, _ wasDirect: Bool) throws(BulkFileError) {
        if code == EINTR { return }
        guard code == EINVAL, wasDirect else { throw BulkFileError(code: code) }
        makeOrdinary()
    }

    /// Has the system begin to read all of it into memory, since much of it will be asked for.
    public func beginReading() {
        // A hint, of which the system heeds no more at a time than its disk takes in one go.
        let size = lseek(descriptor, 0, SEEK_END)
        for place in stride(from: 0, to: size, by: Self.readAhead) {
            _ = posix_fadvise(descriptor, place, off_t(Self.readAhead), POSIX_FADV_WILLNEED)
        }
    }

    private static let readAhead = 512 << 10

    // Has the system begin to write what it holds in memory, so that `sync` has little left to wait for.
    private func beginWriting(_ count: Int, at place: Int64) {
        // A hint: what becomes of it is told by `sync`.
        _ = Self.startWriting?(descriptor, off_t(place), off_t(count), 2)
    }

    // sync_file_range(2), whose flag 2 is SYNC_FILE_RANGE_WRITE; Swift does not see it, and not every C library has it.
    private static let startWriting: (@convention(c) (CInt, off_t, off_t, CUnsignedInt) -> CInt)? = {
        guard let symbol = dlsym(nil, "sync_file_range") else { return nil }
        // Invariant: that is its type where off_t has 64 bits, as it has here.
        return unsafeBitCast(symbol, to: (@convention(c) (CInt, off_t, off_t, CUnsignedInt) -> CInt).self)
    }()

    /// Gives the file a size, to take away what was written only to fill a block.
    public func shorten(to size: Int64) throws(BulkFileError) {
        while ftruncate(descriptor, off_t(size)) != 0 {
            guard errno == EINTR else { throw BulkFileError(code: errno) }
        }
    }

    /// Waits until everything is on the disk.
    public func sync() throws(BulkFileError) {
        while fdatasync(descriptor) != 0 {
            guard errno == EINTR else { throw BulkFileError(code: errno) }
        }
    }
}
