import Glibc

/// Finds the file that a command names.
enum ExecutablePath {
    /// The path of an executable file, or nil where there is none.
    ///
    /// A name with a slash is a path; any other name is looked up in the folders of `searchPath`.
    static func find(_ name: String, searchPath: String) -> String? {
        if name.contains("/") { return isExecutable(name) ? name : nil }
        guard !name.isEmpty else { return nil }
        for folder in searchPath.split(separator: ":") {
            let path = "\(folder)/\(name)"
            if isExecutable(path) { return path }
        }
        return nil
    }

    static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
    }
}
