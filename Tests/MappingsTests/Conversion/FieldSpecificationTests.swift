import CanonicalRecords
import Findings
import Testing

@testable import Mappings

/// One test per key that a field or entry can have.
@Suite struct FieldSpecificationTests {
    private func roster(_ fields: String, entry: String = "", reads: String = "", rest: String = "") -> String {
        """
        mapping: m
        reads: { format: csv, header: [姓名]\(reads.isEmpty ? "" : ", " + reads) }
        gives:
          - record: RoleAssignment
        \(entry.isEmpty ? "" : "    " + entry + "\n")    fields:
              role_text: 姓名
              \(fields)
        delivery: event
        \(rest)
        """
    }

    private func first(_ yaml: String, _ text: String, tables: [MappingFile] = []) throws
        -> Qiao_Records_V1_RoleAssignment
    {
        let result = try Convert.document(text, Convert.mapping(yaml, tables: tables))
        return try #require(result.roles.first)
    }

    @Test func mapTranslatesAndStarIsTheRest() throws {
        let mapping = try Convert.mapping(
            roster("role: { from: 职, map: { 楼栋负责人: BUILDING_CHIEF, 单元联络员: 单元长, 待定: ~, \"*\": VOLUNTEER } }"))
        let result = try Convert.document("姓名,职\na,楼栋负责人\nb,单元联络员\nc,待定\nd,别的\ne,\n", mapping)
        #expect(result.roles.map(\.role) == [.buildingChief, .unitChief, .unspecified, .volunteer, .unspecified])
        #expect(result.findings == [])
    }

    /// What is looked up is the whole of what was joined, and each piece of what was split.
    @Test func tablesTakeWhatIsJoinedOrSplit() throws {
        let yaml = """
            mapping: m
            reads: { format: csv, header: [甲, 乙] }
            gives:
              - record: Case
                fields:
                  number: 序
                  title: { join: [甲, 乙], with: "-", map: { a: A, a-b: AB, c-d: ~, "*": 其他 } }
                  category: { join: [[丙, 甲], 乙], with: "/", table: words }
                  lead_unit: { join: [甲, 乙], map: { ab: 甲乙 } }
                  assisting_units: { from: 丙, split: [、], map: { a: 一, b: 二, c: ~ } }
                  units_involved: { from: 丙, split: [、], table: words, column: title }
            delivery: event

            """
        let table = MappingFile(path: "tables/words.csv", bytes: Array("code,title\na/b,甲\na,乙\n".utf8))
        let mapping = try Convert.mapping(yaml, tables: [table])
        let result = try Convert.document("序,甲,乙,丙\n1,a,b,a、b、c\n2,a,,\n3,c,d,a、x\n4,无,,\n", mapping)
        #expect(result.cases.map(\.title) == ["AB", "A", "", ""])
        #expect(result.cases.map(\.category) == ["", "", "", ""])
        #expect(result.cases.map(\.leadUnit) == ["甲乙", "", "", ""])
        #expect(result.cases.map(\.assistingUnits) == [["一", "二"], [], ["一"], []])
        #expect(result.cases.map(\.unitsInvolved) == [["乙"], [], ["乙"], []])
        #expect(
            result.findings == [
                "code-table.unknown@1:丙", "code-table.unknown@1:丙", "code-table.unknown@1:丙",
                "mapping.value-unlisted@2:甲", "code-table.unknown@3:丙", "mapping.value-unlisted@3:甲",
                "mapping.value-unlisted@3:丙", "code-table.unknown@3:丙",
            ])
    }

    @Test func valueThatIsInNoTableIsLeftOutOrSetsTheRowAside() throws {
        let optional = try Convert.mapping(roster("role: { from: 职, map: { 甲: UNIT_CHIEF } }"))
        let kept = try Convert.document("姓名,职\na,乙\n", optional)
        #expect(kept.roles.map(\.role) == [.unspecified])
        #expect(kept.findings == ["mapping.value-unlisted@1:职"])
        let required = try Convert.mapping(roster("role: { from: 职, map: { 甲: UNIT_CHIEF }, required: true }"))
        let dropped = try Convert.document("姓名,职\na,乙\nb,甲\n", required)
        #expect(dropped.roles.map(\.role) == [.unitChief])
        #expect(dropped.summary.findings.findings.map(\.severity) == [.error])
    }

    @Test func codeTableGivesItsCodeOrTitleAndIsPartOfTheVersion() throws {
        let table = MappingFile(path: "tables/roles.csv", bytes: Array("code,title,terms\n120,楼长,老楼长|楼负责人\n".utf8))
        let changed = MappingFile(path: "tables/roles.csv", bytes: Array("code,title,terms\n120,楼长,老楼长|楼负责人|楼管\n".utf8))
        let yaml = roster(
            "role: { from: 职, table: roles }\n      post: 岗\n      remarks: { from: 职, table: roles, column: title }")
        let role = try first(yaml, "姓名,职,岗\na,楼负责人,\n", tables: [table])
        #expect(role.role == .buildingChief)
        #expect(role.remarks == "楼长")
        #expect(try Convert.mapping(yaml, tables: [table]).version != Convert.mapping(yaml, tables: [changed]).version)
    }

    @Test func codeThatTheFieldCannotTakeIsToldWithItsLine() throws {
        let table = MappingFile(path: "tables/roles.csv", bytes: Array("code,title\n120,楼长\n\n7777,无名\n".utf8))
        let yaml = roster("role: { from: 职, table: roles }")
        let load = MappingSet.load(files: [MappingFile(path: "m.yaml", bytes: Array(yaml.utf8))], tables: [table])
        #expect(
            load.problems.map(\.message) == [
                "line 4 of the code table “roles”: “7777” is no value of kind enumeration: the value is not in the "
                    + "standard's list; docs/records.md lists what Role has"
            ])
    }

    @Test func defaultStandsInForNothingButNotForABadValue() throws {
        let yaml = roster("role: { from: 职, default: UNIT_CHIEF }\n      start: { from: 日, default: \"2026-01-01\" }")
        let result = try Convert.document("姓名,职,日\na,,无\nb,某某,2026-13-45\n", Convert.mapping(yaml))
        #expect(result.roles.map(\.role) == [.unitChief, .unspecified])
        #expect(result.roles.map(\.start) == ["2026-01-01", ""])
        #expect(result.codes == ["enum.unknown", "date.impossible"])
    }

    @Test func constIsNormalisedLikeAValue() throws {
        let role = try first(roster("start: { const: 2026年3月1日 }\n      household_count: { const: 0 }"), "姓名\na\n")
        #expect(role.start == "2026-03-01")
        #expect(role.hasHouseholdCount && role.householdCount == 0)
    }

    @Test func joinPassesOverBlanks() throws {
        let yaml = roster("place_name: { join: [[甲, 乙], 丙, 丁], with: \"-\" }")
        #expect(try first(yaml, "姓名,乙,丙,丁\na, 一 ,无,三\n").placeName == "一-三")
    }

    @Test func numbersThatDoNotFitAreBadValues() throws {
        let result = try Convert.document("姓名,级\na,99999999999\nb,18\n", Convert.mapping(roster("grade: 级")))
        #expect(result.roles.map(\.grade) == [0, 18])
        #expect(result.codes == ["number.range"])
    }

    @Test func keyByFieldsRefersToRecordsOfOtherFilings() throws {
        let yaml = """
            mapping: m
            reads: { format: csv, header: [网格] }
            gives:
              - record: Place
                key: code
                fields: { code: 网格 }
              - record: RoleAssignment
                key: role_text
                fields:
                  role_text: 职
                  place: { key-of: Place, by: { code: 网格 } }
            delivery: upsert

            """
        let result = try Convert.document("网格,职\n３７０８２７001,x\n", Convert.mapping(yaml))
        #expect(result.roles.first?.place == result.records.first?.provenance.id)
    }

    @Test func whenSelectsRowsAndDeleteWhenSaysWhatIsGone() throws {
        let entry = "when: { 状态: { not: 草稿 }, 姓名: { present: true } }\n    delete-when: { 状态: [注销, 撤销] }"
        let mapping = try Convert.mapping(roster("role: 职", entry: entry))
        let result = try Convert.document("姓名,职,状态\na,楼长,草稿\nb,楼长,\nc,楼长,注 销\n无,楼长,在\n", mapping)
        #expect(result.records.map(\.provenance.operation) == [.upsert, .delete])
        #expect(result.entries.map(\.isDelete) == [false, true])
        #expect(result.summary.skipped.unselected == 2)
    }

    /// Else a record that goes as it was would be taken for one that did not change, and its delete would not be sent.
    @Test func whatIsGoneIsNotWhatItWas() throws {
        let mapping = try Convert.mapping(roster("role: 职", entry: "delete-when: { 状态: 注销 }"))
        let hashes = try ["在", "", "注销"].map { try Convert.document("姓名,职,状态\na,楼长,\($0)\n", mapping).hashes }
        #expect(hashes[0] == hashes[1])
        #expect(hashes[0] != hashes[2])
    }

    @Test func fillDownRepeatsTheLastValueOfThoseColumnsAlone() throws {
        let mapping = try Convert.mapping(roster("place_name: 小区\n      home_unit: 单位", reads: "fill-down: 小区"))
        let result = try Convert.document("姓名,小区,单位\na,湖畔,甲\nb,,\n合计,,\nc,,\nd,花园,\n", mapping)
        #expect(result.roles.map(\.placeName) == ["湖畔", "湖畔", "湖畔", "花园"])
        #expect(result.roles.map(\.homeUnit) == ["甲", "", "", ""])
    }

    /// Rows that repeat the beginning of a join by blank cells give what rows give that have it written.
    @Test(arguments: [UInt64(1), 2, 3, 4]) func joinsOfMergedCellsAreThoseOfWrittenOnes(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let fields = "place_name: { join: [镇, 村, 组, 号], with: \"/\" }\n      home_unit: { join: [村, 号], with: \"-\" }"
        let merged = try Convert.mapping(roster(fields, reads: "fill-down: [镇, 村, 组]"))
        let written = try Convert.mapping(roster(fields))
        let long = String(repeating: "长", count: 12)
        let blanks = ["", "　", "\u{A0}", "\u{200B} "]
        let texts = ["", "", "", "", "　", "\u{A0}", "\u{200B} ", "甲", "乙 丙", "无", "12", long, long + "街道", "\u{3000}丁"]
        var limits = ConversionLimits()
        for _ in 0..<40 {
            var rows = ["姓名,号,镇,村,组"]
            var full = rows
            var above = ["", "", ""]
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                let cells = (0..<3).map { _ in texts.randomElement(using: &random) ?? "" }
                let number = ["", "1", "2栋"].randomElement(using: &random) ?? ""
                for (column, cell) in cells.enumerated() where !blanks.contains(cell) { above[column] = cell }
                var row = ["某", number] + cells
                // A short row ends in blank cells, which begin where the next row does.
                while row.count > 2, row.last == "", Bool.random(using: &random) { row.removeLast() }
                rows.append(row.joined(separator: ","))
                full.append((["某", number] + above).joined(separator: ","))
            }
            limits.blockSize = Int.random(in: 1...400, using: &random)
            let some = try Convert.document(rows.joined(separator: "\n"), merged, limits: limits)
            let all = try Convert.document(full.joined(separator: "\n"), written)
            #expect(some.roles.map(\.placeName) == all.roles.map(\.placeName))
            #expect(some.roles.map(\.homeUnit) == all.roles.map(\.homeUnit))
        }
    }

    /// A join whose parts are the last ones of another gives what it gives without the other, whichever comes first.
    @Test(arguments: [UInt64(1), 2, 3, 4]) func joinsThatEndAsAnotherAreThoseOfTheirOwn(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let whole = "{ join: [镇, 村, 组, 号], with: \"/\" }"
        let tail = "{ join: [\(["组, 号", "村, 组, 号", "号"].randomElement(using: &random) ?? "号")], with: \"/\" }"
        let texts = ["", "", "　", "\u{200B} ", "甲", "乙 丙", "无", "12", "3栋", "\u{3000}丁", "\u{7}戊", "="]
        let filled = "fill-down: [镇, 村]"
        for (name, unit) in [(whole, tail), (tail, whole), (whole, whole)] {
            let both = try Convert.mapping(roster("place_name: \(name)\n      home_unit: \(unit)", reads: filled))
            let first = try Convert.mapping(roster("place_name: \(name)", reads: filled))
            let second = try Convert.mapping(roster("home_unit: \(unit)", reads: filled))
            var rows = ["姓名,镇,村,组,号"]
            for _ in 0..<200 {
                let cells = (0..<4).map { _ in texts.randomElement(using: &random) ?? "" }
                rows.append((["某"] + cells).joined(separator: ","))
            }
            let document = rows.joined(separator: "\n")
            let roles = try Convert.document(document, both).roles
            let names = try Convert.document(document, first).roles.map(\.placeName)
            let units = try Convert.document(document, second).roles.map(\.homeUnit)
            #expect(roles.map(\.placeName) == names)
            #expect(roles.map(\.homeUnit) == units)
        }
    }

    @Test func valuesAboveTheHeaderAreReadByTheirLabel() throws {
        let rest = "header:\n  unit: { after: 填报单位 }\n  day: { after: 填报日期, as: date }\neffective: header.day\n"
        let mapping = try Convert.mapping(roster("home_unit: { header: unit }", rest: rest))
        let result = try Convert.document("名册\n填报单位：滨湖街道　　填报 日期：2026年3月1日\n姓名,x\na,\n", mapping)
        #expect(result.roles.first?.homeUnit == "滨湖街道")
        #expect(result.records.first?.provenance.effectiveAt == "2026-03-01")
        #expect(result.summary.header == ["unit": "滨湖街道", "day": "2026-03-01"])
    }

    @Test func extensionKeepsNamedColumnsOrTheRestInTheOrderOfNames() throws {
        let named = try Convert.document(
            "姓名,丙,乙,甲\na, 3 ,2,1\n", Convert.mapping(roster("role: 职", entry: "extension: [乙, 丙]")))
        #expect(named.records.first?.`extension` == ["乙": "2", "丙": "3"])
        let rest = try Convert.document(
            "姓名,职,丙,乙,甲\na,楼长,3,,1\n", Convert.mapping(roster("role: 职", entry: "extension: rest")))
        #expect(rest.records.first?.`extension` == ["丙": "3", "甲": "1"])
        #expect(rest.summary.unmapped == ["丙", "乙", "甲"])
    }

    /// Of `[甲, 乙]` the first that the document has is read; the other one must not be lost without a word.
    @Test func restKeepsAlternativesThatAreNotRead() throws {
        let rest = try Convert.mapping(roster("role: [甲, 乙]\n      place_name: 丙", entry: "extension: rest"))
        let both = try Convert.document("姓名,乙,甲,丙\na,单元长,楼长,x\n", rest)
        #expect(both.roles.map(\.role) == [.buildingChief])
        #expect(both.records.map(\.`extension`) == [["乙": "单元长"]])
        #expect(both.summary.unmapped == ["乙"])
        let second = try Convert.document("姓名,乙,丙\na,单元长,x\n", rest)
        #expect(second.roles.map(\.role) == [.unitChief])
        #expect(second.records.map(\.`extension`) == [[:]])
        // Another field reads it, or it is kept by name.
        for reader in ["place_name: [丁, 乙]", "place_name: 丙\n    extension: [乙]"] {
            let read = try Convert.mapping(roster("role: [甲, 乙]\n      \(reader)"))
            #expect(try Convert.document("姓名,乙,甲,丙\na,单元长,楼长,x\n", read).summary.unmapped.contains("乙") == false)
        }
    }

    /// A sheet's letters are what people see above such a column; blank ones are a spreadsheet's and nothing.
    @Test func restKeepsColumnsWithoutANameUnderTheirLetters() throws {
        let rest = try Convert.mapping(roster("role: 职", entry: "extension: rest"))
        let kept = try Convert.document("姓名,,职,D列,,乙,,\na,暂住,楼长,1,x,2,,\nb, ,楼长,,,,　,\n", rest)
        #expect(kept.records.map(\.`extension`) == [["B列": "暂住", "D列": "1", "E列": "x", "乙": "2"], [:]])
        let clash = try Convert.document("姓名,,职,B列\na,暂住,楼长,1\n", rest)
        #expect(clash.records.map(\.`extension`) == [["B列": "1", "B列#2": "暂住"]])
        let wide = "姓名,职," + String(repeating: ",", count: 50)
        let far = try Convert.document("\(wide)\na,楼长,\(String(repeating: ",", count: 49))z\n", rest)
        #expect(far.records.map(\.`extension`) == [["AZ列": "z"]])
    }

    @Test func entryThatKeepsNoColumnsKeepsNoneBesideOneThatKeepsTheRest() throws {
        let yaml = """
            mapping: m
            reads: { format: csv, header: [姓名] }
            gives:
              - record: Person
                extension: []
                fields: { name: 姓名 }
              - record: RoleAssignment
                extension: rest
                fields: { role_text: 姓名 }
            delivery: event

            """
        let result = try Convert.document("姓名,甲\na,1\n", Convert.mapping(yaml))
        #expect(result.records.map(\.`extension`) == [[:], ["甲": "1"]])
    }

    @Test func totalsRowIsComparedByColumn() throws {
        let rest =
            "control:\n  - { count: RoleAssignment, equals: totals.户数, name: 合计 }\n"
            + "  - { count: RoleAssignment, at-least: totals }\n"
        let mapping = try Convert.mapping(roster("household_count: 户数", reads: "totals: 合计", rest: rest))
        let result = try Convert.document("姓名,户数\na,1\nb,1\n合计：1人,2户\n", mapping)
        #expect(result.summary.controlTotals.map(\.declared) == [2, 1])
        #expect(result.summary.controlTotals.map(\.agrees) == [true, true])
    }

    @Test(
        arguments: [
            ("2,225名", 2225), ("２２２５", 2225), ("合计：1.2万", 12000), ("3万", 30000), ("3.0", 3), ("共3人次", 3),
            ("3（其中男2）", 3), ("男2人", 2), ("3.5", nil), ("-3", nil), ("3/4", nil), ("3-4", nil), ("1e3", nil),
            ("A3", nil),
            ("=SUM(B2:B4)", nil), ("12.5%", nil), ("男1.2万", nil), ("99999999999999999999", nil), ("#REF!", nil),
        ] as [(String, Int?)])
    func numberOfATotalsRowIsACountOrNone(_ cell: String, _ number: Int?) throws {
        let rest = "control: [{ count: RoleAssignment, equals: totals.户数 }]\n"
        let mapping = try Convert.mapping(roster("household_count: 户数", reads: "totals: 合计", rest: rest))
        let result = try Convert.document("姓名,户数\na,1\n合计,\"\(cell)\"\n", mapping)
        #expect(result.summary.controlTotals.map(\.declared) == [number])
    }

    @Test func numbersOfAnEarlierSumAreNoneOfTheLast() throws {
        let rest =
            "control: [{ count: RoleAssignment, equals: totals.户数 }, { count: RoleAssignment, equals: totals }]\n"
        let mapping = try Convert.mapping(roster("household_count: 户数", reads: "totals: 合计", rest: rest))
        let result = try Convert.document("姓名,户数,备注\na,1,\n小计,1,\nb,1,\n合计,,2\n合计：,,\n", mapping)
        #expect(result.summary.controlTotals.map(\.declared) == [nil, 2])
    }

    @Test func messagesAreMadeFromColumnsAndEmptyOnesLeftOut() throws {
        let yaml = """
            mapping: m
            reads: { format: csv, header: [编号] }
            gives:
              - record: Case
                key: number
                fields:
                  number: 编号
                  position: { fields: { longitude: 经度, latitude: 纬度, system: { const: CGCS2000 } } }
                  events:
                    - fields: { stage: { const: 受理 }, at: 受理时间 }
                    - fields: { stage: { const: 结案 }, at: 结案时间 }
            delivery: event

            """
        let text = "编号,经度,纬度,受理时间,结案时间\n1,116.5,35.0,2026-03-01 08:00,\n2,,,,2026-03-02 09:00\n"
        let result = try Convert.document(text, Convert.mapping(yaml))
        #expect(result.cases.map(\.hasPosition) == [true, false])
        #expect(result.cases[0].position.longitude == 116.5)
        #expect(result.cases.map { $0.events.map(\.stage) } == [[.received], [.closed]])
    }

    @Test func birthDateAndSexThatDenyTheIdentityNumberAreToldAndKept() throws {
        let yaml = """
            mapping: m
            reads: { format: csv, header: [证] }
            gives:
              - record: Person
                key: identity_number
                fields: { identity_number: 证, birth_date: 生, sex: 性 }
            delivery: upsert

            """
        let result = try Convert.document("证,生,性\n370827190001010014,1901-01-01,女\n", Convert.mapping(yaml))
        #expect(result.persons.first?.birthDate == "1901-01-01")
        #expect(Set(result.codes) == ["identity-number.birth-date", "identity-number.sex"])
        #expect(result.summary.findings.gravest == .warning)
    }

    @Test func listOfReferencesHasOneIdForEachValue() throws {
        let yaml = """
            mapping: m
            reads: { format: csv, header: [会] }
            gives:
              - record: Activity
                fields:
                  name: 会
                  participants: { from: 人, split: ; }
              - record: Person
                key: identity_number
                fields: { identity_number: 证 }
            delivery: event

            """
        let text = "会,人,证\n甲,370827190001010014; 370827190001010057,370827190001010057\n"
        let result = try Convert.document(text, Convert.mapping(yaml))
        let activity = try #require(result.records.first?.activity)
        #expect(activity.participants.count == 2)
        #expect(activity.participants.last == result.records.last?.provenance.id)
    }

    @Test func onErrorOfAFieldCanRejectTheFiling() throws {
        let mapping = try Convert.mapping(roster("start: { from: 日, on-error: filing }"))
        let result = try Convert.document("姓名,日\na,2026-02-30\n", mapping)
        #expect(result.summary.rejection?.code == "mapping.row-refused")
    }

    @Test func columnNumbersBelowTheHeaderAreNoRow() throws {
        let result = try Convert.document("姓名,职,户\n1,2,3\na,楼长,4\n5,6,7\n", Convert.mapping(roster("role: 职")))
        #expect(result.summary.skipped.remarks == 1)
        #expect(result.roles.map(\.roleText) == ["a", "5"])
    }

    @Test func everyRecordOfAnEventIsNew() throws {
        let result = try Convert.document("姓名\na\na\n", Convert.mapping(roster("role: 姓名")))
        #expect(Set(result.records.map(\.provenance.id)).count == 2)
        #expect(Set(result.hashes).count == 1)
    }
}
