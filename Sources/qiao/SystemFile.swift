// Where Foundation is in use, the compiler takes `struct stat` for a part of it.
import CoreFoundation
import Glibc

// Pointers are handed to a system call within the closure that lends them; nothing outlives the call.

/// System calls on files: what a name stands for, and writing until everything is done.
enum SystemFile {
    /// What bytes are written to.
    enum Kind {
        case regular, folder, nullDevice, other
    }

    /// What a path leads to; nil when there is nothing.
    static func kind(of path: FileArgument) -> Kind? {
        var status = stat()
        return stat(path.path, &status) == 0 ? kind(status) : nil
    }

    /// What is open there to be written; nil when nothing is.
    static func kind(of descriptor: Int32) -> Kind? {
        var status = stat()
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, flags & O_ACCMODE != O_RDONLY, fstat(descriptor, &status) == 0 else { return nil }
        return kind(status)
    }

    /// Opens something in the place of the standard streams that whoever started the program has closed.
    ///
    /// A file that is opened later would have their number, and get what is printed. Reading and writing them fails as if
    /// they were closed still.
    static func holdStandardStreams() {
        // From the lowest on: the system gives the lowest number that is free.
        for (descriptor, flags) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", flags)
        }
    }

    private static func kind(_ status: stat) -> Kind {
        if status.st_mode & S_IFMT == S_IFREG { return .regular }
        if status.st_mode & S_IFMT == S_IFDIR { return .folder }
        // Linux, Documentation/admin-guide/devices.txt: character device 1, 3.
        return status.st_mode & S_IFMT == S_IFCHR && status.st_rdev == 1 << 8 | 3 ? .nullDevice : .other
    }

    /// Which ordinary file a path leads to; nil when it leads to none.
    static func identity(of path: FileArgument) -> [UInt64]? {
        var status = stat()
        guard stat(path.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
    }

    /// Which folder a path leads to; nil when it leads to none.
    static func folderIdentity(of path: FileArgument) -> [UInt64]? {
        var status = stat()
        guard stat(path.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
    }

    /// What the owner, the group and others may do with an ordinary file; nil when there is none.
    static func permissions(of path: FileArgument) -> UInt32? {
        var status = stat()
        guard stat(path.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return status.st_mode & 0o777
    }

    /// What a symbolic link says; nil for what is none.
    static func link(_ path: FileArgument) -> FileArgument? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path.path, &target, target.count)
        guard count > 0 else { return nil }
        return FileArgument(bytes: target[..<count].map(UInt8.init(bitPattern:)))
    }

    /// Writes all of `bytes`.
    ///
    /// - Parameter failure: Makes the error to throw, while `errno` says what happened.
    static func write(_ bytes: [UInt8], to descriptor: Int32, _ failure: () -> CommandFailure) throws {
        try bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                // Invariant: done < bytes.count, so there is an address, and the count is what lies behind it.
                let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw failure() }
                done += count
            }
        }
    }

    /// Copies the first `size` bytes of a file to the end of another, or down a pipe.
    static func copy(_ source: Int32, size: Int, to descriptor: Int32, _ failure: () -> CommandFailure) throws {
        var offset = off_t(0)
        while offset < size {
            let count = sendfile(descriptor, source, &offset, min(size - Int(offset), 1 << 30))
            if count < 0, errno == EINTR { continue }
            // Not every kind of file can be sent to; one that was opened to append to cannot.
            if count < 0, errno == EINVAL || errno == ENOSYS { break }
            guard count > 0 else { throw failure() }
        }
        var block: [UInt8] = []
        while offset < size {
            block = [UInt8](repeating: 0, count: min(size - Int(offset), 1 << 18))
            let count = block.withUnsafeMutableBytes { pread(source, $0.baseAddress, $0.count, offset) }
            guard count > 0 else { throw failure() }
            block.removeLast(block.count - count)
            try write(block, to: descriptor, failure)
            offset += off_t(count)
        }
    }
}
