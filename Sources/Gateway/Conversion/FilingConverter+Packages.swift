public import Findings
public import Inbound
public import Mappings
public import SignedPackages
import TextEncodings

extension FilingConverter {
    /// Reads a document of a verified package once: tells its encoding and keeps its head, so that a mapping can be chosen.
    ///
    /// - Parameter filing: The identity of the filing that the package is.
    /// - Throws: What reading the package throws.
    public func survey(
        _ document: PackageDocument, of package: VerifiedPackage, filing: FilingHash
    ) throws -> FilingInspection {
        var survey = EncodingSurvey()
        var head: [UInt8] = []
        try package.stream(document) { block in
            survey.survey(block)
            let wanted = min(DocumentHead.size - head.count, block.count)
            for index in 0..<max(0, wanted) { head.append(block[index]) }
        }
        let findings = document.size == 0 ? [Finding(.filingEmpty)] : []
        return FilingInspection(
            hash: filing, size: Int(document.size), encoding: survey.finish(), head: head, findings: findings)
    }

    /// Converts a document of a verified package from its first to its last byte.
    ///
    /// - Parameters:
    ///   - document: One of the package's documents.
    ///   - package: The package.
    ///   - mapping: The mapping that was chosen.
    ///   - context: Where the filing came from; its document is this one.
    ///   - inspection: What ``survey(_:of:filing:)`` showed.
    ///   - take: As for a plain filing. Nothing may be used before this returns.
    /// - Throws: What reading the package throws, also when its bytes are no longer those that were verified, and what
    ///   `take` throws.
    public func convert(
        _ document: PackageDocument, of package: VerifiedPackage, with mapping: Mapping, context: FilingContext,
        inspection: FilingInspection, take: (RecordBatch, _ snapshotScope: String?) async throws -> Void
    ) async throws -> ConversionSummary {
        let reader = try package.reader(for: document)
        var block: [UInt8] = []
        return try await convert(with: mapping, context: context, inspection: inspection, take: take) { converter in
            block.removeAll(keepingCapacity: true)
            try reader.read(upTo: Self.blockSize, into: &block)
            converter.feed(block.span)
            return !block.isEmpty
        }
    }

    private static let blockSize = 1 << 18
}

extension ConversionSummary {
    /// The same with the name of the document before its findings and control totals: of a package with several, each can
    /// have its own of one name.
    public func named(_ document: PackageDocument) -> ConversionSummary {
        var copy = self
        copy.findings = findings.named(document)
        for index in copy.controlTotals.indices {
            copy.controlTotals[index].name = "\(document.name): \(controlTotals[index].name)"
        }
        return copy
    }
}

extension FindingLog {
    /// The same with the name of the document before what every finding says.
    public func named(_ document: PackageDocument) -> FindingLog {
        FindingLog(findings: findings.map { $0.named(document) }, counts: counts, severities: severities)
    }
}

extension Finding {
    /// The same with the name of the document before what it says.
    func named(_ document: PackageDocument) -> Finding {
        var copy = self
        copy.message = BilingualText(
            chinese: "\(document.name)：\(message.chinese)", english: "\(document.name): \(message.english)")
        return copy
    }
}
