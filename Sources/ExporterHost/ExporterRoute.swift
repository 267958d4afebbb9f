public import ExporterProtocol

/// What a supervisor has to know about the route that it serves.
public struct ExporterRoute: Sendable, Hashable {
    /// The route's name.
    public var name: String
    /// The program to run.
    public var command: ExporterCommand
    /// What the exporter reads in `Start`.
    public var settings: [String: String]
    /// The times and amounts of a session.
    public var rules = SessionRules()
    /// The times of the teardown.
    public var teardown = TeardownTimes()
    /// When the exporter is started again.
    public var restarts = RestartPolicy()

    /// Describes a route with the default rules.
    public init(name: String, command: ExporterCommand, settings: [String: String] = [:]) {
        self.name = name
        self.command = command
        self.settings = settings
    }
}

/// A program and how it is run.
public struct ExporterCommand: Sendable, Hashable {
    /// A path, or a name that is looked up in `PATH`.
    public var executable: String
    /// The arguments behind it.
    public var arguments: [String]
    /// Variables added to the few that exporters inherit (`PATH`, `HOME`, `LANG`, `LC_ALL`, `TZ`, `TMPDIR`): the
    /// gateway's own environment can hold secrets that are not theirs.
    public var environment: [String: String]
    /// The folder it runs in; nil for the gateway's own.
    public var workingDirectory: String?

    /// Describes a program.
    public init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String] = [:],
        workingDirectory: String? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }
}

/// How long each step of a teardown may take before the next one. The last is SIGKILL to the whole process group.
public struct TeardownTimes: Sendable, Hashable {
    /// After `Stop`, for the exporter to finish by itself.
    public var stop: Duration = .seconds(10)
    /// After its standard input was closed.
    public var close: Duration = .seconds(2)
    /// After SIGTERM to its process group.
    public var terminate: Duration = .seconds(3)

    /// The defaults.
    public init() {}
}
