import ArgumentParser
import Foundation
import Gateway
import Mappings

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Finds everything that is wrong with settings, mappings and exporters, each with its place.",
        discussion: """
            EXAMPLES
              qiao check                       /etc/qiao/qiao.yaml and its mappings
              qiao check --config qiao.yaml
              qiao check --mappings mappings   mappings alone
            """)

    @OptionGroup var options: ConfigurationOptions
    @Option(help: "Checks the mappings of this folder instead of the settings' own.") var mappings: String?
    @Flag(help: "Prints one JSON object per problem.") var json = false

    func validate() throws { try RawArguments.demandText(mappings, for: "The name of the folder of mappings") }

    func run() async throws {
        var problems: [MappingProblem] = []
        var settings: Settings?
        let checksSettings = options.config != nil || mappings == nil
        if checksSettings {
            let load = try await options.load()
            problems += load.problems
            settings = load.settings
        }
        var counts = "0 mappings"
        if let folder = mappings ?? settings?.mappings {
            let load = MappingSet.load(folder: folder)
            problems += load.problems
            counts = Plural.of(load.set.mappings.count, "mapping")
            if let settings {
                problems += SettingsCheck.problems(settings, mappings: load.set, file: options.file)
                counts +=
                    ", \(Plural.of(settings.sources.count, "source")), \(Plural.of(settings.routes.count, "route"))"
            }
        }
        try report(problems, settings, counts)
    }

    private func report(_ problems: [MappingProblem], _ settings: Settings?, _ counts: String) throws {
        for problem in problems {
            Terminal.print(json ? try JSONOutput.line(ProblemView(problem)) : "\(problem)")
        }
        let errors = problems.filter(\.isError).count
        guard errors == 0 else {
            Terminal.say(
                Terminal.coloured(Plural.of(errors, "error"), .red)
                    + ", \(Plural.of(problems.count - errors, "warning")) in \(counts)")
            throw ExitCode(Outcome.rejected.rawValue)
        }
        for route in settings?.routes ?? [] {
            Terminal.say("route \(route.name): sensitive fields are \(route.sensitive.inWords)")
        }
        Terminal.say(Terminal.coloured("All good", .green) + ": \(counts), \(Plural.of(problems.count, "warning"))")
    }
}

private struct ProblemView: Encodable {
    var file: String
    var line: Int
    var column: Int
    var severity: String
    var message: String
    var suggestion: String?

    init(_ problem: MappingProblem) {
        file = problem.file
        line = problem.line
        column = problem.column
        severity = problem.isError ? "error" : "warning"
        message = problem.message
        suggestion = problem.suggestion
    }
}

extension RouteSettings.Sensitive {
    fileprivate var inWords: String {
        switch self {
        case .mask: "masked"
        case .hash: "replaced by keyed hashes"
        case .drop: "left out"
        case .reveal: "sent as they are"
        }
    }
}
