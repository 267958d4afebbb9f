import ArgumentParser
import Findings
import Foundation
import Gateway
import Inbound
import Mappings
import SignedPackages

extension MappingCommand {
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain",
            abstract: "Shows for every field where it came from, each step, and each finding.",
            discussion: """
                EXAMPLES
                  qiao mapping explain liangzhang-roster.csv --row 12
                  qiao mapping explain cases.xml --mapping yutai.yukuaiban-cases --row 1
                  qiao mapping explain cases.xml --mapping mine.yaml

                EXIT CODES
                  0 explained · 2 the document is rejected · 64 usage, or no such row
                  74 input or output · 78 configuration
                """)

        /// Bytes of a document that is explained; it is read whole.
        static let sizeLimit = 64 << 20

        @Argument(help: "The document.") var file: FileArgument
        @OptionGroup var mappingOptions: MappingChoiceOptions
        @Option(help: "Only this row or record, counted from 1. Default: the first three.") var row: Int?
        @Flag(help: "Shows sensitive values as they are.") var reveal = false

        func validate() throws {
            if let row, row < 1 { throw ValidationError("--row needs a number from 1 on, not \(row).") }
        }

        func run() async throws {
            let mappings = try mappingOptions.load()
            let document: PlainFile
            let inspection: FilingInspection
            do {
                document = try file.opened()
                inspection = try document.inspect(limit: Self.sizeLimit)
            } catch let error as InboundError {
                throw CommandFailure(.inputOutput, "\(error)")
            }
            if let finding = inspection.findings.first(where: { $0.severity == .fatal }) { throw refusal(finding) }
            let mapping = try mappings.chosen ?? matching(mappings.set, inspection)
            var bytes: [UInt8] = []
            var reader = document.reader()
            while try reader.next() { reader.block.withUnsafeBufferPointer { bytes += $0 } }
            let context = FilingContext(
                source: mapping.id.replacing(".", with: "-"), filing: inspection.hash.hexadecimal,
                document: file.lastName, receivedAt: "", identityKey: .published)
            let explanation = Explanation.of(
                bytes, mapping: mapping, context: context, encoding: inspection.encoding, row: row, revealing: reveal)
            try demandRow(of: explanation)
            tell(explanation, mapping)
            if let rejection = explanation.summary.rejection { throw refusal(rejection) }
        }

        private func refusal(_ finding: Finding) -> CommandFailure {
            let place = finding.place.map { ":\($0)" } ?? ""
            return CommandFailure(
                .rejected,
                "\(file.displayed)\(place): \(finding.message.english)\n       \(finding.message.chinese)")
        }

        private func matching(_ set: MappingSet, _ inspection: FilingInspection) throws -> Mapping {
            let head = Array(inspection.head.prefix(PackageSniffer.headSize))
            guard PackageSniffer.kind(name: file.lastName, head: head) == nil else {
                throw CommandFailure(.rejected, SignedPackageText.notRead(file))
            }
            switch FilingConverter(mappings: set, limits: GatewayLimits()).choose(for: inspection, among: []) {
            case .one(let mapping): return mapping
            case .rejected(let finding): throw refusal(finding)
            }
        }

        // Whoever asks for a row that is not there has miscounted: the command line is wrong, the document is not. Of a
        // document that is rejected, nobody knows which rows it has.
        private func demandRow(of explanation: Explanation) throws {
            let count = explanation.summary.rowsRead
            guard let row, row > count, !explanation.summary.isRejected else { return }
            let rows = count == 0 ? "no rows" : count == 1 ? "one row" : "rows 1 to \(count)"
            throw CommandFailure(
                .usage,
                "\(file.displayed) has \(rows), and no row \(row); rows are counted from 1, below the header of a roster and with those that are blank or totals."
                    + (count == 0 ? "\n\(Self.unread(explanation))" : "")
            )
        }

        private func tell(_ explanation: Explanation, _ mapping: Mapping) {
            Terminal.print("\(file.displayed) with \(mapping.id) (\(mapping.title))")
            let records = row == nil ? Array(explanation.records.prefix { $0.row <= 3 }) : explanation.records
            for record in records {
                Terminal.print("\nrow \(record.row): \(record.recordType)")
                Terminal.print(Self.table(of: record).text)
            }
            if records.isEmpty { Terminal.print("\n\(withoutRecords)") }
            Terminal.print("\n\(Self.unread(explanation))")
        }

        private static func unread(_ explanation: Explanation) -> String {
            let unmapped = explanation.unmapped.isEmpty ? "nothing" : explanation.unmapped.joined(separator: ", ")
            return "not read by the mapping: \(unmapped)"
        }

        private var withoutRecords: String {
            guard let row else { return "no records" }
            return "row \(row): no records; it is blank, a total, a remark, or meets the conditions of none"
        }

        private static func table(of record: Explanation.Record) -> Table {
            var table = Table(["  FIELD", "FROM", "RAW", "STEPS", "RESULT", "FINDINGS"])
            for field in record.fields {
                table.add([
                    "  \(field.name)",
                    field.sources.map { "\($0.name)\($0.place.map { " (\($0))" } ?? "")" }.joined(separator: ", "),
                    field.sources.map(\.raw).joined(separator: ", "), field.steps.joined(separator: " → "),
                    field.result ?? "-", field.findings.isEmpty ? "-" : field.findings.joined(separator: ", "),
                ])
            }
            return table
        }
    }
}
