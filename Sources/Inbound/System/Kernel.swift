import Glibc

// The one file of this module with pointers. The rule: a pointer is handed to a system call, or read from its result,
// within one statement, inside the closure that lends it; nothing outlives the call. Paths end in NUL by construction.

/// What `fstat` says of a file, as far as we care.
struct FileShape: Sendable, Hashable {
    enum Kind: String, Sendable { case regular, folder, symbolicLink, fifo, socket, device }
    var kind: Kind
    var size: Int
    var links: Int
    /// Nanoseconds since 1970 of the last change of the bytes, and of the bytes or anything about the file.
    var modified: Int64
    var changed: Int64
    var device: UInt64
    var inode: UInt64
    var owner: UInt32
    var permissions: UInt32

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            case S_IFLNK: .symbolicLink
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            default: .device
            }
        size = Int(status.st_size)
        links = Int(status.st_nlink)
        modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        owner = status.st_uid
        permissions = status.st_mode & 0o7777
    }

    func isSameFile(as other: FileShape) -> Bool { device == other.device && inode == other.inode }

    func isUnchanged(since other: FileShape) -> Bool {
        isSameFile(as: other) && size == other.size && modified == other.modified
    }
}

/// The system calls that this module makes, each with its errors as ``Errno``.
enum Kernel {
    static let currentFolder = AT_FDCWD

    static func open(_ path: KernelPath, at folder: Int32 = currentFolder, _ flags: Int32, mode: UInt32 = 0)
        throws(Errno) -> Descriptor
    {
        while true {
            let number = openat(folder, path.characters, flags | O_CLOEXEC | O_NOCTTY, mode)
            if number >= 0 { return Descriptor(number) }
            if errno != EINTR { throw Errno.last }
        }
    }

    static func shape(of descriptor: Descriptor) throws(Errno) -> FileShape {
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else { throw Errno.last }
        return FileShape(status)
    }

    static func shape(of path: KernelPath, at folder: Int32 = currentFolder, following: Bool = false)
        throws(Errno) -> FileShape
    {
        var status = stat()
        guard fstatat(folder, path.characters, &status, following ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else {
            throw Errno.last
        }
        return FileShape(status)
    }

    /// Fills `buffer[0..<count]` from `offset` on, as far as the file goes; `count` must not exceed the buffer.
    static func read(_ descriptor: Descriptor, into buffer: inout [UInt8], count: Int, at offset: Int)
        throws(Errno) -> Int
    {
        precondition(count <= buffer.count)
        while true {
            let done = buffer.withUnsafeMutableBytes { pread(descriptor.number, $0.baseAddress, count, off_t(offset)) }
            if done >= 0 { return done }
            if errno != EINTR { throw Errno.last }
        }
    }

    /// Appends up to `count` bytes from `offset` on; fewer only at the end.
    static func append(_ descriptor: Descriptor, to buffer: inout [UInt8], count: Int, at offset: Int) throws(Errno) {
        let start = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: count))
        var done = 0
        while done < count {
            // Invariant: start + done < buffer.count, and the count is what the buffer has left behind it.
            let read = buffer.withUnsafeMutableBytes {
                pread(descriptor.number, $0.baseAddress! + start + done, count - done, off_t(offset + done))
            }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else {
                let failure = errno
                buffer.removeLast(count)
                throw Errno(number: failure)
            }
            guard read > 0 else { break }
            done += read
        }
        buffer.removeLast(count - done)
    }

    /// Reads what is ready on a descriptor that does not block; 0 when nothing is.
    static func readReady(_ descriptor: Descriptor, into buffer: inout [UInt8]) throws(Errno) -> Int {
        while true {
            let done = buffer.withUnsafeMutableBytes { Glibc.read(descriptor.number, $0.baseAddress, $0.count) }
            if done >= 0 { return done }
            if errno == EAGAIN { return 0 }
            if errno != EINTR { throw Errno.last }
        }
    }

    /// Writes all of `bytes` from `offset` on.
    static func write(_ descriptor: Descriptor, _ bytes: ArraySlice<UInt8>, at offset: Int) throws(Errno) {
        var rest = bytes
        while !rest.isEmpty {
            let position = off_t(offset + rest.startIndex - bytes.startIndex)
            let done = rest.withUnsafeBytes { pwrite(descriptor.number, $0.baseAddress, $0.count, position) }
            if done >= 0 {
                rest = rest.dropFirst(done)
            } else if errno != EINTR {
                throw Errno.last
            }
        }
    }

    /// Writes all of `bytes`.
    static func write(_ descriptor: Descriptor, _ bytes: ArraySlice<UInt8>) throws(Errno) {
        var rest = bytes
        while !rest.isEmpty {
            let done = rest.withUnsafeBytes { Glibc.write(descriptor.number, $0.baseAddress, $0.count) }
            if done >= 0 {
                rest = rest.dropFirst(done)
            } else if errno != EINTR {
                throw Errno.last
            }
        }
    }

    static func makeFolder(_ path: KernelPath, at folder: Int32 = currentFolder, mode: UInt32) throws(Errno) {
        guard mkdirat(folder, path.characters, mode) == 0 else { throw Errno.last }
    }

    static func rename(_ from: KernelPath, at source: Int32, to: KernelPath, at target: Int32 = currentFolder)
        throws(Errno)
    {
        guard renameat(source, from.characters, target, to.characters) == 0 else { throw Errno.last }
    }

    static func link(_ from: KernelPath, at source: Int32, to: KernelPath, at target: Int32) throws(Errno) {
        guard linkat(source, from.characters, target, to.characters, 0) == 0 else { throw Errno.last }
    }

    static func remove(_ path: KernelPath, at folder: Int32 = currentFolder, isFolder: Bool = false) throws(Errno) {
        guard unlinkat(folder, path.characters, isFolder ? AT_REMOVEDIR : 0) == 0 else { throw Errno.last }
    }

    static func synchronise(_ descriptor: Descriptor) throws(Errno) {
        guard fsync(descriptor.number) == 0 else { throw Errno.last }
    }

    /// Waits until the bytes of a file, and what is needed to find them, are on the disk.
    static func synchroniseBytes(of descriptor: Descriptor) throws(Errno) {
        while fdatasync(descriptor.number) != 0 {
            let failure = Errno.last
            // A file system that has no such thing says so with EINVAL.
            if failure.number == EINVAL { return }
            guard failure.number == EINTR else { throw failure }
        }
    }

    static func willReadSequentially(_ descriptor: Descriptor) {
        _ = posix_fadvise(descriptor.number, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    static func lock(_ descriptor: Descriptor) throws(Errno) {
        guard flock(descriptor.number, LOCK_EX | LOCK_NB) == 0 else { throw Errno.last }
    }

    static func setTimes(of descriptor: Descriptor, modified: Int64) {
        let time = timespec(tv_sec: Int(modified / 1_000_000_000), tv_nsec: Int(modified % 1_000_000_000))
        _ = futimens(descriptor.number, [time, time])
    }

    /// Hands every name in the folder to `take`, in no order. Names are whole; `.` and `..` are left out.
    static func list(_ path: KernelPath, at folder: Int32, _ take: (FileName) -> Void) throws(Errno) {
        let opened = try open(path, at: folder, O_RDONLY | O_DIRECTORY)
        let copy = fcntl(opened.number, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw Errno.last }
        // fdopendir takes the copy over; closedir closes it.
        guard let stream = fdopendir(copy) else {
            let failure = Errno.last
            close(copy)
            throw failure
        }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw Errno.last }
                return
            }
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if let name = FileName(bytes: bytes) { take(name) }
        }
    }

    static var userID: UInt32 { geteuid() }

    /// Microseconds since 1970-01-01T00:00:00Z, by the system's clock.
    static func microsecondsSince1970() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}

extension Kernel {
    private typealias FileSystemStatus = @convention(c) (Int32, UnsafeMutableRawPointer) -> Int32
    private typealias StartWriting = @convention(c) (Int32, off_t, off_t, UInt32) -> Int32
    private typealias WriteOut = @convention(c) (Int32) -> Int32
    private typealias RenameNoReplace =
        @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32

    // glibc declares renameat2 for GNU sources only; it is looked up by name, with the type that its manual gives.
    private static let renameNoReplace: RenameNoReplace? = dlsym(nil, "renameat2").map {
        unsafeBitCast($0, to: RenameNoReplace.self)
    }

    // sync_file_range(2) is for GNU sources, too; its flag 2 is SYNC_FILE_RANGE_WRITE, and 0 bytes are all there are.
    private static let startWriting: StartWriting? = dlsym(nil, "sync_file_range").map {
        unsafeBitCast($0, to: StartWriting.self)
    }

    /// Has the system begin to write what it holds of a file in memory. A hint.
    static func beginWriting(_ descriptor: Descriptor) {
        _ = startWriting?(descriptor.number, 0, 0, 2)
    }

    // syncfs(2), also for GNU sources.
    private static let writeOut: WriteOut? = dlsym(nil, "syncfs").map { unsafeBitCast($0, to: WriteOut.self) }

    /// Waits until everything on the file system of `descriptor` is on the disk.
    ///
    /// - Returns: Whether it is. What cannot be written at any time after `descriptor` was opened makes this false once.
    static func synchroniseFileSystem(of descriptor: Descriptor) -> Bool {
        writeOut?(descriptor.number) == 0
    }

    // <sys/statfs.h> is in no module; its struct begins with the type, one machine word, and has 120 bytes.
    private static let fileSystemStatus: FileSystemStatus? = dlsym(nil, "fstatfs").map {
        unsafeBitCast($0, to: FileSystemStatus.self)
    }

    /// The magic number of the file system that holds `descriptor`; 0 when it cannot be known.
    static func fileSystem(of descriptor: Descriptor) -> Int {
        guard let fileSystemStatus else { return 0 }
        var status = [Int](repeating: 0, count: 64)
        let result = status.withUnsafeMutableBytes { bytes in
            // 64 words are not empty, so there is an address.
            fileSystemStatus(descriptor.number, bytes.baseAddress!)
        }
        return result == 0 ? status[0] : 0
    }

    /// Moves a file; EEXIST when the target is there. Three ways, since not every file system has the first two.
    static func moveWithoutReplacing(_ from: KernelPath, at source: Int32, to: KernelPath, at target: Int32)
        throws(Errno)
    {
        if let renameNoReplace {
            if renameNoReplace(source, from.characters, target, to.characters, 1) == 0 { return }
            if errno != EINVAL && errno != ENOSYS { throw Errno.last }
        }
        do {
            try link(from, at: source, to: to, at: target)
            return try remove(from, at: source)
        } catch  where ![EPERM, EOPNOTSUPP, EMLINK, ENOSYS].contains(error.number) {
            throw error
        } catch {}
        if (try? shape(of: to, at: target)) != nil { throw Errno(number: EEXIST) }
        try rename(from, at: source, to: to, at: target)
    }
}
