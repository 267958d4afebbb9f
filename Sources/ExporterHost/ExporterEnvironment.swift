import Glibc
import Subprocess

/// The environment that exporters get.
enum ExporterEnvironment {
    /// What they inherit. The rest of the gateway's environment can hold secrets that are not theirs.
    static let inherited = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"]

    static func values(adding added: [String: String]) -> [String: String] {
        var values: [String: String] = [:]
        for name in inherited {
            if let value = getenv(name) { values[name] = String(cString: value) }
        }
        return values.merging(added) { $1 }
    }

    static func keyed(_ values: [String: String]) -> [Environment.Key: String] {
        // The names of the dictionary are distinct, so the keys are.
        Dictionary(values.map { (Environment.Key(rawValue: $0.key)!, $0.value) }) { $1 }
    }
}

/// Makes a child end when its gateway is killed without a chance to tear it down.
enum ParentDeath {
    private static let setpriv = "/usr/bin/setpriv"

    /// Puts `setpriv --pdeathsig` before a command, where the system has it (util-linux: every Debian).
    ///
    /// It asks the kernel for the signal and then becomes the command: same process, no wrapper left. Without it, and
    /// for what the exporter itself starts, the closed standard input and the service's control group remain.
    static func wrap(_ path: String, _ arguments: [String]) -> (executable: String, arguments: [String]) {
        guard ExecutablePath.isExecutable(setpriv) else { return (path, arguments) }
        return (setpriv, ["--pdeathsig", "KILL", "--", path] + arguments)
    }
}
