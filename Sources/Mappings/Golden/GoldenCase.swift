import CanonicalRecords
import Findings
import FoundationEssentials
import TextEncodings

/// One folder of a mapping's golden cases.
struct GoldenCase {
    let folder: String
    let mapping: Mapping

    /// What a case gives, or must give.
    struct Outcome: Equatable {
        var records: [String] = []
        var findings: [String] = []
    }

    /// The context that golden cases are converted in.
    static let context = FilingContext(
        source: "golden", filing: "golden", document: "", receivedAt: "2000-01-01T00:00:00+08:00",
        identityKey: .published)

    func differences(updating: Bool) -> [String] {
        let input = "input.\(mapping.format.rawValue)"
        var isFolder = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder else {
            return ["it is no folder; each case is one, with a document called \(input) in it"]
        }
        guard FileManager.default.fileExists(atPath: "\(folder)/\(input)") else {
            return ["there is no \(input) in it, the document of the case"]
        }
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(input)") else {
            return ["\(folder)/\(input) cannot be read"]
        }
        do throws(RecordError) {
            let outcome = try Self.outcome(of: Array(data), mapping: mapping)
            if updating { return write(outcome) }
            return Self.compare(try expected(), outcome)
        } catch {
            return ["\(folder): \(error)"]
        }
    }

    /// Converts a document the way all golden cases are.
    static func outcome(of document: [UInt8], mapping: Mapping) throws(RecordError) -> Outcome {
        var survey = EncodingSurvey()
        survey.survey(document.span)
        let verdict = survey.finish()
        var converter = DocumentConverter(
            mapping: Mapping(mapping.program, version: "golden"), context: context,
            encoding: verdict.encoding(ofDocument: document.span),
            isPureASCII: verdict.isPureASCII)
        converter.feed(document.span)
        converter.finish()
        var outcome = Outcome()
        let json = RecordJSON()
        while let batch = converter.drain() {
            var position = 0
            while let range = try DelimitedRecords.next(in: batch.bytes.span, at: &position) {
                outcome.records.append(try json.text(of: batch.bytes.span.extracting(range), revealing: true))
            }
        }
        outcome.findings = converter.summary.findings.findings.map(line).sorted()
        return outcome
    }

    private static func line(_ finding: Finding) -> String {
        [finding.code, finding.row.map(String.init) ?? "", finding.field ?? ""].map(cell).joined(separator: ",")
    }

    private static func cell(_ text: String) -> String {
        // By scalars: a quote with a combining mark behind it is one character, and no quote to `Character`.
        let scalars = text.unicodeScalars
        guard scalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return text }
        return "\""
            + scalars.split(separator: "\"", omittingEmptySubsequences: false).map(String.init)
            .joined(separator: "\"\"") + "\""
    }

    private func expected() throws(RecordError) -> Outcome {
        var outcome = Outcome()
        let json = RecordJSON()
        for line in lines("records.jsonl") {
            // Through the bytes and back, so that spacing and the order of keys are free.
            let bytes = try json.parse(Array(line.utf8).span)
            outcome.records.append(try json.text(of: bytes.span, revealing: true))
        }
        var findings = lines("findings.csv")
        if findings.first == "code,row,field" { findings.removeFirst() }
        outcome.findings = findings.sorted()
        return outcome
    }

    private func lines(_ name: String) -> [String] {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return [] }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    }

    static func compare(_ expected: Outcome, _ outcome: Outcome) -> [String] {
        difference("record", expected.records, outcome.records)
            + difference("finding", expected.findings, outcome.findings)
    }

    private static func difference(_ noun: String, _ expected: [String], _ found: [String]) -> [String] {
        let shown = 40
        let changes = found.difference(from: expected).map { change in
            switch change {
            case .remove(let offset, let line, _): (offset, 0, "- \(noun) \(offset + 1): \(line)")
            case .insert(let offset, let line, _): (offset, 1, "+ \(noun) \(offset + 1): \(line)")
            }
        }
        let lines = changes.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
        return lines.count <= shown ? lines : lines.prefix(shown) + ["… and \(lines.count - shown) more"]
    }

    private func write(_ outcome: Outcome) -> [String] {
        var problems: [String] = []
        func write(_ name: String, _ lines: [String]) {
            let path = "\(folder)/\(name)"
            do {
                try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
            } catch {
                problems.append("\(path) cannot be written: \(error)")
            }
        }
        write("records.jsonl", outcome.records)
        write("findings.csv", ["code,row,field"] + outcome.findings)
        return problems
    }
}
