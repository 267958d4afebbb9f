// Where Foundation is in use, the compiler takes `struct stat` for a part of it.
import CoreFoundation
import Glibc

/// What would come of making a folder and its parents. Nothing is made.
enum FolderProspect: Equatable {
    /// It is there or could be made, and could be written to.
    case good
    /// The path, or one above it, is something else than a folder.
    case obstructed(by: String)
    /// We may not write to the folder, or to the last one above it that is there.
    case closed(String)

    /// Looks at a path as ``StateFolder/make(_:isShared:)`` goes along it.
    ///
    /// - Parameter canWrite: Whether something can be made in a folder that is there.
    init(of path: String, canWrite: (String) -> Bool = Self.canWrite) {
        var there = "/"
        var next = ""
        for part in path.split(separator: "/") {
            next += "/" + part
            var status = stat()
            if stat(next, &status) == 0 {
                guard status.st_mode & S_IFMT == S_IFDIR else {
                    self = .obstructed(by: next)
                    return
                }
                there = next
                continue
            }
            // A link that leads nowhere is in the way, too.
            if lstat(next, &status) == 0 {
                self = .obstructed(by: next)
                return
            }
            break
        }
        self = canWrite(there) ? .good : .closed(there)
    }

    /// Whether this process may make something in a folder.
    static func canWrite(_ folder: String) -> Bool { access(folder, W_OK | X_OK) == 0 }
}
