import ArgumentParser
import ExporterHost
import Gateway

struct ExporterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exporter", abstract: "Works on exporters.", subcommands: [Test.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test",
            abstract: "Runs the scenarios of the exporter protocol against an exporter.",
            discussion: """
                Every line is one scenario: passed, failed with the reason, or skipped with the reason.

                EXAMPLES
                  qiao exporter test qiao-export-jsonl --output /tmp/records.jsonl
                  qiao exporter test python3 append_lines.py /tmp/records.jsonl
                """)

        @Argument(parsing: .captureForPassthrough, help: "The exporter's program and its arguments.")
        var command: [String]

        func validate() throws {
            try RawArguments.demandText(command.first, for: "The command of an exporter")
            for word in command where !word.isEmpty {
                try RawArguments.demandText(word, for: "The command of an exporter")
            }
        }

        func run() async throws {
            guard let program = command.first, program != "--help", program != "-h" else {
                throw CleanExit.helpRequest(self)
            }
            let conformance = ExporterConformance(
                command: ExporterHost.ExporterCommand(
                    ExporterProgram.path(of: program) ?? program, Array(command.dropFirst())))
            let results = await conformance.run { result in Terminal.print("\(result)") }
            let failed = results.filter(\.isFailure).count
            Terminal.say("\(results.count - failed) of \(results.count) scenarios without a failure")
            if failed > 0 { throw ExitCode(Outcome.rejected.rawValue) }
        }
    }
}
