// Where Foundation is in use, the compiler takes `struct stat` for a part of it.
import CoreFoundation
import Glibc

/// Which file the path of the journal led to when it was opened.
///
/// An open file goes on when its folder is moved, removed or mounted over, and nobody but its owner sees what it takes in.
struct JournalPlace: Sendable {
    private let path: String
    private let device: dev_t
    private let inode: ino_t

    /// Looks now; nil when there is nothing to be seen.
    init?(_ state: StateFolder) {
        guard let status = Self.look(state.journal) else { return nil }
        (path, device, inode) = (state.journal, status.st_dev, status.st_ino)
    }

    /// Whether the path leads to the same file still.
    var isCurrent: Bool {
        guard let status = Self.look(path) else { return false }
        return status.st_dev == device && status.st_ino == inode
    }

    private static func look(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }
}
