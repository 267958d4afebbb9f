public import Findings
public import Inbound
public import Mappings
import TextEncodings

/// Which mapping a document is for.
public enum MappingChoice: Sendable {
    /// Exactly one matches.
    case one(Mapping)
    /// None or several match: the filing is rejected with this finding.
    case rejected(Finding)
}

/// Turns one filing into records. The daemon and `qiao convert` run this same code.
public struct FilingConverter: Sendable {
    private let mappings: MappingSet
    private let limits: GatewayLimits

    /// Takes the mappings and limits to work with.
    public init(mappings: MappingSet, limits: GatewayLimits) {
        self.mappings = mappings
        self.limits = limits
    }

    /// Finds the mapping for a document by its content.
    ///
    /// - Parameters:
    ///   - inspection: What one pass over the filing showed.
    ///   - allowed: Ids of mappings that the source may file for; empty means any.
    public func choose(for inspection: FilingInspection, among allowed: [String]) -> MappingChoice {
        let head = DocumentHead(inspection.head, encoding: inspection.documentEncoding)
        let matching = mappings.matching(head).filter { allowed.isEmpty || allowed.contains($0.id) }
        switch matching.count {
        case 1: return .one(matching[0])
        case 0:
            let why = mappings.mismatch(head, among: allowed)
            return .rejected(head.fault ?? Finding(.mappingNone, arguments: [why.chinese, why.english]))
        default: return .rejected(Finding(.mappingAmbiguous, arguments: [matching.map(\.id).joined(separator: ", ")]))
        }
    }

    /// Converts a document from its first to its last byte.
    ///
    /// - Parameters:
    ///   - reader: The document, at its start.
    ///   - mapping: The mapping that was chosen.
    ///   - context: Where the filing came from.
    ///   - inspection: What one pass over the filing showed.
    ///   - take: Gets each batch in order, with the name of the set that a snapshot replaces, where it has one. Nothing may
    ///     be used before the summary says that the filing was not rejected.
    /// - Returns: The counts and findings, with those of the inspection among them.
    /// - Throws: `InboundError` when the file cannot be read, or is no longer what was inspected, and what `take` throws.
    public func convert(
        _ reader: inout FilingReader, with mapping: Mapping, context: FilingContext, inspection: FilingInspection,
        take: (RecordBatch, _ snapshotScope: String?) async throws -> Void
    ) async throws -> ConversionSummary {
        var isFed = false
        let summary = try await convert(with: mapping, context: context, inspection: inspection, take: take) {
            converter in
            // A small filing need not be read once more.
            if inspection.isHeadWhole {
                guard !isFed else { return false }
                isFed = true
                converter.feed(inspection.head.span)
                return true
            }
            guard try reader.next() else { return false }
            converter.feed(reader.block)
            return true
        }
        try reader.confirm(inspection)
        return summary
    }

    /// Converts what `feed` gives, until it says that there is no more.
    func convert(
        with mapping: Mapping, context: FilingContext, inspection: FilingInspection,
        take: (RecordBatch, _ snapshotScope: String?) async throws -> Void,
        feed: (inout DocumentConverter) throws -> Bool
    ) async throws -> ConversionSummary {
        var converter = DocumentConverter(
            mapping: mapping, context: context, encoding: inspection.documentEncoding,
            isPureASCII: inspection.encoding.isPureASCII, limits: conversionLimits,
            workers: inspection.size < Self.smallSize ? 0 : Self.workers)
        while !converter.isRejected, try feed(&converter) {
            while let batch = converter.drain() { try await take(batch, converter.snapshotScope) }
        }
        converter.finish()
        while !converter.isRejected, let batch = converter.drain() { try await take(batch, converter.snapshotScope) }
        var summary = converter.summary
        for finding in inspection.findings { summary.findings.report(finding) }
        return summary
    }

    // A document below this is converted before a second thread would have begun.
    private static let smallSize = 512 << 10
    // The thread that reads converts, too, when the others are behind.
    private static let workers = min(8, Processors.count - 1)

    private var conversionLimits: ConversionLimits {
        ConversionLimits(
            recordSize: limits.recordSize, fieldSize: limits.fieldSize, findings: limits.findings,
            columns: limits.csvColumns, depth: limits.xmlDepth, attributes: limits.xmlAttributes)
    }
}
