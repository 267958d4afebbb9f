import CanonicalRecords
import Findings
import Testing

@testable import Mappings

/// One cell, one area.
@Suite struct AreaCodeTests {
    private func cases(_ cells: [String]) throws -> ConvertedDocument {
        let yaml = """
            mapping: test.cases
            reads: { format: csv, header: [编号, 区划] }
            gives:
              - record: Case
                key: number
                fields: { number: 编号, area_code: 区划 }
            delivery: upsert

            """
        let rows = cells.enumerated().map { "\($0.offset),\"\($0.element)\"\n" }.joined()
        return try Convert.document("编号,区划\n\(rows)", Convert.mapping(yaml))
    }

    @Test(arguments: [
        "330102 330103", "330102　330103", "330102\n330103", "330102, 330103", "330102/330103", "330102、330103",
        "330102；330103；330104", "330102001 330102002", "330102 330103 330104", "370827，370828001",
    ])
    func severalAreNotTakenForOne(_ cell: String) throws {
        let result = try cases([cell])
        #expect(result.cases.map(\.areaCode) == [""])
        #expect(result.findings == ["area-code.several@1:区划"])
        #expect(result.summary.findings.findings.map(\.severity) == [.warning])
    }

    @Test(arguments: [
        ("330102 001 001", "330102001001"), ("370827 102201", "370827102201"), ("33 01 02", "330102"),
        (" 370827001\n", "370827001"), ("'370827", "370827"),
    ])
    func blanksWithinOneGo(_ cell: String, _ code: String) throws {
        let result = try cases([cell])
        #expect(result.cases.map(\.areaCode) == [code])
        #expect(result.findings == [])
    }
}
