import ArgumentParser
import Foundation
import Gateway
import SignedPackages

extension PackageCommand {
    struct Inspect: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "inspect",
            abstract: "Shows how a package is put together, WITHOUT verifying anything.",
            discussion: """
                What is shown is what the file says of itself. Entries, manifests, signers and certificates are listed; content \
                is never shown.

                EXAMPLES
                  qiao package inspect filing.asice
                  qiao package inspect roster.csv.p7s --json

                EXIT CODES
                  0 it could be read · 2 its structure is broken, or it is no package
                  64 usage · 74 input or output
                """)

        @Argument(help: "The package.") var file: FileArgument
        @Flag(help: "Prints one JSON object; its `verified` is always false.") var json = false

        func run() async throws {
            let description = try PackageInspector().inspect(try FilingInput(file: file), name: file.lastName)
            if json {
                Terminal.print(try JSONOutput.line(description))
            } else {
                Terminal.print(Terminal.coloured("NOT VERIFIED 未验证", .yellow, on: .output) + " \(file.displayed)")
                for line in description.lines { Terminal.print(line) }
                Terminal.print(Terminal.coloured("NOT VERIFIED 未验证", .yellow, on: .output))
            }
            guard description.faults.isEmpty, description.kind != nil else {
                throw ExitCode(Outcome.rejected.rawValue)
            }
        }
    }
}
