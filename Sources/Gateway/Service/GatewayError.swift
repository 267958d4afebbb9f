import Glibc

/// The gateway could not do its job.
public struct GatewayError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble.
    public struct Code: Sendable, Hashable {
        let word: String

        /// A folder or file of the gateway's own cannot be used.
        public static let folder = Code(word: "folder")
        /// Another gateway works on the same state folder.
        public static let locked = Code(word: "locked")
        /// Settings or mappings are wrong.
        public static let configuration = Code(word: "configuration")
        /// Reading a document failed half-way.
        public static let reading = Code(word: "reading")
        /// Something that must not happen.
        public static let fault = Code(word: "fault")
    }

    /// What kind of trouble.
    public var code: Code
    /// What happened, where, and what to do next.
    public var message: String
    /// The system's error number, or 0.
    public var errno: Int32

    init(_ code: Code, _ message: String, errno: Int32 = 0) {
        self.code = code
        self.message = message
        self.errno = errno
    }

    /// Whether trying again, with nothing changed by anyone, may help.
    public var isWorthRetrying: Bool {
        [EAGAIN, EINTR, EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT, EIO, ESTALE].contains(errno)
    }

    /// The message, with the system's words.
    public var description: String {
        guard errno != 0 else { return message }
        return "\(message): \(String(cString: strerror(errno)))\(advice)"
    }

    // A service sees few folders, and may write to fewer.
    private var advice: String {
        switch errno {
        case EROFS: ". Mount the file system for writing, or name the folder under ReadWritePaths= of the service"
        case EACCES, EPERM:
            ". Give the user of the service the right to; of /home, /root and /run/user a service with ProtectHome= sees nothing"
        default: ""
        }
    }
}
