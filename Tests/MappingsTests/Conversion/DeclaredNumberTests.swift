import CanonicalRecords
import Findings
import Testing

@testable import Mappings

/// Numbers that a document declares as no exact ones.
@Suite struct DeclaredNumberTests {
    /// One place for each of three rows.
    private func roster(head: String = "", cell: String = "", control: String, as kind: String = "text") throws
        -> ConvertedDocument
    {
        let yaml = """
            mapping: test.places
            reads: { format: csv, header: [编码], totals: 合计 }
            header: { declared: { after: 应报, as: \(kind) } }
            gives: [{ record: Place, key: code, fields: { code: 编码, name: 名称 } }]
            delivery: upsert
            control: [{ count: Place, name: 地点, \(control) }]

            """
        let text = "应报：\(head)\n编码,名称\n1,一\n2,二\n3,三\n合计,\(cell)\n"
        return try Convert.document(text, Convert.mapping(yaml))
    }

    /// About two may be three: to compare would be to pretend.
    @Test(arguments: ["约2人", "近5", "3左右", "大约 3 个"], ["text", "count"])
    func whatIsAboutIsToldAndNotCompared(_ head: String, _ kind: String) throws {
        let result = try roster(head: head, control: "equals: header.declared", as: kind)
        #expect(result.findings == ["mapping.control-approximate@-:-"])
        #expect(result.summary.controlTotals == [])
        let finding = try #require(result.summary.findings.findings.first)
        #expect(finding.severity == .warning)
        #expect(finding.message.english.contains("地点") && finding.message.english.contains("found 3"))
    }

    @Test(arguments: ["约2人", "本页约2人", "男约2人", "总数2人左右（含代管）", "共计：约2人"])
    func sumsThatAreAboutAreNotCompared(_ cell: String) throws {
        let result = try roster(cell: cell, control: "equals: totals.名称")
        #expect(result.findings == ["mapping.control-approximate@-:-"])
        #expect(result.summary.controlTotals == [])
        #expect(try roster(cell: cell, control: "at-least: totals").summary.controlTotals == [])
    }

    /// 余 and 多 mean: not fewer.
    @Test(arguments: [("2多", true), ("3余人", true), ("不少于3", true), ("本页3人以上", true), ("4多", false), ("≥4人", false)])
    func whatIsAtLeastIsALowerBound(_ text: String, _ agrees: Bool) throws {
        for result in [
            try roster(head: text, control: "equals: header.declared"),
            try roster(head: text, control: "equals: header.declared", as: text.hasPrefix("本") ? "text" : "count"),
            try roster(cell: text, control: "equals: totals.名称"),
        ] {
            guard result.codes != ["mapping.control-missing"] else { continue }
            #expect(result.summary.controlTotals.map(\.isAtLeast) == [true])
            #expect(result.summary.controlTotals.map(\.agrees) == [agrees])
            #expect(result.codes == (agrees ? [] : ["mapping.control-differs"]))
        }
    }
}
