import CanonicalRecords
import Testing

@testable import Mappings

/// Rosters that are printed, or put together from several, have their header again further down.
@Suite struct RepeatedHeaderTests {
    private func roster(_ text: String) throws -> ConvertedDocument {
        let yaml = """
            mapping: test.places
            reads: { format: csv, header: [名称, 备注], fill-down: 社区 }
            gives:
              - record: Place
                fields: { name: 名称, parent_name: 社区, remarks: 备注 }
            delivery: event

            """
        return try Convert.document(text, Convert.mapping(yaml))
    }

    @Test(
        arguments: [
            "社区,名称,备注", "社 区 ,名称,备注,,", "\"社区\",名　称,备注", "社区,名称,备注\n1,2,3", "社区,名称", ",名称,备注",
        ])
    func itIsSkipped(again: String) throws {
        let result = try roster("社区,名称,备注\n甲,一,\n,二,\n\(again)\n,三,\n乙,四,\n")
        #expect(result.records.map(\.place.name) == ["一", "二", "三", "四"])
        #expect(result.records.map(\.provenance.row).first == 1)
        #expect(result.summary.rowsConverted == 4)
        #expect(result.summary.skipped.remarks == again.split(separator: "\n").count)
        #expect(result.findings == [])
        #expect(result.records.map(\.place.parentName) == ["甲", "甲", "甲", "乙"])
    }

    @Test func ofTwoRowsItIsSkipped() throws {
        let header = "社区,名称,联系方式,,备注\n,,电话,手机,\n"
        let result = try roster("\(header)甲,一,1,2,\n\(header),二,1,2,\n")
        #expect(result.records.map(\.place.name) == ["一", "二"])
        #expect(result.summary.skipped.remarks == 2)
        #expect(result.findings == [])
    }

    @Test(arguments: ["社区,一,", "甲,名称,", ",名称,", "备注,名称,社区"]) func rowWithADifferentCellIsData(row: String) throws {
        let result = try roster("社区,名称,备注\n甲,一,\n\(row)\n")
        #expect(result.summary.rowsConverted == 2)
    }
}
