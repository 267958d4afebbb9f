import Findings
import Foundation
import Gateway
import Inbound
import Mappings
import SignedPackages

/// What became of one document of `qiao convert`.
struct ConversionResult {
    var mapping: String?
    var summary: ConversionSummary?
    var findings: FindingLog
    var isRejected: Bool

    /// The exit code that the document alone would give.
    var outcome: Outcome {
        if isRejected { return .rejected }
        return (summary?.rowsSetAside ?? 0) > 0 ? .someSetAside : .good
    }
}

/// A document that could not be read, for a reason that is not its own; the others can.
struct DocumentFailure: Error {
    var outcome: Outcome
    /// What happened, where, and what to do next.
    var message: String

    init(_ outcome: Outcome, _ message: String) {
        self.outcome = outcome
        self.message = message
    }

    /// Nil for an error that is not about a document.
    init?(_ error: any Error) {
        switch error {
        case let failure as DocumentFailure: self = failure
        case let error as InboundError: self.init(.inputOutput, "\(error)")
        case let error as PackageError: self.init(Outcome(error), "\(error)")
        default: return nil
        }
    }
}

/// Converts documents from the command line, through the gateway's own converter.
struct ConversionRun {
    let mappings: MappingSet
    let chosen: Mapping?
    let limits: GatewayLimits
    let identityKey: IdentityKey
    let source: String?
    /// What signed packages are held to; nil when nobody is trusted.
    let policy: VerificationPolicy?

    /// Converts a document, whole or not at all.
    ///
    /// - Throws: ``DocumentFailure`` when this document cannot be read, and the next one may be; what writing throws.
    func convert(_ path: FileArgument, to output: inout RecordOutput) async throws -> ConversionResult {
        let start = output.mark()
        do {
            return try await convertWhole(path, to: &output)
        } catch {
            guard let failure = DocumentFailure(error) else { throw error }
            try output.takeBack(to: start)
            throw failure
        }
    }

    private func convertWhole(_ path: FileArgument, to output: inout RecordOutput) async throws -> ConversionResult {
        let file = try path.opened()
        let inspection = try file.inspect(limit: limits.filingSize)
        if inspection.isRejected { return rejected(inspection.findings) }
        let package = PackageConversion(run: self, path: path, file: file, inspection: inspection)
        switch try await package.verify() {
        case .verified(let verified): return try await package.convert(verified, to: &output)
        case .refused(let verdict): return rejected(verdict.findings)
        case .unsigned, nil: break
        }
        let converter = FilingConverter(mappings: mappings, limits: limits)
        let mapping: Mapping
        switch choose(converter, inspection) {
        case .rejected(let finding): return rejected(inspection.findings + [finding])
        case .one(let one): mapping = one
        }
        var reader = file.reader()
        let start = output.mark()
        let summary = try await converter.convert(
            &reader, with: mapping, context: context(mapping, inspection, document: path.lastName),
            inspection: inspection
        ) { batch, _ in
            try output.write(batch)
        }
        if summary.isRejected { try output.takeBack(to: start) }
        return ConversionResult(
            mapping: mapping.id, summary: summary, findings: summary.findings, isRejected: summary.isRejected)
    }

    func choose(_ converter: FilingConverter, _ inspection: FilingInspection) -> MappingChoice {
        chosen.map { .one($0) } ?? converter.choose(for: inspection, among: [])
    }

    private func context(_ mapping: Mapping, _ inspection: FilingInspection, document: String) -> FilingContext {
        FilingContext(
            source: source ?? mapping.id.replacing(".", with: "-"), filing: inspection.hash.hexadecimal,
            document: document, receivedAt: "", identityKey: identityKey)
    }

    func rejected(_ findings: [Finding]) -> ConversionResult {
        var log = FindingLog(limit: limits.findings)
        for finding in findings { log.report(finding) }
        return ConversionResult(findings: log, isRejected: true)
    }
}

/// The summary of a conversion for people.
struct ConversionText {
    private let file: String
    private let result: ConversionResult

    init(_ file: String, _ result: ConversionResult) {
        self.file = file
        self.result = result
    }

    /// Codes with their numbers, and so many findings in full.
    static let shown = 5

    var text: String {
        var lines = [headline]
        if let summary = result.summary {
            let types = summary.records.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(
                separator: ", ")
            lines.append(
                "  rows read \(summary.rowsRead) = converted \(summary.rowsConverted) + set aside \(summary.rowsSetAside) + skipped \(summary.rowsSkipped)"
            )
            lines.append("  records \(summary.recordCount)\(types.isEmpty ? "" : ": \(types)")")
            for total in summary.controlTotals {
                let declared = total.declared.map { "\(total.isAtLeast ? "at least " : "")\($0)" } ?? "nothing"
                lines.append(
                    "  control total \(total.name): declared \(declared), found \(total.found), \(total.agrees ? "agrees" : Terminal.coloured("DIFFERS", .red))"
                )
            }
        }
        return (lines + findings).joined(separator: "\n")
    }

    private var headline: String {
        let mapping = result.mapping.map { " with \($0)" } ?? ""
        let word = result.isRejected ? Terminal.coloured("rejected", .red) : Terminal.coloured("converted", .green)
        return "\(file): \(word)\(mapping)"
    }

    private var findings: [String] {
        guard result.findings.total > 0 else { return ["  no findings"] }
        var table = Table(["  FINDINGS", "CODE"])
        for (code, count) in result.findings.counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            table.add(["  \(count)", code])
        }
        let examples = examples
        return [table.text]
            + examples.map { finding in
                let place = finding.place.map { "\(file):\($0): " } ?? "\(file): "
                let field = finding.field.map { " [\($0)]" } ?? ""
                let value = finding.value.map { " “\($0)”" } ?? ""
                return "  \(place)\(finding.severity.rawValue): \(finding.message.english)\(field)\(value)"
            }
            + (result.findings.total > examples.count
                ? ["  … write all of them to a table with --findings FILE.csv"] : [])
    }

    // One of each code before the second of any: the gravest first, and the document's own before those of its rows.
    private var examples: [Finding] {
        var seen: [String: Int] = [:]
        let ranked = result.findings.findings.enumerated().map { index, finding in
            defer { seen[finding.code, default: 0] += 1 }
            return (
                finding: finding, repeats: seen[finding.code] ?? 0, isOfRow: finding.row == nil ? 0 : 1, index: index
            )
        }
        return ranked.sorted { left, right in
            guard left.repeats == right.repeats, left.finding.severity == right.finding.severity else {
                return (left.repeats, right.finding.severity) < (right.repeats, left.finding.severity)
            }
            return (left.isOfRow, left.index) < (right.isOfRow, right.index)
        }.prefix(Self.shown).map(\.finding)
    }
}

/// The summary of a conversion for machines.
struct ConversionView: Encodable {
    var file: String
    var rejected: Bool
    var mapping: String?
    var rowsRead, rowsConverted, rowsSetAside, rowsSkipped: Int
    var records: [String: Int]
    var findings: [String: Int]
    var controlTotals: [ControlTotalView]

    struct ControlTotalView: Encodable {
        var name: String
        /// Absent where the document declares none.
        var declared: Int?
        var isAtLeast: Bool
        var found: Int
        var agrees: Bool
    }

    init(_ file: String, _ result: ConversionResult) {
        self.file = file
        rejected = result.isRejected
        mapping = result.mapping
        rowsRead = result.summary?.rowsRead ?? 0
        rowsConverted = result.summary?.rowsConverted ?? 0
        rowsSetAside = result.summary?.rowsSetAside ?? 0
        rowsSkipped = result.summary?.rowsSkipped ?? 0
        records = result.summary?.records ?? [:]
        findings = result.findings.counts
        controlTotals = (result.summary?.controlTotals ?? []).map {
            ControlTotalView(
                name: $0.name, declared: $0.declared, isAtLeast: $0.isAtLeast, found: $0.found, agrees: $0.agrees)
        }
    }
}
