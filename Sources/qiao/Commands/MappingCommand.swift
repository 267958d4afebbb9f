import ArgumentParser
import Findings
import Foundation
import Gateway
import Inbound
import Mappings
import TextEncodings

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

        func run() async throws {
            let isFolder = target.map { FileManager.default.fileExists(atPath: $0) } ?? false
            var options = mappingOptions
            if isFolder { options.mappings = target }
            let set = try options.load()
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

extension MappingCommand {
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain",
            abstract: "Shows for every field where it came from, each step, and each finding.",
            discussion: """
                EXAMPLES
                  qiao mapping explain liangzhang-roster.csv --row 12
                  qiao mapping explain cases.xml --mapping yutai.yukuaiban-cases --row 1
                """)

        /// Bytes of a document that is explained; it is read whole.
        static let sizeLimit = 64 << 20

        @Argument(help: "The document.") var file: String
        @Option(help: "The mapping's id. Default: the one that matches.") var mapping: String?
        @Option(help: "Only this row or record, counted from 1. Default: the first three.") var row: Int?
        @OptionGroup var mappingOptions: MappingOptions
        @Flag(help: "Shows sensitive values as they are.") var reveal = false

        func run() async throws {
            let set = try mappingOptions.load()
            let document: PlainFile
            let inspection: FilingInspection
            do {
                document = try PlainFile(file)
                inspection = try document.inspect(limit: Self.sizeLimit)
            } catch {
                throw CommandFailure(.inputOutput, "\(error)")
            }
            guard !inspection.isRejected else {
                throw CommandFailure(.rejected, inspection.findings.map(\.message.english).joined(separator: "\n"))
            }
            let mapping = try chosen(set, inspection)
            var bytes: [UInt8] = []
            var reader = document.reader()
            while try reader.next() { reader.block.withUnsafeBufferPointer { bytes += $0 } }
            let context = FilingContext(
                source: mapping.id.replacing(".", with: "-"), filing: inspection.hash.hexadecimal, document: file,
                receivedAt: "", identityKey: .published)
            let explanation = Explanation.of(
                bytes, mapping: mapping, context: context, encoding: inspection.documentEncoding, row: row,
                revealing: reveal)
            tell(explanation, mapping)
        }

        private func chosen(_ set: MappingSet, _ inspection: FilingInspection) throws -> Mapping {
            if let mapping {
                guard let named = set.mapping(id: mapping) else {
                    let hint =
                        Suggestion.nearest(to: mapping, among: set.mappings.map(\.id)).map { " Did you mean \($0)?" }
                        ?? ""
                    throw CommandFailure(
                        .configuration, "There is no mapping \(mapping) in \(mappingOptions.folder).\(hint)")
                }
                return named
            }
            switch FilingConverter(mappings: set, limits: GatewayLimits()).choose(for: inspection, among: []) {
            case .one(let mapping): return mapping
            case .rejected(let finding): throw CommandFailure(.rejected, "\(file): \(finding.message.english)")
            }
        }

        private func tell(_ explanation: Explanation, _ mapping: Mapping) {
            Terminal.print("\(file) with \(mapping.id) (\(mapping.title))")
            let records = row == nil ? Array(explanation.records.prefix { $0.row <= 3 }) : explanation.records
            for record in records {
                Terminal.print("\nrow \(record.row): \(record.recordType)")
                var table = Table(["  FIELD", "FROM", "RAW", "STEPS", "RESULT", "FINDINGS"])
                for field in record.fields {
                    table.add([
                        "  \(field.name)",
                        field.sources.map { "\($0.name)\($0.place.map { " (\($0))" } ?? "")" }.joined(separator: ", "),
                        field.sources.map(\.raw).joined(separator: ", "), field.steps.joined(separator: " → "),
                        field.result ?? "-", field.findings.isEmpty ? "-" : field.findings.joined(separator: ", "),
                    ])
                }
                Terminal.print(table.text)
            }
            if records.isEmpty { Terminal.print("\nno records\(row.map { " of row \($0)" } ?? "")") }
            let unmapped = explanation.unmapped.isEmpty ? "nothing" : explanation.unmapped.joined(separator: ", ")
            Terminal.print("\nnot read by the mapping: \(unmapped)")
        }
    }
}
