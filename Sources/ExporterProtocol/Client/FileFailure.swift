import Glibc

/// A system call on a file that failed.
public struct FileFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried, such as `write`.
    public var operation: String
    /// On which file; empty where there is none.
    public var path: String
    /// The number of the error, as in errno(3).
    public var code: Int32

    /// Describes a failure.
    public init(_ operation: String, path: String, _ code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// Such as `write /var/lib/x: No space left on device`.
    public var description: String {
        // flock(2) would wait; strerror(3) speaks of a resource.
        let isLocked = operation == "lock" && code == EWOULDBLOCK
        let reason = isLocked ? "another process is writing to it" : String(cString: strerror(code))
        return path.isEmpty ? "\(operation): \(reason)" : "\(operation) \(path): \(reason)"
    }
}
