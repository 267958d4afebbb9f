import CanonicalRecords
import Findings
import Testing

@testable import Mappings

/// From when records hold, where each row says so.
@Suite struct EffectiveTimeTests {
    private func roster(_ rows: String, fillDown: Bool = false, limits: ConversionLimits = ConversionLimits()) throws
        -> ConvertedDocument
    {
        let yaml = """
            mapping: test.places
            reads: { format: csv, header: [编码]\(fillDown ? ", fill-down: 日期" : "") }
            gives:
              - record: Place
                key: code
                effective: 日期
                fields: { code: 编码 }
              - record: Case
                key: number
                effective: 日期
                fields: { number: 编码 }
            delivery: upsert

            """
        return try Convert.document("编码,日期\n\(rows)", Convert.mapping(yaml), limits: limits)
    }

    @Test func whatCannotBeReadIsToldOncePerRow() throws {
        let result = try roster("1,2026-03-01\n2,2026-02-30\n3,三月\n4,85.3\n5,无\n6,\n")
        let times = ["2026-03-01", "", "", "1985-03", "", ""]
        #expect(result.records.map(\.provenance.effectiveAt) == times.flatMap { [$0, $0] })
        #expect(
            result.findings == [
                "date-time.impossible@2:日期", "date-time.format@3:日期", "date.two-digit-year@4:日期",
            ])
        let place = result.summary.findings.findings.first?.place
        #expect(place == SourcePlace(line: 3, column: 3, offset: 29))
    }

    /// Whatever block a row is in.
    @Test(arguments: [1, 16, 4096]) func filledOneIsToldOfEveryRow(blockSize: Int) throws {
        var limits = ConversionLimits()
        limits.blockSize = blockSize
        let result = try roster("1,三月\n2,\n3,\n4,2026-03-01\n5,\n", fillDown: true, limits: limits)
        #expect(
            result.findings == [
                "date-time.format@1:日期", "date-time.format@2:日期", "date-time.format@3:日期",
            ])
    }
}
