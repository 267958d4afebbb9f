import Glibc

/// Files without a name, which are gone with their last descriptor, however the process ends.
public enum NamelessFile {
    // O_TMPFILE, whose definition Swift does not see.
    private static let withoutName = 0o20_000_000 | O_DIRECTORY

    /// Makes one in a folder, to be written and read.
    ///
    /// On a file system that has none, it is made with a name that is taken away at once.
    ///
    /// - Returns: Its descriptor, which is the caller's to close.
    /// - Throws: ``BulkFileError``.
    public static func open(in folder: String) throws(BulkFileError) -> CInt {
        var descriptor = Glibc.open(folder, withoutName | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor < 0, errno == EOPNOTSUPP || errno == EISDIR {
            let path = "\(folder)/.qiao-\(UInt64.random(in: .min ... .max))"
            descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor >= 0 { unlink(path) }
        }
        guard descriptor >= 0 else { throw BulkFileError(code: errno) }
        return descriptor
    }
}
