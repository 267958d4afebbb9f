import ExporterProtocol
import Subprocess
import SystemPackage

/// How an exporter's process is started.
enum ExporterLaunch {
    /// - Throws: ``SessionFailure`` `notStarted` where there is no such program.
    static func configuration(
        _ command: ExporterCommand, teardown: [TeardownStep]
    ) throws(SessionFailure) -> Configuration {
        let environment = ExporterEnvironment.values(adding: command.environment)
        guard let path = ExecutablePath.find(command.executable, searchPath: environment["PATH"] ?? "/usr/bin:/bin")
        else {
            throw SessionFailure(
                .notStarted, "there is no executable file \(command.executable)",
                advice: "give the command's path in the route's settings")
        }
        var options = PlatformOptions()
        // Its own session, hence its own process group: signals reach what the exporter has started, too.
        options.createSession = true
        options.teardownSequence = teardown
        let (executable, arguments) = ParentDeath.wrap(path, command.arguments)
        return Configuration(
            executable: .path(FilePath(executable)), arguments: Arguments(arguments),
            environment: .custom(ExporterEnvironment.keyed(environment)),
            workingDirectory: command.workingDirectory.map { FilePath($0) }, platformOptions: options)
    }
}
