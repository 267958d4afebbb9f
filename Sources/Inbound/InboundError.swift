/// We could not do our job with a folder or a file. Never about the document itself: that is a finding.
public struct InboundError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, as a stable dotted word. More may be added.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The word.
        public let rawValue: String
        /// Names a code.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// What went wrong.
    public var code: Code
    /// The path it went wrong with, shown safely.
    public var path: String
    /// The number of the system's error, where the system said no.
    public var errno: Int32?
    /// Whether the same call may succeed later without anybody changing a setting.
    public var retryHelps: Bool
    /// What a person should do next, in English.
    public var next: String

    /// Describes a failure.
    public init(_ code: Code, path: String, errno: Int32? = nil, retryHelps: Bool, next: String) {
        self.code = code
        self.path = path
        self.errno = errno
        self.retryHelps = retryHelps
        self.next = next
    }

    /// Code, path, the system's words and what to do, on one line.
    public var description: String {
        let cause = errno.map { " (\(Errno(number: $0).text))" } ?? ""
        return "\(code.rawValue): \(path)\(cause). \(next)"
    }
}

extension InboundError.Code {
    /// The folder does not exist, or what is there is not a folder.
    public static let folderMissing = Self(rawValue: "inbound.folder-missing")
    /// The system refuses access.
    public static let permissionDenied = Self(rawValue: "inbound.permission-denied")
    /// The work folder belongs to somebody else, is a link, or others may write to it.
    public static let workFolderNotPrivate = Self(rawValue: "inbound.work-folder-not-private")
    /// The work folder is not on the file system of the inbound folder.
    public static let otherFileSystem = Self(rawValue: "inbound.other-file-system")
    /// Another process has claimed the work folder.
    public static let folderInUse = Self(rawValue: "inbound.folder-in-use")
    /// The disk, or the quota on it, is full.
    public static let storageFull = Self(rawValue: "inbound.storage-full")
    /// The file system is mounted read-only.
    public static let readOnly = Self(rawValue: "inbound.read-only")
    /// This process has too many files open.
    public static let tooManyOpenFiles = Self(rawValue: "inbound.too-many-open-files")
    /// The whole system has too many files open.
    public static let systemFileTableFull = Self(rawValue: "inbound.system-file-table-full")
    /// The system gives no more inotify instances or watches.
    public static let watchLimit = Self(rawValue: "inbound.watch-limit")
    /// The file is no longer there.
    public static let vanished = Self(rawValue: "inbound.vanished")
    /// The file changed while it was read.
    public static let changed = Self(rawValue: "inbound.changed")
    /// A file of that name is already there, so nothing was put over it.
    public static let nameTaken = Self(rawValue: "inbound.name-taken")
    /// The task was cancelled between two blocks.
    public static let cancelled = Self(rawValue: "inbound.cancelled")
    /// A pipe, a socket or a device is there instead of a file.
    public static let notOrdinary = Self(rawValue: "inbound.not-ordinary")
    /// The system's device reports a failure.
    public static let deviceFailed = Self(rawValue: "inbound.device-failed")
    /// The system said no for another reason.
    public static let systemRefused = Self(rawValue: "inbound.system-refused")
}
