import Foundation

/// What /proc says about processes.
enum ProcessTable {
    /// Whether a process runs; one that has ended and waits for its parent does not.
    static func isRunning(_ pid: String) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let state = status.split(separator: ")").last?.split(separator: " ").first
        else { return false }
        return state != "Z" && state != "X"
    }

    /// Yields until the process has ended. The test's time limit is what ends a wait in vain.
    static func waitForEnd(of pid: String) async {
        while isRunning(pid), !Task.isCancelled { await Task.yield() }
    }

    /// The processes with this text in their command lines.
    static func pids(running text: String) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { pid in
            guard let line = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
            return String(decoding: line, as: UTF8.self).contains(text)
        }
    }
}
