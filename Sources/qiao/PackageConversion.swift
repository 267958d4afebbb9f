import Findings
import Foundation
import Gateway
import Inbound
import Mappings
import SignedPackages

/// Converts signed packages from the command line: verified first, or not at all.
struct PackageConversion {
    let run: ConversionRun
    let path: FileArgument
    let file: PlainFile
    let inspection: FilingInspection

    /// The verified package; nil when the file is a plain document.
    ///
    /// - Throws: `DocumentFailure` when there is nothing to verify it against.
    func verify() async throws -> VerificationResult? {
        let name = path.lastName
        guard PackageSniffer.kind(name: name, head: Array(inspection.head.prefix(PackageSniffer.headSize))) != nil
        else {
            return nil
        }
        guard let policy = run.policy else {
            throw DocumentFailure(
                .configuration,
                "\(path.displayed) is a signed package, and nothing of it is read before it is verified. Give the roots of its signers with --trust ROOT.pem, or look at its structure with: qiao package inspect \(path.displayed)"
            )
        }
        return try await PackageVerifier(policy: policy, now: Int64(Date().timeIntervalSince1970))
            .verify(FilingInput(try file.bytes()), name: name, detachedContent: try content())
    }

    // The document of a detached signature lies beside it.
    private func content() throws -> FilingInput? {
        try PackageFile.beside(path).map { try FilingInput(file: $0) }
    }

    /// Converts every document, all or none.
    func convert(_ package: VerifiedPackage, to output: inout RecordOutput) async throws -> ConversionResult {
        let start = output.mark()
        var results: [ConversionResult] = []
        for document in package.documents {
            let result = try await convert(document, of: package, to: &output)
            results.append(package.documents.count > 1 ? result.named(document) : result)
            if result.isRejected { break }
        }
        if results.contains(where: \.isRejected) { try output.takeBack(to: start) }
        return ConversionResult(results, findings: package.verdict.findings, limit: run.limits.findings)
    }

    private func convert(
        _ document: PackageDocument, of package: VerifiedPackage, to output: inout RecordOutput
    ) async throws -> ConversionResult {
        guard !CertificateDocuments.holdsCertificates(document) else {
            let listing = try package.certificates(in: document)
            let mapping = CertificateRecords.mapping.id
            try output.write(
                try CertificateRecords(context(document, of: package, mapping)).batch(listing.certificates))
            var summary = ConversionSummary(findingLimit: run.limits.findings)
            (summary.rowsRead, summary.rowsConverted) = (listing.certificates.count, listing.certificates.count)
            summary.records[CertificateRecords.recordType] = listing.certificates.count
            for finding in listing.faults.compactMap({ $0.finding(decisive: false) }) {
                summary.findings.report(finding)
            }
            return ConversionResult(mapping: mapping, summary: summary, findings: summary.findings, isRejected: false)
        }
        let converter = FilingConverter(mappings: run.mappings, limits: run.limits)
        let survey = try converter.survey(document, of: package, filing: inspection.hash)
        guard !survey.isRejected else { return run.rejected(survey.findings) }
        switch run.choose(converter, survey) {
        case .rejected(let finding): return run.rejected(survey.findings + [finding])
        case .one(let mapping):
            let summary = try await converter.convert(
                document, of: package, with: mapping, context: context(document, of: package, mapping.id),
                inspection: survey
            ) { batch, _ in
                try output.write(batch)
            }
            return ConversionResult(
                mapping: mapping.id, summary: summary, findings: summary.findings, isRejected: summary.isRejected)
        }
    }

    private func context(_ document: PackageDocument, of package: VerifiedPackage, _ mapping: String) -> FilingContext {
        FilingContext(
            source: run.source ?? mapping.replacing(".", with: "-"), filing: inspection.hash.hexadecimal,
            document: document.name, receivedAt: "",
            signer: package.verdict.signer(of: document).map(FilingSigner.init), identityKey: run.identityKey)
    }
}

extension ConversionResult {
    fileprivate func named(_ document: PackageDocument) -> ConversionResult {
        var copy = self
        copy.summary = summary?.named(document)
        copy.findings = findings.named(document)
        return copy
    }

    /// The documents of a package in sum.
    init(_ results: [ConversionResult], findings: [Finding], limit: Int) {
        var log = FindingLog(limit: limit)
        for finding in findings { log.report(finding) }
        for result in results { log.merge(result.findings) }
        var sum = ConversionSummary(findingLimit: limit)
        for summary in results.compactMap(\.summary) {
            sum.rowsRead += summary.rowsRead
            sum.rowsConverted += summary.rowsConverted
            sum.rowsSetAside += summary.rowsSetAside
            sum.skipped.blank += summary.skipped.blank
            sum.skipped.totals += summary.skipped.totals
            sum.skipped.remarks += summary.skipped.remarks
            sum.skipped.unselected += summary.skipped.unselected
            sum.records.merge(summary.records, uniquingKeysWith: +)
            sum.controlTotals += summary.controlTotals
        }
        let isRejected = results.contains(where: \.isRejected)
        var mappings: [String] = []
        for mapping in results.compactMap(\.mapping) where !mappings.contains(mapping) { mappings.append(mapping) }
        self.init(
            mapping: mappings.isEmpty ? nil : mappings.joined(separator: " + "), summary: isRejected ? nil : sum,
            findings: log, isRejected: isRejected)
    }
}
