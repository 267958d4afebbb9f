import Foundation
import Testing

/// What `--help` prints on a terminal of 80 columns.
@Suite struct HelpTests {
    @Test func examplesOfEveryCommandStandOnTheirOwnLines() async throws {
        var left: [[String]] = [[]]
        var seen = 0
        while let command = left.popLast() {
            let help = try await run(Program.path("qiao"), command + ["--help"])
            #expect(help.exitCode == 0)
            let lines = String(decoding: help.output, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
            left += names(of: section("SUBCOMMANDS:", of: lines)).map { command + [$0] }
            // A line that is too long goes on at the margin, where its command can no longer be told from its words.
            let broken = section("EXAMPLES", of: lines).filter { !$0.hasPrefix("  ") }
            #expect(broken.isEmpty, "qiao \(command.joined(separator: " ")) --help")
            seen += 1
        }
        #expect(seen > 15)
    }

    private func section(_ title: String, of lines: [Substring]) -> ArraySlice<Substring> {
        lines.drop { $0 != title }.dropFirst().prefix { !$0.isEmpty }
    }

    // An abstract that goes on is indented by more.
    private func names(of section: ArraySlice<Substring>) -> [String] {
        section.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
            .map { String($0.dropFirst(2).prefix { $0 != " " }) }
    }
}
