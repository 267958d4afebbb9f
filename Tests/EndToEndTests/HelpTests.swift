import Foundation
import Testing

/// What `--help` prints on a terminal of 80 columns.
@Suite struct HelpTests {
    @Test func linesOfEveryCommandEndWhereTheyShould() async throws {
        var left: [[String]] = [[]]
        var seen = 0
        while let command = left.popLast() {
            let help = try await run(Program.path("qiao"), command + ["--help"])
            #expect(help.exitCode == 0)
            let lines = String(decoding: help.output, as: UTF8.self).split(
                separator: "\n", omittingEmptySubsequences: false)
            left += names(of: section("SUBCOMMANDS:", of: lines)).map { command + [$0] }
            // A line that is too long goes on at the margin, where its command can no longer be told from its words.
            for title in ["EXAMPLES", "KINDS", "EXIT CODES"] {
                let broken = section(title, of: lines).filter { !$0.hasPrefix("  ") }
                #expect(broken.isEmpty, "qiao \(command.joined(separator: " ")) --help")
            }
            #expect(isFilled(lines), "qiao \(command.joined(separator: " ")) --help")
            seen += 1
        }
        #expect(seen > 15)
    }

    private func section(_ title: String, of lines: [Substring]) -> ArraySlice<Substring> {
        lines.drop { $0 != title }.dropFirst().prefix { !$0.isEmpty }
    }

    // A line of a paragraph ends before a word that would not fit behind it.
    private func isFilled(_ lines: [Substring]) -> Bool {
        let paragraphs = lines.prefix { !$0.hasPrefix("USAGE") }
        return zip(paragraphs, paragraphs.dropFirst()).allSatisfy { line, next in
            guard !line.isEmpty, !line.hasPrefix(" "), let word = next.split(separator: " ").first else { return true }
            return next.hasPrefix(" ") || line.count + 1 + word.count >= 80 || line == line.uppercased()
        }
    }

    // An abstract that goes on is indented by more.
    private func names(of section: ArraySlice<Substring>) -> [String] {
        section.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
            .map { String($0.dropFirst(2).prefix { $0 != " " }) }
    }
}
