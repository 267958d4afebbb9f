import Glibc

/// A file that an exporter writes to, with its writes gathered, and made durable on request.
///
/// All unsafe pointers and system calls on files are here; each call gets a buffer that outlives it.
public struct OutputFile: ~Copyable {
    /// Whether it is a regular file: only these keep what is written, and can be cut and synced.
    public let isRegular: Bool
    /// Its path, as it was opened.
    public let path: String
    /// Its length with everything that was appended; 0 for what is no regular file.
    public private(set) var length: Int
    private let descriptor: Int32
    private let device: UInt64
    private let inode: UInt64
    private var gathered: [UInt8] = []
    private static let gatherSize = 256 << 10

    /// Opens the file for appending, and creates it where it is missing, readable for owner and group.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - isNew: Whether it must not exist yet.
    /// - Throws: ``FileFailure``; `flock` with `EWOULDBLOCK` where another process has it open for writing this way.
    public init(path: String, isNew: Bool = false) throws(FileFailure) {
        // Should somebody cut the file between a look at its length and a write, no gap comes of it.
        let flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | (isNew ? O_EXCL : 0)
        var descriptor = Glibc.open(path, flags, 0o640)
        // Pipes and terminals that cannot be read from.
        if descriptor < 0, !isNew, errno == EACCES || errno == ENXIO || errno == EINVAL {
            descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
        }
        guard descriptor >= 0 else { throw FileFailure("open", path: path, errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.closing(descriptor, "stat", path) }
        let isRegular = status.st_mode & S_IFMT == S_IFREG
        if isRegular, flock(descriptor, LOCK_EX | LOCK_NB) != 0 { throw Self.closing(descriptor, "lock", path) }
        self.isRegular = isRegular
        self.path = path
        self.descriptor = descriptor
        self.length = isRegular ? Int(status.st_size) : 0
        self.device = UInt64(status.st_dev)
        self.inode = UInt64(status.st_ino)
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Appends bytes; they reach the file when enough are gathered or ``sync()`` is called.
    public mutating func append(_ bytes: some Collection<UInt8>) throws(FileFailure) {
        gathered.append(contentsOf: bytes)
        if isRegular { length += bytes.count }
        if gathered.count >= Self.gatherSize { try write() }
    }

    /// Makes everything durable, as far as the file can.
    ///
    /// - Throws: ``FileFailure``; one that says so where another program has cut the file or written to it.
    public mutating func sync() throws(FileFailure) {
        try write()
        guard isRegular else { return }
        if fdatasync(descriptor) != 0 { throw FileFailure("fdatasync", path: path, errno) }
        try expect(length: length)
    }

    private func expect(length: Int) throws(FileFailure) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileFailure("stat", path: path, errno) }
        let found = Int(status.st_size)
        guard found == length else { throw FileFailure(changed: path, from: length, to: found) }
    }

    /// Cuts the file. Nothing may be gathered.
    public mutating func truncate(to length: Int) throws(FileFailure) {
        guard ftruncate(descriptor, length) == 0 else { throw FileFailure("truncate", path: path, errno) }
        self.length = length
    }

    /// The bytes of a part of the file; fewer where it ends before.
    public func read(_ range: Range<Int>) throws(FileFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress! + done, $0.count - done, range.lowerBound + done)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFailure("read", path: path, errno)
            }
            if count == 0 { break }
            done += count
        }
        bytes.removeLast(bytes.count - done)
        return bytes
    }

    /// Whether the path still names this file: false once someone has moved it away.
    public var isInPlace: Bool {
        var status = stat()
        return stat(path, &status) == 0 && UInt64(status.st_ino) == inode && UInt64(status.st_dev) == device
    }

    private mutating func write() throws(FileFailure) {
        if isRegular { try expect(length: length - gathered.count) }
        var done = 0
        while done < gathered.count {
            let count = gathered.withUnsafeBytes { buffer in
                // `done` is less than the count, so the buffer has an address.
                Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFailure("write", path: path, errno)
            }
            done += count
        }
        gathered.removeAll(keepingCapacity: true)
    }

    private static func closing(_ descriptor: Int32, _ operation: String, _ path: String) -> FileFailure {
        let failure = FileFailure(operation, path: path, errno)
        Glibc.close(descriptor)
        return failure
    }
}

/// What exporters do with folders.
public enum OutputFolder {
    /// Makes the entries of a folder durable: new, renamed and removed names.
    public static func sync(_ path: String) throws(FileFailure) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure("open", path: path, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileFailure("fsync", path: path, errno) }
    }

    /// The folder that a path lies in.
    public static func containing(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Creates a folder and those above it, where they are missing.
    public static func create(_ path: String) throws(FileFailure) {
        guard mkdir(path, 0o750) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, path != "/", path != "." else { throw FileFailure("mkdir", path: path, errno) }
        try create(containing(path))
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw FileFailure("mkdir", path: path, errno) }
    }

    /// The names in a folder, in no order.
    public static func names(_ path: String) throws(FileFailure) -> [String] {
        guard let folder = opendir(path) else { throw FileFailure("open", path: path, errno) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            // d_name is a C array that ends with NUL.
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Gives a file a new name in the same file system, in one step.
    public static func rename(_ path: String, to newPath: String) throws(FileFailure) {
        guard Glibc.rename(path, newPath) == 0 else { throw FileFailure("rename", path: path, errno) }
    }

    /// Removes a file.
    public static func remove(_ path: String) throws(FileFailure) {
        guard unlink(path) == 0 else { throw FileFailure("remove", path: path, errno) }
    }
}
