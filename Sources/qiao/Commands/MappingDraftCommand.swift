import ArgumentParser
import Findings
import Foundation
import Inbound
import Mappings
import SignedPackages

extension MappingCommand {
    struct Draft: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "draft",
            abstract: "Writes a first mapping from a sample, with the reason of each guess.",
            discussion: """
                The sample is a CSV roster or an XML document; its beginning is looked at (4 MiB, 10,000 rows). The mapping \
                goes to stdout or --output, what was decided to stderr. It holds names of columns and elements, never what \
                stands in them. Code tables are used where the mapping will find them: in tables/ beside --output or in a \
                folder above it.

                EXAMPLES
                  qiao mapping draft samples/yutai/liangzhang-roster.csv
                  qiao mapping draft roster.csv -o mappings/wanglu/grid-roster.yaml
                  qiao mapping draft cases.xml --record Case > cases.yaml

                EXIT CODES
                  0 a mapping that loads · 2 nothing could be made of the sample
                  64 usage · 74 input or output
                """)

        @Argument(help: "The document.") var sample: FileArgument
        @Option(help: "The record type, as in docs/records.md. Default: the one that fits best.") var record: String?
        @Option(name: [.customShort("o"), .long], help: "Writes the mapping to this file; - is stdout.")
        var output: FileArgument?
        @Flag(help: "Replaces the file that --output names, if it exists.") var overwrite = false

        // nil for stdout.
        private var file: FileArgument? { output.flatMap { $0.isStandardStream ? nil : $0 } }

        func validate() throws {
            guard let record, !MappingDraft.recordTypeNames.contains(record) else { return }
            let names = MappingDraft.recordTypeNames
            let hint =
                Suggestion.nearest(to: record, among: names).map { "Did you mean \($0)?" }
                ?? "There are \(names.joined(separator: ", "))."
            throw ValidationError("There is no record type \(record). \(hint)")
        }

        func run() async throws {
            try refuseToOverwrite()
            let document = try read()
            let draft: MappingDraft
            do {
                // A mapping on stdout may be put anywhere: what is found from here is found from below here.
                draft = try MappingDraft.of(
                    document, record: record, tables: MappingSet.tables(near: file?.placeOfTables ?? "draft.yaml"))
            } catch {
                let place = error.place.map { "\(sample.displayed):\($0)" } ?? sample.displayed
                throw CommandFailure(.rejected, "\(place): \(error.message.english)\n       \(error.message.chinese)")
            }
            try write(draft)
            for line in draft.decisions { Terminal.say("  \(line)") }
            advise(draft)
        }

        // A slip of the hand must cost nobody a mapping, nor the sample.
        private func refuseToOverwrite() throws {
            guard let file, case .path(let path) = try OutputPlace(file), SystemFile.kind(of: path) == .regular else {
                return
            }
            guard overwrite else {
                throw CommandFailure(
                    .inputOutput, "\(file.displayed) exists already; name another file, or replace it with --overwrite."
                )
            }
            guard let own = SystemFile.identity(of: file), own == SystemFile.identity(of: sample) else { return }
            throw CommandFailure(.usage, "\(file.displayed) is the sample and would be overwritten; name another file.")
        }

        private func read() throws -> DraftSample {
            do {
                let document = try sample.opened()
                var reader = document.reader()
                var bytes: [UInt8] = []
                while bytes.count <= DraftSample.size, try reader.next() {
                    reader.block.withUnsafeBufferPointer { bytes += $0 }
                }
                let head = Array(bytes.prefix(PackageSniffer.headSize))
                guard PackageSniffer.kind(name: sample.lastName, head: head) == nil else {
                    throw CommandFailure(.rejected, SignedPackageText.notRead(sample))
                }
                return DraftSample(
                    name: sample.last.displayed, bytes: bytes, isWhole: bytes.count <= DraftSample.size)
            } catch let error as InboundError {
                throw CommandFailure(.inputOutput, "\(error)")
            }
        }

        private func write(_ draft: MappingDraft) throws {
            let target = try OutputTarget(output)
            try target.write(Array(draft.text.utf8))
            try target.finish()
            Terminal.say("\(sample.displayed): drafted\(file.map { " \($0.displayed)" } ?? "")")
        }

        private func advise(_ draft: MappingDraft) {
            let name = file?.displayed ?? "FILE.yaml"
            Terminal.say(
                """
                Next:
                  read \(file?.displayed ?? "it"): the reason of each guess stands beside its line\
                \(draft.checks > 0 ? ", \(draft.checks) of them marked CHECK" : "")
                  qiao convert \(sample.displayed) --mapping \(name) -o records.jsonl --findings findings.csv
                  put it into your folder of mappings; then qiao check, qiao mapping explain \(sample.displayed), and a golden case
                  for qiao mapping test: docs/mappings.md
                """)
        }
    }
}
