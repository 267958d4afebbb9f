import Glibc
import Inbound

/// What lies in a folder, by bytes, since names come from Windows shares and need not be UTF-8.
enum FolderNames {
    /// The names in order, without `.` and `..`; none when the folder cannot be read.
    static func of(_ folder: [UInt8]) -> [FileName] {
        guard let stream = opendir((folder + [0]).map { CChar(bitPattern: $0) }) else { return [] }
        defer { closedir(stream) }
        var names: [FileName] = []
        while let entry = readdir(stream) {
            // The name ends with NUL within the entry, which lives until the next call.
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if let name = FileName(bytes: bytes) { names.append(name) }
        }
        return names.sorted()
    }
}
