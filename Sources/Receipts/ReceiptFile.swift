import Glibc

/// A file that is there whole or not at all: written under a temporary name, then renamed.
///
/// The one file of this module with pointers: each is lent by a closure to the system call within it.
struct ReceiptFile: ~Copyable {
    private let descriptor: Int32
    private let temporary: String
    private let path: String
    private var isFinished = false

    init(_ name: String, in folder: String) throws(ReceiptError) {
        path = "\(folder)/\(name)"
        temporary = "\(folder)/.\(name).part"
        var opened = Self.open(temporary)
        if opened < 0, errno == ENOENT {
            try Self.makeFolder(folder)
            opened = Self.open(temporary)
        }
        guard opened >= 0 else { throw ReceiptError(errno: errno, path: temporary) }
        descriptor = opened
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(temporary) }
    }

    /// Appends bytes.
    func write(_ bytes: [UInt8]) throws(ReceiptError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let done = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if done >= 0 {
                rest = rest.dropFirst(done)
            } else if errno != EINTR {
                throw ReceiptError(errno: errno, path: temporary)
            }
        }
    }

    /// Gives the file its name, over an earlier one.
    mutating func finish() throws(ReceiptError) {
        guard rename(temporary, path) == 0 else { throw ReceiptError(errno: errno, path: path) }
        isFinished = true
    }

    /// Removes a file, which need not be there.
    static func remove(_ name: String, in folder: String) throws(ReceiptError) {
        let path = "\(folder)/\(name)"
        guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else {
            throw ReceiptError(errno: errno, path: path)
        }
    }

    private static func open(_ path: String) -> Int32 {
        Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o640)
    }

    private static func makeFolder(_ path: String) throws(ReceiptError) {
        if mkdir(path, 0o750) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw ReceiptError(errno: errno, path: path)
        }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw ReceiptError(errno: errno, path: path) }
    }
}
