import Glibc

/// A file could not be read, written or kept.
public struct FileFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried, such as `write`.
    public var operation: String
    /// On which file; empty where there is none.
    public var path: String
    /// The number of the error, as in errno(3).
    public var code: Int32
    private var reason: String

    /// Describes a failure.
    public init(_ operation: String, path: String, _ code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
        // flock(2) would wait; strerror(3) speaks of a resource.
        let isLocked = operation == "lock" && code == EWOULDBLOCK
        reason = isLocked ? "another process is writing to it" : String(cString: strerror(code))
    }

    /// The file has another length than what was written to it.
    init(changed path: String, from expected: Int, to found: Int) {
        self.init("write", path: path, ESTALE)
        let how =
            found < expected ? "cut it from \(expected) to \(found) bytes" : "wrote \(found - expected) bytes to it"
        reason = "another program \(how). Let it be moved away instead (logrotate: create, not copytruncate)"
    }

    /// Such as `write /var/lib/x: No space left on device`.
    public var description: String {
        path.isEmpty ? "\(operation): \(reason)" : "\(operation) \(path): \(reason)"
    }
}
