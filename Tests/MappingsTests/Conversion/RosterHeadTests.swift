import CanonicalRecords
import Findings
import Testing

@testable import Mappings

/// Values that stand behind labels above a roster's header.
@Suite struct RosterHeadTests {
    private static let yaml = """
        mapping: test.places
        reads: { format: csv, header: [编码] }
        header:
          unit: { after: 填报单位 }
          day: { after: 填报日期, as: date }
        gives:
          - record: Place
            key: code
            fields: { code: 编码, name: 名称 }
        effective: header.day
        delivery: upsert

        """

    private func roster(_ head: String) throws -> ConvertedDocument {
        try Convert.document("\(head)\n编码,名称\n1,一\n2,二\n", Convert.mapping(Self.yaml))
    }

    /// What a document says once for all of its records, it says once: another value is told, where it stands.
    @Test(
        arguments: [
            ("填报单位：甲,,填报日期：2026年3月1日\n填报单位：乙", "mapping.value-repeated@-:填报单位", 2, 1),
            ("填报单位：甲,填报日期：2026年3月1日,填报单位：乙", "mapping.value-repeated@-:填报单位", 1, 23),
            ("填报单位：甲　　填报日期：2026年3月1日　　填报单位：乙", "mapping.value-repeated@-:填报单位", 1, 1),
            ("填报单位,甲,填报日期：2026年3月1日\n填报单位,乙\n填报单位,丙", "mapping.value-repeated@-:填报单位", 2, 1),
            ("填报单位：甲\n填报日期：2026年3月1日\n填报日期：2026年4月1日", "mapping.value-repeated@-:填报日期", 3, 1),
        ])
    func secondValueIsTold(head: String, finding: String, line: Int, column: Int) throws {
        let result = try roster(head)
        #expect(result.findings == [finding])
        #expect(result.summary.header == ["unit": "甲", "day": "2026-03-01"])
        let place = result.summary.findings.findings.first?.place
        #expect(place?.line == line)
        #expect(place?.column == column)
    }

    @Test(arguments: [
        "填报单位：甲,填报日期：2026年3月1日\n填报单位： 甲", "填报单位：,填报日期：2026年3月1日\n填报单位：甲",
        "各填报单位注意,填报日期：2026年3月1日\n填报单位：甲",
    ])
    func sameValueOrNoneIsNoSecondOne(head: String) throws {
        let result = try roster(head)
        #expect(result.summary.header == ["unit": "甲", "day": "2026-03-01"])
        #expect(result.findings == [])
    }

    @Test(
        arguments: [
            ("填报单位：,,填报日期：2026年3月1日", nil), ("填报单位：　　　填报日期：2026年3月1日", nil),
            ("填报单位,填报日期：2026年3月1日", nil), ("填报单位：甲 填报日期：2026年3月1日", "甲"),
            ("填报单位：甲 填表人：张三,填报日期：2026年3月1日", "甲"), ("填报单位：甲 乙,填报日期：2026年3月1日", "甲 乙"),
            ("填报单位：,填表人：张三,填报日期：2026年3月1日", nil), ("填报单位（盖章）：甲,填报日期：2026年3月1日", "甲"),
            ("填报单位（盖章）,甲,填报日期：2026年3月1日", "甲"), ("填报单位甲,填报日期2026年3月1日", "甲"),
            ("填报单位：甲（乙）,填报日期 2026年3月1日", "甲（乙）"), ("填 报 单 位 ：甲,填报日期：2026年3月1日", "甲"),
        ] as [(String, String?)])
    func anotherLabelIsNoValue(head: String, unit: String?) throws {
        let result = try roster(head)
        #expect(result.summary.header["unit"] == unit)
        #expect(result.summary.header["day"] == "2026-03-01")
        #expect(result.findings == [])
    }

    /// From when records hold is left out where it cannot be read, as any value is, and told so: once, where it stands.
    @Test func badDayIsToldOnceForAllRecords() throws {
        let result = try roster("填报单位：甲,填报日期：2026年13月1日")
        #expect(result.records.map(\.provenance.effectiveAt) == ["", ""])
        #expect(result.findings == ["date-time.impossible@-:填报日期"])
        let finding = try #require(result.summary.findings.findings.first)
        #expect(finding.severity == .warning)
        #expect(finding.value == "2026年13月1日")
        #expect(finding.place == SourcePlace(line: 1, column: 8, offset: 19))
    }

    private func organisations(_ founded: String, limits: ConversionLimits = ConversionLimits()) throws
        -> ConvertedDocument
    {
        let yaml = """
            mapping: test.organisations
            reads: { format: csv, header: [名称] }
            header: { day: { after: 成立日期 } }
            gives: [{ record: Organisation, key: name, fields: { name: 名称, founded: \(founded) } }]
            delivery: upsert

            """
        return try Convert.document("成立日期：三月\n名称\n一\n二\n三\n", Convert.mapping(yaml), limits: limits)
    }

    /// Whatever block a row is in, and though no more findings are kept.
    @Test(arguments: [1, 4096], [1, 100]) func badValueOfAFieldIsToldOnce(blockSize: Int, findings: Int) throws {
        var limits = ConversionLimits(findings: findings)
        limits.blockSize = blockSize
        let result = try organisations("{ header: day }", limits: limits)
        #expect(result.findings == ["date.format@-:成立日期"])
        #expect(result.summary.findings.counts.values.reduce(0, +) == 1)
    }

    /// A row that is set aside is told why, each of them.
    @Test func rowsThatItSetsAsideAreToldEach() throws {
        let result = try organisations("{ header: day, required: true }")
        #expect(result.findings == ["date.format@1:成立日期", "date.format@2:成立日期", "date.format@3:成立日期"])
        #expect(result.summary.rowsSetAside == 3)
    }
}
