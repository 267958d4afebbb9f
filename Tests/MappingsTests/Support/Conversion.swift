import CanonicalRecords
import Findings
import SwiftProtobuf
import Testing
import TextEncodings

@testable import Mappings

/// A converted document, for looking at.
struct ConvertedDocument {
    var records: [Qiao_Records_V1_Record]
    var bytes: [UInt8]
    var entries: [RecordBatch.Entry]
    var hashes: [SipHash128.Digest] = []
    var summary: ConversionSummary

    var codes: [String] { summary.findings.findings.map(\.code) }

    /// `code@row:field` of every finding.
    var findings: [String] {
        summary.findings.findings.map { "\($0.code)@\($0.row.map(String.init) ?? "-"):\($0.field ?? "-")" }
    }

    var persons: [Qiao_Records_V1_Person] {
        records.compactMap { if case .person(let one)? = $0.body { one } else { nil } }
    }
    var roles: [Qiao_Records_V1_RoleAssignment] {
        records.compactMap { if case .roleAssignment(let one)? = $0.body { one } else { nil } }
    }
    var cases: [Qiao_Records_V1_Case] { records.compactMap { if case .case(let one)? = $0.body { one } else { nil } } }
}

enum Convert {
    static let context = FilingContext(
        source: "yutai-liangzhang", filing: String(repeating: "ab", count: 32), document: "d.csv",
        receivedAt: "2026-11-21T08:00:00+08:00", areaCode: "370827", identityKey: .published)

    static func mapping(_ yaml: String, tables: [MappingFile] = []) throws -> Mapping {
        let load = MappingSet.load(files: [MappingFile(path: "m.yaml", bytes: Array(yaml.utf8))], tables: tables)
        try #require(load.problems.filter(\.isError).map(\.description) == [])
        return try #require(load.set.mappings.first)
    }

    static func document(
        _ bytes: [UInt8], _ mapping: Mapping, encoding: TextEncoding = .utf8, context: FilingContext = context,
        limits: ConversionLimits = ConversionLimits(), piece: Int = .max, workers: Int = 0
    ) throws -> ConvertedDocument {
        var converter = DocumentConverter(
            mapping: mapping, context: context, encoding: encoding, limits: limits, workers: workers)
        var result = ConvertedDocument(records: [], bytes: [], entries: [], summary: converter.summary)
        var start = 0
        while start < bytes.count {
            let end = start + min(piece, bytes.count - start)
            converter.feed(bytes.span.extracting(start..<end))
            try drain(&converter, &result)
            start = end
        }
        converter.finish()
        try drain(&converter, &result)
        result.summary = converter.summary
        if result.summary.isRejected { result.records = [] }
        #expect(result.summary.reconciles)
        return result
    }

    static func document(_ text: String, _ mapping: Mapping, limits: ConversionLimits = ConversionLimits()) throws
        -> ConvertedDocument
    {
        try document(Array(text.utf8), mapping, limits: limits)
    }

    private static func drain(_ converter: inout DocumentConverter, _ result: inout ConvertedDocument) throws {
        while let batch = converter.drain() {
            result.hashes += batch.entries.map { batch.contentHash(of: $0) }
            for entry in batch.entries {
                var at = entry.range.lowerBound
                let range = try #require(try DelimitedRecords.next(in: batch.bytes.span, at: &at))
                #expect(at == entry.range.upperBound)
                let bytes = Array(batch.bytes[range])
                let record = try Qiao_Records_V1_Record(serializedBytes: bytes)
                #expect(try record.deterministic() == bytes)
                result.records.append(record)
                var moved = entry
                moved.range = result.bytes.count..<result.bytes.count + entry.range.count
                result.bytes += batch.bytes[entry.range]
                result.entries.append(moved)
            }
        }
    }
}

extension Message {
    /// The bytes with maps in the order of their keys.
    func deterministic() throws -> [UInt8] {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        return try serializedBytes(options: options)
    }
}
