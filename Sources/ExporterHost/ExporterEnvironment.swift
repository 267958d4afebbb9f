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
    private static let shell = "/bin/sh"

    // The signal is for a death to come. A gateway that died before it was asked for has another in its place by now.
    private static let guardScript = #"unset PWD; [ "$PPID" = "$0" ] && exec "$@""#

    /// Puts `setpriv --pdeathsig` before a command, where the system has it (util-linux: every Debian).
    ///
    /// It asks the kernel for the signal; a shell then looks whether the gateway still is its parent and becomes the
    /// command: same process, no wrapper left. Without it, and for what the exporter itself starts, the closed standard
    /// input and the service's control group remain. It also lays down the capabilities that the gateway may have.
    ///
    /// - Parameter gateway: Whose death ends the command.
    static func wrap(
        _ path: String, _ arguments: [String], gateway: pid_t = getpid()
    ) -> (executable: String, arguments: [String]) {
        guard ExecutablePath.isExecutable(setpriv) else { return (path, arguments) }
        return (
            setpriv,
            ["--pdeathsig", "KILL", "--inh-caps", "-all", "--ambient-caps", "-all", "--"]
                + [shell, "-c", guardScript, String(gateway), path] + arguments
        )
    }
}
