import ArgumentParser
import Foundation
import Mappings

struct MappingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mapping", abstract: "Works on mappings.", subcommands: [Draft.self, Test.self, Explain.self])
}

extension MappingCommand {
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test",
            abstract: "Runs the golden cases that lie beside mappings.",
            discussion: """
                EXAMPLES
                  qiao mapping test                           the usual folder
                  qiao mapping test mappings/yutai            a folder
                  qiao mapping test yutai.liangzhang-roster   one mapping
                  qiao mapping test --update                  writes what comes out anew
                """)

        @Argument(help: "A folder of mappings, or the id of one.") var target: String?
        @OptionGroup var mappingOptions: MappingOptions
        @Flag(help: "Writes the expected files instead of comparing with them.") var update = false
        @Flag(help: "Prints one JSON object per case.") var json = false

        func validate() throws { try RawArguments.demandText(target, for: "The name of the folder of mappings") }

        func run() async throws {
            var isFolder: ObjCBool = false
            let isThere = target.map { FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) } ?? false
            if let target, isThere, !isFolder.boolValue {
                throw CommandFailure(
                    .usage, "\(target) is a file; name the folder that it is in, or the mapping by its id.")
            }
            try test(isFolder: isThere)
        }

        private func test(isFolder: Bool) throws {
            var options = mappingOptions
            if isFolder {
                guard options.mappings == nil else {
                    throw CommandFailure(.usage, "Two folders of mappings are named; leave out --mappings.")
                }
                options.mappings = target
            }
            let set = try options.load(withTablesAbove: isFolder)
            let only = isFolder ? nil : target
            if let only, set.mapping(id: only) == nil {
                let hint =
                    Suggestion.nearest(to: only, among: set.mappings.map(\.id)).map { " Did you mean \($0)?" } ?? ""
                throw CommandFailure(.usage, "There is no folder and no mapping called \(only).\(hint)")
            }
            let results = GoldenCases.run(set, only: only, updating: update)
            for result in results { try tell(result) }
            let failed = results.filter { !$0.passes }.count
            Terminal.say("\(results.count - failed) passed, \(failed) failed")
            if results.isEmpty {
                Terminal.say("There are no golden cases; put them beside the mapping, in FORM.cases/CASE/input.csv.")
            }
            if failed > 0 { throw ExitCode(Outcome.rejected.rawValue) }
        }

        private func tell(_ result: GoldenCases.Result) throws {
            if json {
                struct View: Encodable {
                    var folder, mapping: String
                    var passes: Bool
                    var differences: [String]
                }
                Terminal.print(
                    try JSONOutput.line(
                        View(
                            folder: result.folder, mapping: result.mapping, passes: result.passes,
                            differences: result.differences)))
            } else {
                let word = result.passes ? Terminal.coloured("passed", .green) : Terminal.coloured("FAILED", .red)
                Terminal.print("\(word)  \(result.folder)")
                for line in result.differences { Terminal.print("        \(line)") }
            }
        }
    }
}
