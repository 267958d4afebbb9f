import Foundation

/// Finds the executable file that the name of an exporter means.
public enum ExporterProgram {
    /// A path as it is, one of ours beside `qiao`, or a name in `PATH`; nil when there is no such executable file.
    public static func path(of program: String) -> String? {
        let files = FileManager.default
        if program.contains("/") { return files.isExecutableFile(atPath: program) ? program : nil }
        // The exporters that come with the gateway lie beside it, also where that folder is not in `PATH`.
        let own = try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = own.map { $0.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return ([beside].compactMap { $0 } + path.split(separator: ":").map(String.init)).map { "\($0)/\(program)" }
            .first { files.isExecutableFile(atPath: $0) }
    }
}
