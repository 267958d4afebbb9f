import CanonicalRecords
import Findings
import FuzzSupport
import SwiftProtobuf
import TextEncodings

@testable import Mappings

/// Arbitrary documents through the mappings that ship with the project, chosen and decoded as in the gateway.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDocuments(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    var input = FuzzInput(start, count)
    var survey = EncodingSurvey()
    survey.survey(input.bytes.span)
    let verdict = survey.finish()
    let head = DocumentHead(input.bytes, encoding: verdict.encoding)
    _ = mappings.mismatch(head)
    let matching = mappings.matching(head)
    require(matching.count <= 1, "\(matching.map(\.id)) both match")
    // A document that is for none of them is read all the same: a mapping may be named by hand.
    guard let mapping = matching.first ?? mappings.mappings.randomElement(using: &input.decisions) else { return 0 }
    checkCuts(&input, mapping, verdict, ConversionLimits())
    let limits = ConversionLimits(
        recordSize: Int.random(in: 100...900, using: &input.decisions),
        fieldSize: Int.random(in: 4...60, using: &input.decisions),
        chunkSize: Int.random(in: 1...900, using: &input.decisions),
        findings: Int.random(in: 0...4, using: &input.decisions))
    checkCuts(&input, mapping, verdict, limits)
    return 0
}

// Neither cuts, blocks nor threads make a difference. How far a rejected document was decoded ahead of what
// its reader had reached depends on the cuts, and with that what is told of its encoding; bytes that are no text reject it
// as soon as they are decoded.
private func checkCuts(
    _ input: inout FuzzInput, _ mapping: Mapping, _ verdict: EncodingVerdict, _ limits: ConversionLimits
) {
    let whole = Converted([input.bytes], mapping, verdict, limits)
    requireSame(Converted(input.pieces(), mapping, verdict, limits), whole, "cut, at \(limits)")
    // The usual block holds any of these documents whole.
    var blocks = limits
    blocks.blockSize = Int.random(in: 1...300, using: &input.decisions)
    requireSame(Converted([input.bytes], mapping, verdict, blocks), whole, "in blocks, at \(blocks)")
    guard Int.random(in: 0..<2, using: &input.decisions) == 0 else { return }
    let crew = Converted(
        input.pieces(), mapping, verdict, blocks, workers: Int.random(in: 1...3, using: &input.decisions))
    requireSame(crew, whole, "by several threads, at \(blocks)")
}

private func requireSame(_ one: Converted, _ whole: Converted, _ what: String) {
    requireEqual(one.rejection == nil, whole.rejection == nil, what)
    if whole.rejection == nil {
        requireEqual(one, whole, what)
    } else if !whole.hasInvalidBytes, !one.hasInvalidBytes, whole.hasAllFindings, one.hasAllFindings {
        requireEqual(one.withoutEncoding, whole.withoutEncoding, what + ", rejected")
    }
}

// Loaded once; nothing writes to it.
private let mappings: MappingSet = {
    let load = MappingSet.load(folder: ShippedMappings.folder)
    require(!load.hasErrors && load.set.mappings.count >= 2, "\(ShippedMappings.folder): \(load.problems)")
    return load.set
}()

/// What converting a document came to.
struct Converted: Equatable {
    var bytes: [UInt8] = []
    var findings: [Finding]
    var counts: [String: Int]
    var rows: [Int]
    var rejection: Finding?
    var unmapped: [String]

    var hasInvalidBytes: Bool { counts["encoding.invalid-bytes"] != nil || counts["encoding.cut-at-end"] != nil }

    var hasAllFindings: Bool { findings.count == counts.values.reduce(0, +) }

    var withoutEncoding: Converted {
        var copy = self
        copy.findings.removeAll { $0.code.hasPrefix("encoding.") }
        copy.counts = copy.counts.filter { !$0.key.hasPrefix("encoding.") }
        return copy
    }

    init(
        _ pieces: [[UInt8]], _ mapping: Mapping, _ verdict: EncodingVerdict, _ limits: ConversionLimits,
        workers: Int = 0
    ) {
        let context = FilingContext(
            source: "s", filing: String(repeating: "0", count: 64), document: "d",
            receivedAt: "2026-11-21T08:00:00+08:00", areaCode: "370827", identityKey: .published)
        var converter = DocumentConverter(
            mapping: mapping, context: context, encoding: verdict.encoding, isPureASCII: verdict.isPureASCII,
            limits: limits, workers: workers)
        var records = 0
        for piece in pieces {
            converter.feed(piece.span)
            while let batch = converter.drain() { records += Self.take(batch, limits, &bytes) }
        }
        converter.finish()
        while let batch = converter.drain() { records += Self.take(batch, limits, &bytes) }
        let summary = converter.summary
        findings = summary.findings.findings
        counts = summary.findings.counts
        rows = [summary.rowsRead, summary.rowsConverted, summary.rowsSetAside, summary.rowsSkipped]
        rejection = summary.rejection
        unmapped = summary.unmapped
        if rejection != nil { bytes = [] }
        check(summary, records, limits)
    }

    private func check(_ summary: ConversionSummary, _ records: Int, _ limits: ConversionLimits) {
        require(summary.reconciles, "rows do not reconcile: \(rows)")
        if rejection == nil { requireEqual(records, summary.recordCount, "records and their count") }
        // A finding that rejects the document is kept behind all others.
        let others = findings.filter { $0.severity != .fatal }
        require(others.count <= limits.findings, "\(others.count) findings are kept")
        requireEqual(rejection != nil, summary.findings.severities[.fatal, default: 0] > 0, "rejection: \(counts)")
    }

    // Every record is one for swift-protobuf, too, and has the bytes that it would write.
    private static func take(_ batch: RecordBatch, _ limits: ConversionLimits, _ bytes: inout [UInt8]) -> Int {
        var position = 0
        for entry in batch.entries {
            requireEqual(entry.range.lowerBound, position, "an entry does not follow on the one before")
            guard let range = try? DelimitedRecords.next(in: batch.bytes.span, at: &position) else {
                fatalError("no record at \(entry.range)")
            }
            requireEqual(position, entry.range.upperBound, "end of an entry")
            require(range.count <= limits.recordSize, "a record of \(range.count) bytes, limit \(limits.recordSize)")
            let record = Array(batch.bytes[range])
            var options = BinaryEncodingOptions()
            options.useDeterministicOrdering = true
            let again: [UInt8]? = (try? Qiao_Records_V1_Record(serializedBytes: record)).flatMap {
                try? $0.serializedBytes(options: options)
            }
            requireEqual(again, record, "bytes of a record")
            guard let text = try? RecordJSON().text(of: record.span, revealing: true) else {
                fatalError("a record has no JSON")
            }
            requireEqual(try? RecordJSON().parse(Array(text.utf8).span), record, text)
        }
        requireEqual(position, batch.bytes.count, "end of a batch")
        require(
            batch.entries.count == 1 || batch.bytes.count <= limits.chunkSize + limits.recordSize + 5, "a big batch")
        bytes += batch.bytes
        return batch.count
    }
}
