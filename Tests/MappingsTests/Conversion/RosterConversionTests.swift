import CanonicalRecords
import Findings
import Testing
import TextEncodings

@testable import Mappings

@Suite struct RosterConversionTests {
    @Test func rosterOfTheDocumentationGivesPeopleAndRoles() throws {
        let result = try Convert.document(Forms.rosterDocument, Convert.mapping(Forms.roster))
        #expect(result.persons.map(\.name) == ["张三", "李四", "王五"])
        #expect(result.persons.map(\.mobile) == ["13800000001", "13800000002", ""])
        #expect(result.persons.map(\.politicalStatus) == [.communistPartyMember, .citizen, .unspecified])
        #expect(result.roles.map(\.role) == [.buildingChief, .unitChief, .unitChief])
        #expect(result.roles.map(\.person) == result.records.filter { $0.person != .init() }.map(\.provenance.id))
        #expect(Set(result.roles.map(\.place)).count == 3)
        #expect(result.summary.rowsRead == 5)
        #expect(result.summary.rowsConverted == 3)
        #expect(result.summary.skipped.blank == 1)
        #expect(result.summary.skipped.totals == 1)
        #expect(result.summary.records == ["Person": 3, "RoleAssignment": 3])
        #expect(result.summary.controlTotals.map(\.agrees) == [true])
        #expect(result.summary.preamble.first?.hasPrefix("鱼台县") == true)
        #expect(result.summary.snapshotScope == "yutai.liangzhang-roster")
        #expect(result.findings == [])
    }

    @Test func provenanceTellsWhereARecordComesFrom() throws {
        let mapping = try Convert.mapping(Forms.roster)
        let provenance = try #require(Convert.document(Forms.rosterDocument, mapping).records.first).provenance
        #expect(provenance.source == "yutai-liangzhang")
        #expect(provenance.mapping == "yutai.liangzhang-roster")
        #expect(provenance.mappingVersion == mapping.version)
        #expect(provenance.filing == Convert.context.filing)
        #expect(provenance.document == "d.csv")
        #expect(provenance.line == 4)
        #expect(provenance.row == 1)
        #expect(provenance.operation == .upsert)
        #expect(provenance.receivedAt == "2026-11-21T08:00:00+08:00")
        #expect(provenance.areaCode == "370827")
        #expect(provenance.id.count == 32)
    }

    @Test func rowWithABadKeyGivesNeitherPersonNorRole() throws {
        let text = """
            姓名,职务,身份证号,小区,楼栋,单元,联系电话,政治面貌
            张三,楼长,370827190001010018,湖畔,1,,,
            李四,单元长,370827190001010057,湖畔,1,2,123,

            """
        let result = try Convert.document(text, Convert.mapping(Forms.roster))
        #expect(result.persons.map(\.name) == ["李四"])
        #expect(result.roles.count == 1)
        #expect(result.summary.rowsSetAside == 1)
        #expect(
            result.findings == [
                "identity-number.checksum@1:身份证号", "mobile.format@2:联系电话", "mapping.control-differs@-:-",
            ])
        let finding = try #require(result.summary.findings.findings.first)
        #expect(finding.severity == .error)
        #expect(finding.value == "370827********0018")
        #expect(finding.place == SourcePlace(line: 2, column: 7, offset: 88))
        let other = try #require(result.summary.findings.findings.dropFirst().first)
        #expect(other.severity == .warning)
        #expect(other.field == "联系电话")
    }

    @Test func placesAreThoseOfTheDocumentAsItWasFiled() throws {
        // 姓名,职务,身份证号,小区,楼栋,单元 / 张三,楼长,12,… in GB18030.
        let header: [UInt8] = [
            0xD0, 0xD5, 0xC3, 0xFB, 0x2C, 0xD6, 0xB0, 0xCE, 0xF1, 0x2C, 0xC9, 0xED, 0xB7, 0xDD, 0xD6, 0xA4, 0xBA, 0xC5,
        ]
        let row: [UInt8] = [0x0A, 0xD5, 0xC5, 0xC8, 0xFD, 0x2C, 0xC2, 0xA5, 0xB3, 0xA4, 0x2C, 0x31, 0x32, 0x0A]
        let yaml = Forms.roster.replacing("place: { join: [小区, 楼栋, 单元], with: \"/\" }", with: "place: 职务")
        let result = try Convert.document(header + row, Convert.mapping(yaml), encoding: .gb18030)
        let finding = try #require(result.summary.findings.findings.first { $0.code.hasPrefix("identity-number") })
        #expect(finding.place == SourcePlace(line: 2, column: 7, offset: 29))
    }

    @Test func missingRequiredColumnRejectsAndMissingOptionalOneWarns() throws {
        let mapping = try Convert.mapping(Forms.roster)
        let optional = try Convert.document("姓名,职务,身份证号,小区,楼栋,单元,政治面貌\n", mapping)
        #expect(optional.findings.first == "mapping.column-missing@-:联系电话")
        #expect(!optional.summary.isRejected)
        let required = try Convert.document("姓名,职务\n张三,楼长\n", mapping)
        #expect(required.summary.rejection?.code == "mapping.column-required")
        #expect(required.records.isEmpty)
    }

    @Test func headerThatNeverComesRejects() throws {
        let result = try Convert.document("甲,乙\n1,2\n", Convert.mapping(Forms.roster))
        #expect(result.summary.rejection?.code == "csv.header-not-found")
    }

    @Test func emptyDocumentRejects() throws {
        let result = try Convert.document("", Convert.mapping(Forms.roster))
        #expect(result.summary.isRejected)
    }

    @Test func headerWithoutRowsIsAccepted() throws {
        let text = "姓名,职务,身份证号,联系电话,政治面貌,小区,楼栋,单元\n"
        let result = try Convert.document(
            text, Convert.mapping(Forms.roster.replacing("equals: 2\n", with: "equals: 0\n")))
        #expect(!result.summary.isRejected)
        #expect(result.codes == ["mapping.no-rows"])
    }

    @Test func bytesThatAreNoTextReject() throws {
        var bytes = Array(Forms.rosterDocument.utf8)
        bytes[bytes.count - 20] = 0xFF
        let result = try Convert.document(bytes, Convert.mapping(Forms.roster))
        #expect(result.summary.rejection?.code == "encoding.invalid-bytes")
        #expect(result.records.isEmpty)
    }

    @Test(
        arguments: [
            ("on-error: filing\n", "mapping.row-refused"), ("on-error: { threshold: 0 }\n", "mapping.threshold"),
            ("on-error: { threshold: 10% }\n", "mapping.threshold"), ("on-error: { threshold: 1 }\n", nil),
            ("on-error: { threshold: 60% }\n", nil), ("on-error: record\n", nil),
        ] as [(String, String?)])
    func badRowMeansWhatOnErrorSays(policy: String, rejection: String?) throws {
        let text = """
            姓名,职务,身份证号,小区,楼栋,单元,联系电话,政治面貌
            张三,楼长,370827190001010018,湖畔,1,,,
            李四,单元长,370827190001010057,湖畔,1,2,,

            """
        let result = try Convert.document(text, Convert.mapping(Forms.roster + policy))
        #expect(result.summary.rejection?.code == rejection)
        #expect(result.records.count == (rejection == nil ? 2 : 0))
    }

    @Test func raggedRowsAreToldAndReadAsFarAsTheyGo() throws {
        let text = """
            姓名,职务,身份证号,联系电话,政治面貌,小区,楼栋,单元
            张三,楼长,370827190001010014,13800000001,党员,湖畔
            李四,单元长,370827190001010057,,群众,湖畔,1,2,,
            王五,单元长,370827190001010030,,无,湖畔,2,1,多余

            """
        let result = try Convert.document(text, Convert.mapping(Forms.roster))
        #expect(result.persons.count == 3)
        #expect(result.findings == ["csv.ragged-row@1:-", "csv.ragged-row@3:-"])
    }

    /// Below a header with blank or repeated names the next row is looked at first: it may be the header's lower half.
    @Test(arguments: ["政治面貌", "联系电话", ""])
    func findingsOfTheFirstRowNameIt(last: String) throws {
        let text = """
            姓名,职务,身份证号,小区,楼栋,单元,联系电话,\(last)
            张"三,楼长,370827190001010014,湖畔,1,,,

            """
        let result = try Convert.document(text, Convert.mapping(Forms.roster))
        #expect(result.findings.filter { $0.hasPrefix("csv.stray-quote") } == ["csv.stray-quote@1:-"])
    }

    @Test func findingsOfTheHeaderNameNoRow() throws {
        let text = """
            姓名,职务,身份证号,小区,楼栋,单"元,联系电话,政治面貌
            张三,楼长,370827190001010014,湖畔,1,,,

            """
        let result = try Convert.document(text, Convert.mapping(Forms.roster))
        #expect(result.findings.filter { $0.hasPrefix("csv.stray-quote") } == ["csv.stray-quote@-:-"])
    }

    @Test func recordsOverTheLimitSetTheirRowAside() throws {
        let yaml = Forms.roster.replacing("mobile: 联系电话", with: "mobile: 联系电话\n      remarks: 备注")
        let long = String(repeating: "备", count: 4000)
        let text = "姓名,职务,身份证号,联系电话,政治面貌,小区,楼栋,单元,备注\n张三,楼长,370827190001010014,,,湖畔,1,2,\(long)\n"
        let result = try Convert.document(text, Convert.mapping(yaml), limits: ConversionLimits(recordSize: 8_000))
        #expect(result.records.isEmpty)
        #expect(result.findings.first == "mapping.record-too-large@1:-")
        #expect(result.summary.rowsSetAside == 1)
    }
}
