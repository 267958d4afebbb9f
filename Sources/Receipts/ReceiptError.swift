import Glibc

/// We could not write or read a receipt.
public struct ReceiptError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong. More may be added.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// A stable dotted word.
        public let rawValue: String
        /// Names a code.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The disk, or the quota on it, is full.
        public static let storageFull = Code(rawValue: "receipt.storage-full")
        /// Too many files are open, in this process or in the system.
        public static let tooManyOpenFiles = Code(rawValue: "receipt.too-many-open-files")
        /// The system refuses to write there.
        public static let permissionDenied = Code(rawValue: "receipt.permission-denied")
        /// The file system is mounted for reading only.
        public static let readOnly = Code(rawValue: "receipt.read-only")
        /// The disk, or the way to the file server, does not work.
        public static let deviceFailed = Code(rawValue: "receipt.device-failed")
        /// There is a file where the folder should be.
        public static let folderMissing = Code(rawValue: "receipt.folder-missing")
        /// The system said no for another reason.
        public static let systemRefused = Code(rawValue: "receipt.system-refused")
        /// The values of the receipt could not be put into XML.
        public static let notEncodable = Code(rawValue: "receipt.not-encodable")
        /// The receipt could not be signed.
        public static let notSigned = Code(rawValue: "receipt.not-signed")
        /// What was read is not a receipt of this version.
        public static let notAReceipt = Code(rawValue: "receipt.not-a-receipt")
    }

    /// What went wrong.
    public var code: Code
    /// The path it went wrong with; empty when no file was touched.
    public var path: String
    /// The number of the system's error.
    public var errno: Int32?
    /// The words of what lies below.
    public var underlying: String?
    /// Whether the same call may succeed later.
    public var retryHelps: Bool
    /// What to do next.
    public var next: String

    /// Code, path, cause and what to do, on one line.
    public var description: String {
        let cause = underlying ?? errno.map { String(cString: strerror($0)) }
        return "\(code.rawValue): \(path)\(cause.map { " (\($0))" } ?? ""). \(next)"
    }

    init(
        _ code: Code, path: String = "", errno: Int32? = nil, underlying: String? = nil, retryHelps: Bool, next: String
    ) {
        self.code = code
        self.path = path
        self.errno = errno
        self.underlying = underlying
        self.retryHelps = retryHelps
        self.next = next
    }

    init(errno: Int32, path: String) {
        switch errno {
        case ENOSPC, EDQUOT:
            self.init(
                .storageFull, path: path, errno: errno, retryHelps: true,
                next: "Free space or raise the quota; the receipt is written again from the journal.")
        case EMFILE, ENFILE:
            self.init(
                .tooManyOpenFiles, path: path, errno: errno, retryHelps: true,
                next: "Raise LimitNOFILE of the service or fs.file-max of the system.")
        case EACCES, EPERM:
            self.init(
                .permissionDenied, path: path, errno: errno, retryHelps: false,
                next: "Give the user of the service the right to write into the receipts folder.")
        case EROFS:
            self.init(
                .readOnly, path: path, errno: errno, retryHelps: true,
                next: "Mount the file system for writing, or name the folder under ReadWritePaths= of the service."
            )
        case EIO, ENXIO, ENODEV:
            self.init(
                .deviceFailed, path: path, errno: errno, retryHelps: true,
                next:
                    "Look at the system's log for the state of the disk; the receipt is written again from the journal."
            )
        case ESTALE, ETIMEDOUT, EHOSTDOWN, ENOTCONN:
            self.init(
                .deviceFailed, path: path, errno: errno, retryHelps: true,
                next: "Look at the connection to the file server; the receipt is written again from the journal.")
        case ENOTDIR, ELOOP:
            self.init(
                .folderMissing, path: path, errno: errno, retryHelps: true,
                next: "Put a folder there; the receipt is written again from the journal.")
        default:
            self.init(
                .systemRefused, path: path, errno: errno, retryHelps: true, next: "Look up the error of the system.")
        }
    }
}
