import Glibc

extension InboundError {
    // One row per errno that has its own advice; everything else is `systemRefused`.
    init(_ failure: Errno, path: String) {
        let row = Self.row(for: failure.number)
        self.init(row.code, path: path, errno: failure.number, retryHelps: row.retryHelps, next: row.next)
    }

    // Watches are counted by user: EMFILE and ENOSPC mean something else here than for files.
    static func notWatched(_ failure: Errno, _ path: KernelPath) -> InboundError {
        guard failure.number == EMFILE || failure.number == ENOSPC else {
            return InboundError(failure, path: path.displayed)
        }
        let setting = failure.number == EMFILE ? "fs.inotify.max_user_instances" : "fs.inotify.max_user_watches"
        return InboundError(
            .watchLimit, path: path.displayed, errno: failure.number, retryHelps: true,
            next: "Raise \(setting); until then the folder is looked through at intervals.")
    }

    private static func row(for errno: Int32) -> (code: Code, retryHelps: Bool, next: String) {
        switch errno {
        case ENOENT:
            (.vanished, false, "Somebody moved or deleted it; nothing is to be done unless it should be there.")
        case EACCES, EPERM:
            (
                .permissionDenied, false,
                "Give the user of the service the right to read it and to move it out of its folder."
            )
        case ENOSPC, EDQUOT:
            (.storageFull, true, "Free space or raise the quota; work goes on by itself.")
        case EROFS:
            (
                .readOnly, true,
                "Mount the file system for writing, or name the folder under ReadWritePaths= of the service; work goes on by itself."
            )
        case EMFILE:
            (.tooManyOpenFiles, true, "Raise LimitNOFILE of the service, or lower its number of filings at once.")
        case ENFILE:
            (.systemFileTableFull, true, "Raise fs.file-max of the system, or find what holds so many files.")
        case EXDEV:
            (.otherFileSystem, false, "Put the work folder on the file system of the inbound folder.")
        case ENOTDIR, ELOOP:
            (.folderMissing, true, "Put a folder there; links are not followed.")
        case EIO, ENXIO, ENODEV:
            (.deviceFailed, true, "Look at the system's log for the state of the disk.")
        case ESTALE, ETIMEDOUT, EHOSTDOWN, ENOTCONN:
            (.deviceFailed, true, "Look at the connection to the file server; work goes on by itself.")
        default:
            (.systemRefused, true, "Look up the error of the system; the file was left where it is.")
        }
    }
}
