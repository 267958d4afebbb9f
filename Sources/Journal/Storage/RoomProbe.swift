import BulkFiles
import Glibc

/// Tells a disk without room from one that fails. SQLite calls a quota that is used up a failing disk, and a file that
/// cannot be made for want of room one that cannot be opened.
enum RoomProbe {
    // More than a file system keeps beside the name of a file.
    private static let size = 64 << 10

    /// Writes into a file of no name beside the journal; gives the error of that, 0 when there is none.
    static func failure(beside journal: String) -> CInt {
        let folder = journal.lastIndex(of: "/").map { String(journal[..<$0]) } ?? "."
        do throws(BulkFileError) {
            let descriptor = try NamelessFile.open(in: folder.isEmpty ? "/" : folder)
            defer { close(descriptor) }
            let bytes = [UInt8](repeating: 1, count: size)
            let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written >= 0 else { return errno }
            guard written == size else { return ENOSPC }
            // A file server may say so only now.
            return fsync(descriptor) == 0 ? 0 : errno
        } catch {
            return error.code
        }
    }
}
