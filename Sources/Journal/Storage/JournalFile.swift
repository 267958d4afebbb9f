import FoundationEssentials
import Glibc

/// What the files of a journal look like from outside, before anything opens them.
struct JournalFile: Sendable {
    /// There is no file yet, or one without a byte.
    var isEmpty: Bool
    /// Bytes with the companion.
    var size: Int64
    /// The companion that holds what was not yet folded in has content: the last owner did not close the journal.
    var hasCompanion: Bool

    private static let magic = Array("SQLite format 3\0".utf8)
    private static let headerSize = 100

    init(path: String) throws(JournalError) {
        let main = try Self.size(of: path, journal: path)
        let companion = try Self.size(of: path + "-wal", journal: path)
        isEmpty = main ?? 0 == 0
        size = (main ?? 0) + (companion ?? 0)
        hasCompanion = companion ?? 0 > 0
        guard !isEmpty else {
            // Opened as it is, the store would take it for new and throw the companion away.
            guard !hasCompanion else {
                throw .damaged(path, "the journal's file is missing or empty, but its -wal companion is not")
            }
            // A new journal would take them for what a crash has left.
            guard SegmentFolder(journal: path).names().isEmpty else {
                throw .damaged(
                    path, "the journal's file is missing or empty, but there are records in its -chunks folder")
            }
            return
        }
        try Self.checkHeader(of: path)
    }

    private static func size(of path: String, journal: String) throws(JournalError) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw JournalError(
                .inputOutput, place: journal, message: "the journal's file cannot be looked at", retryHelps: true,
                advice: "Check the folder and its owner.", underlying: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .foreign(journal) }
        return Int64(status.st_size)
    }

    private static func checkHeader(of path: String) throws(JournalError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw JournalError(
                .inputOutput, place: path, message: "the journal's file cannot be read", retryHelps: true,
                advice: "Check its owner and mode.", underlying: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: headerSize)
        let count = read(descriptor, &header, headerSize)
        guard count == headerSize, header.starts(with: magic) else {
            // An own journal cannot begin otherwise, but a journal whose first page was lost can.
            throw JournalError(
                .damaged, place: path, message: "the file does not begin as a journal does",
                advice: """
                    If it is not a journal, name another path in the settings. If it is, keep it with its companions, and \
                    restore the last backup or move all away to start an empty journal.
                    """)
        }
    }
}
