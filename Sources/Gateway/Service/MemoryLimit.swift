import Foundation
import Glibc

/// How much memory this process may use, as far as the system says.
enum MemoryLimit {
    /// The least of the machine's memory and the limits of the control groups around the process, in bytes: `memory.max` and
    /// `memory.high` of cgroup v2 (`MemoryMax=` and `MemoryHigh=` of a service, `--memory` of a container),
    /// `memory.limit_in_bytes` of v1.
    ///
    /// - Parameters:
    ///   - root: Where `/proc` and `/sys` are.
    ///   - physical: The machine's memory in bytes.
    static func bytes(root: String = "", physical: Int = physical) -> Int {
        let lines = text("\(root)/proc/self/cgroup").split(separator: "\n")
        return lines.compactMap(ControlGroup.init).reduce(physical) { least, group in
            group.limitFiles.reduce(least) { least, file in
                // `max` is no number, and of no limit v1 says a number that is greater than any memory.
                guard let limit = Int(text("\(root)\(file)")), limit > 0 else { return least }
                return min(least, limit)
            }
        }
    }

    private static let physical = sysconf(CInt(_SC_PHYS_PAGES)) * sysconf(CInt(_SC_PAGESIZE))

    private static func text(_ path: String) -> String {
        let bytes = FileManager.default.contents(atPath: path) ?? Data()
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// A line of `/proc/self/cgroup` that is about memory: `hierarchy:controllers:path`, see cgroups(7).
private struct ControlGroup {
    var base: String
    var files: [String]
    var path: Substring

    init?(line: Substring) {
        let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        if parts[0] == "0", parts[1].isEmpty {
            (base, files) = ("/sys/fs/cgroup", ["memory.max", "memory.high"])
        } else if parts[1].split(separator: ",").contains("memory") {
            (base, files) = ("/sys/fs/cgroup/memory", ["memory.limit_in_bytes"])
        } else {
            return nil
        }
        path = parts[2]
    }

    // Those of the group and of all around it. In a container the path may be that of the host: then there is only what
    // is left of it that the container has, its outermost folder at least.
    var limitFiles: [String] {
        var folders = [base]
        for name in path.split(separator: "/") { folders.append("\(folders[folders.count - 1])/\(name)") }
        return folders.flatMap { folder in files.map { "\(folder)/\($0)" } }
    }
}
