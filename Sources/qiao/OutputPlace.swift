import Glibc

/// What the name of an output stands for, behind whatever symbolic links lead to it.
///
/// A link stays what it is: what it leads to is written. A name of a descriptor (`/dev/stdout`, `/dev/fd/3`) is what is
/// open there, which a file of that name in its place would not be.
enum OutputPlace: Equatable {
    case descriptor(Int32)
    case path(FileArgument)

    /// Follows a name; stdout when nil or "-".
    init(_ name: FileArgument?) throws {
        guard let name, !name.isStandardStream else {
            self = .descriptor(STDOUT_FILENO)
            return
        }
        var path = name
        // As many as the kernel follows: path_resolution(7).
        for _ in 0..<40 {
            if let descriptor = Self.descriptor(path) {
                self = .descriptor(descriptor)
                return
            }
            guard let target = SystemFile.link(path) else {
                self = .path(path)
                return
            }
            let isAbsolute = target.bytes.first == 0x2F
            path = isAbsolute ? target : FileArgument(bytes: path.folder.bytes + [0x2F] + target.bytes)
        }
        throw CommandFailure(
            .inputOutput, "\(name.displayed) cannot be written: its links lead nowhere; name another file.")
    }

    /// What is there now; nil when there is nothing.
    var kind: SystemFile.Kind? {
        switch self {
        case .descriptor(let descriptor): SystemFile.kind(of: descriptor)
        case .path(let path): SystemFile.kind(of: path)
        }
    }

    /// Whether what is written to both comes to lie in one place, where somebody reads it.
    func isSame(as other: OutputPlace) -> Bool {
        guard kind != .nullDevice else { return false }
        switch (self, other) {
        case (.descriptor(let own), .descriptor(let other)): return own == other
        case (.path(let own), .path(let other)):
            guard let folder = SystemFile.folderIdentity(of: own.folder) else { return false }
            return folder == SystemFile.folderIdentity(of: other.folder) && own.last == other.last
        default: return false
        }
    }

    // The descriptor that a name stands for: stdin(3), proc_pid_fd(5).
    private static func descriptor(_ path: FileArgument) -> Int32? {
        switch path.text {
        case "/dev/stdout": return STDOUT_FILENO
        case "/dev/stderr": return STDERR_FILENO
        case let text?:
            let folders = ["/dev/fd/", "/proc/self/fd/", "/proc/\(getpid())/fd/"]
            return folders.first(where: text.hasPrefix).flatMap { Int32(text.dropFirst($0.count)) }
        case nil: return nil
        }
    }
}
