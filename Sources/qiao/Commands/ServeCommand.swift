import ArgumentParser
import Foundation
import Gateway
import Journal
import Logging
import Mappings

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the gateway until it is told to stop.",
        discussion: """
            SIGHUP reads settings and mappings anew; when they are broken the old ones are kept. SIGTERM stops cleanly.

            EXAMPLES
              qiao serve --config /etc/qiao/qiao.yaml
              qiao serve --config qiao.yaml --set log.level=debug
            """)

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        OpenFileLimit.raise()
        let reloadSignals = await ReloadSignals()
        let configuration = try await load()
        let variables = ProcessInfo.processInfo.environment
        var environment = GatewayEnvironment(
            logger: Logging.logger(configuration.settings.log, environment: variables),
            notifier: ServiceNotifier(environment: variables), crashHook: variables["QIAO_TEST_CRASH_ON"])
        environment.reloadSignals = reloadSignals
        try await Gateway(configuration, environment: environment, reload: { await self.reload() }).run()
    }

    private func load() async throws -> GatewayConfiguration {
        switch await reload() {
        case .loaded(let configuration, let warnings):
            for problem in warnings { Terminal.say("\(problem)") }
            return configuration
        case .broken(let problems):
            for problem in problems { Terminal.say("\(problem)") }
            throw CommandFailure(.configuration, "The gateway is not started; mend what is listed above.")
        }
    }

    private func reload() async -> Reload {
        guard let load = try? await options.load() else { return .broken([]) }
        guard let settings = load.settings else { return .broken(load.problems) }
        let mappings = MappingSet.load(folder: settings.mappings)
        let problems =
            load.problems + mappings.problems
            + SettingsCheck.problems(settings, mappings: mappings.set, file: options.file, isStarting: true)
        guard !problems.contains(where: \.isError) else { return .broken(problems) }
        return .loaded(GatewayConfiguration(settings: settings, mappings: mappings.set), warnings: problems)
    }
}

/// Makes the logger that the settings ask for.
enum Logging {
    static func logger(_ settings: LogSettings, environment: [String: String]) -> Logger {
        let level = Logger.Level(rawValue: settings.level) ?? .info
        let style = style(settings.format, environment: environment)
        let outlet = LogOutlet(descriptor: STDERR_FILENO) { count in
            LogLine(label: "qiao", level: level, style: style) { _ in }
                .line(.warning, "Log lines were dropped, because nobody read them", ["lines": "\(count)"])
        }
        return Logger(label: "qiao") { label in
            LogLine(label: label, level: level, style: style) { line in
                outlet.write(RawArguments.displayed(line))
            }
        }
    }

    private static func style(_ format: LogSettings.Format, environment: [String: String]) -> LogLine.Style {
        switch format {
        case .text: .text(colour: Terminal.isErrorTerminal)
        case .journal: .journal
        case .json: .json
        // systemd sets the variable when it takes stderr into its journal.
        case .auto: environment["JOURNAL_STREAM"] == nil ? .text(colour: Terminal.isErrorTerminal) : .journal
        }
    }
}
