import CanonicalRecords
import Testing

@testable import Mappings

/// Nothing that is written in a mapping is passed over in silence: it has its meaning, or it is a problem.
@Suite struct PassedOverTests {
    private func load(_ mapping: String, _ found: String, _ replacement: String) -> MappingLoad {
        #expect(mapping.contains(found), "the mapping has no “\(found)”")
        let yaml = mapping.replacing(found, with: replacement)
        return MappingSet.load(files: [MappingFile(path: "m.yaml", bytes: Array(yaml.utf8))])
    }

    /// Paths begin below the root. With it, they are met only where it stands within itself.
    @Test(arguments: [
        ("each: a:body/a:case", "each: a:appeals/a:body/a:case", "10:11"),
        ("declared: a:head/a:count", "declared: a:appeals/a:head/a:count", "7:13"),
        ("declared: a:head/a:count", "declared: { from: a:appeals/@n, as: count }", "7:21"),
    ])
    func aPathThatBeginsWithTheRootIsAWarning(_ found: String, _ replacement: String, _ place: String) {
        #expect(
            load(Forms.cases, found, replacement).problems.map(\.description) == [
                "m.yaml:\(place): warning: “a:appeals” is the root, and paths begin below it: leave it out"
            ])
        #expect(load(Forms.cases, "channel: a:channel", "channel: a:appeals/a:channel").problems == [])
    }

    /// Who names the column in the key means the field that reads it.
    @Test(arguments: ["残疾人证", "{ from: 残疾人证 }", "{ from: [残疾人证, 证号] }"])
    func aKeyThatNamesAColumnIsToldTheField(_ source: String) throws {
        let yaml = Forms.roster.replacing("key: identity_number", with: "key: 残疾人证")
            .replacing("identity_number: [身份证号, 公民身份号码]", with: "identity_document_number: \(source)")
        let load = MappingSet.load(files: [MappingFile(path: "m.yaml", bytes: Array(yaml.utf8))])
        #expect(
            load.problems.first?.description
                == "m.yaml:10:10: error: Person has no field “残疾人证” (did you mean “identity_document_number”?)")
    }

    @Test(
        arguments: [
            // A list where one value is meant.
            ("  encoding: auto", "  encoding: [gb18030]", "5:13: error: “encoding” must be a single value, not a list"),
            (
                "  - record: Person", "  - record: Person\n    name: [p]",
                "10:11: error: “name” must be a single value, not a list"
            ),
            ("  - record: Person", "  - record: Person\n    name: \"\"", "10:11: error: “name” must not be empty"),
            // Conditions that would hold always, or never.
            (
                "  - record: Person", "  - record: Person\n    when: { 职务: [] }",
                "10:17: error: a condition needs at least one value"
            ),
            (
                "  - record: Person", "  - record: Person\n    when: { 职务: { not: [] } }",
                "10:24: error: a condition needs at least one value"
            ),
            (
                "  - record: Person", "  - record: Person\n    delete-when: {}",
                "10:18: error: a condition gives each column or path the values that it must have"
            ),
            (
                "  - record: Person", "  - record: Person\n    when: { 职务: [楼长, \" \"] }",
                "10:22: error: a condition's value is blank; for cells that are, write { present: false }"
            ),
            (
                "  - record: Person", "  - record: Person\n    when: { 职务: present }",
                "10:17: warning: this is met where “present” stands in the document; for any value write { present: true }"
            ),
            (
                "where: { role: UNIT_CHIEF }", "where: { role: [] }",
                "25:20: error: “where” needs at least one value for “role”"
            ),
            (
                "where: { role: UNIT_CHIEF }", "where: {}",
                "25:12: error: “where” gives fields the values that are counted"
            ),
            // Keys that do nothing beside the others.
            ("mobile: 联系电话", "mobile: { from: 联系电话, with: \"/\" }", "14:35: error: “with” goes with “join”"),
            (
                "mobile: 联系电话", "mobile: { from: 联系电话, unit: 万元 }",
                "14:35: error: “unit” is for money, and “mobile” is read as mobile-number"
            ),
            (
                "mobile: 联系电话", "remarks: { from: 联系电话, as: date, zone: UTC }",
                "14:46: error: “zone” is for date-times, and “remarks” is read as date"
            ),
            (
                "mobile: 联系电话", "mobile: { from: 联系电话, excel-1904: true }",
                "14:41: error: “excel-1904” is for dates, and “mobile” is read as mobile-number"
            ),
            (
                "mobile: 联系电话", "workplace: { from: 联系电话, line-breaks: keep }",
                "14:45: error: “line-breaks” is for texts, and “workplace” is read as name"
            ),
            (
                "{ key-of: Person }", "{ key-of: Person, map: { a: b } }",
                "19:38: error: “map” does not go with “key-of”"
            ),
            ("{ key-of: Person }", "{ key-of: Person, as: name }", "19:37: error: “as” does not go with “key-of”"),
            (
                "mobile: 联系电话", "remarks: { const: 1985.3.1, as: date }",
                "14:39: error: “as” does not go with “const”"
            ),
            ("mobile: 联系电话", "remarks: { const: a, map: { a: b } }", "14:33: error: “map” does not go with “const”"),
            // Names that are nothing, or there twice.
            ("  - record: Person", "  - record: Person\n    extension: [小区, 小区]", "10:21: error: “小区” is kept already"),
            (
                "  - record: Person", "  - record: Person\n    extension: { \"\": 小区 }",
                "10:18: error: the name under which a value is kept must be a text that is not empty"
            ),
            (
                "  - record: Person", "  - record: Person\n    extension: { [a]: 小区 }",
                "10:18: error: the name under which a value is kept must be a text that is not empty"
            ),
            ("  header: [姓名, 职务]", "  header: [姓名, [职务, \"\"]]", "6:21: error: the name of a column must not be blank"),
            ("  totals: 合计", "  totals: [合计, \" \"]", "7:16: error: “totals” has a word that is blank"),
            ("  totals: 合计", "  totals: 合计\n  skip: \"\"", "8:9: error: “skip” has a word that is blank"),
            (
                "  totals: 合计", "  totals: 合计\n  fill-down: [小区, 社区]",
                "8:19: warning: nothing reads the column “社区”, so filling it down does nothing (did you mean “小区”?)"
            ),
            // Numbers that only a programmer would read so.
            (
                "delivery: snapshot", "delivery: { kind: snapshot, guard: 0x10% }",
                "22:36: error: a share is written in percent, such as 20%"
            ),
            (
                "delivery: snapshot", "delivery: { kind: snapshot, guard: 1e1% }",
                "22:36: error: a share is written in percent, such as 20%"
            ),
            (
                "title: 鱼台县“两长”名册", "title: !!int 1",
                "2:8: error: tags (!name) are not supported: write the value alone, or quote it"
            ),
        ] as [(String, String, String)])
    func rosterMapping(found: String, replacement: String, expected: String) {
        let load = load(Forms.roster, found, replacement)
        #expect(load.problems.map(\.description) == ["m.yaml:\(expected)"])
        #expect(load.set.mappings.isEmpty == expected.contains("error"))
    }

    @Test func theRootIsOneName() {
        let load = load(Forms.cases, "root: a:appeals", "root: [a:appeals]")
        #expect(load.problems.map(\.description) == ["m.yaml:5:9: error: “root” must be a single value, not a list"])
    }

    @Test func aHeaderValueHasOnePath() {
        let load = load(
            Forms.cases, "declared: a:head/a:count", "other: { from: [a:head/a:count] }\n  declared: a:head/a:count")
        #expect(load.problems.map(\.description) == ["m.yaml:7:18: error: “from” must be a single value, not a list"])
    }

    // Where these keys do something, they are as good as before.
    @Test(arguments: [
        ("mobile: 联系电话", "birth_date: { from: 联系电话, excel-1904: true }"),
        ("mobile: 联系电话", "remarks: { from: 联系电话, as: date-time, zone: UTC, excel-1904: true }"),
        ("mobile: 联系电话", "remarks: { from: 联系电话, line-breaks: space }"),
        ("mobile: 联系电话", "remarks: { join: [联系电话, 小区], with: \"\" }"),
        ("delivery: snapshot", "delivery: { kind: snapshot, guard: 12.5% }"),
        ("  totals: 合计", "  totals: 合计\n  fill-down: 小区"),
        ("  - record: Person", "  - record: Person\n    when: { 职务: 无 }"),
        ("  - record: Person", "  - record: Person\n    extension: { a: 小区, b: 小区 }"),
    ])
    func whatHasAMeaningIsTaken(found: String, replacement: String) {
        #expect(load(Forms.roster, found, replacement).problems.isEmpty)
    }

    // Names of columns are compared without blanks and in half width; those under `fill-down`, too.
    @Test(arguments: [("小 区", "小区"), ("小区", "小 区"), ("Ａ座", "A座")])
    func aColumnIsFilledDownHoweverItsNameIsWritten(filled: String, read: String) throws {
        let yaml = """
            mapping: m
            reads: { format: csv, header: [\(read)], fill-down: "\(filled)" }
            gives:
              - record: Place
                key: code
                fields: { code: 编码, parent_name: "\(read)" }
            delivery: upsert

            """
        let document = "\(read),编码\n湖畔,1\n,2\n"
        let result = try Convert.document(document, try Convert.mapping(yaml))
        #expect(result.records.map(\.place.parentName) == ["湖畔", "湖畔"])
    }

    @Test func piecesOfEveryElementFillAList() throws {
        let yaml = """
            mapping: m
            reads: { format: xml, root: r }
            gives:
              - record: Case
                each: c
                fields:
                  assisting_units: { from: u, split: "、" }
                  units_involved: { from: [w, v], split: "、" }
            delivery: event

            """
        let document = "<r><c><u/><u>a、b</u><v>x</v><u>c</u><v>y、z</v></c><c><u>d</u></c></r>"
        let result = try Convert.document(document, try Convert.mapping(yaml))
        #expect(result.cases.map(\.assistingUnits) == [["a", "b", "c"], ["d"]])
        #expect(result.cases.map(\.unitsInvolved) == [["x", "y", "z"], []])
    }

    // An id is made from the fields in the order of `key`; where that is known, `by` may have another.
    @Test(arguments: ["{ name: 甲, code: 乙 }", "{ code: 乙, name: 甲 }"])
    func theOrderOfByIsThatOfTheKey(by: String) throws {
        let yaml = """
            mapping: m
            reads: { format: csv, header: [甲] }
            gives:
              - record: Organisation
                key: [name, code]
                fields: { name: 甲, code: 乙 }
              - record: Person
                key: name
                fields: { name: 甲, party_organisation: { key-of: Organisation, by: \(by) } }
            delivery: upsert

            """
        let result = try Convert.document("甲,乙\n湖畔,1\n", try Convert.mapping(yaml))
        #expect(result.records.count == 2)
        #expect(result.persons.map(\.partyOrganisation) == [result.records[0].provenance.id])
    }

    // A column that `delete-when` or `effective` names and the document lacks is told like one of a field.
    @Test func columnsOfConditionsThatAreMissingAreTold() throws {
        let yaml = """
            mapping: m
            reads: { format: csv, header: [编码] }
            gives:
              - record: Place
                key: code
                delete-when: { 状态: 撤销 }
                effective: 日期
                fields: { code: 编码 }
            delivery: upsert

            """
        let result = try Convert.document("编码\n1\n", try Convert.mapping(yaml))
        #expect(result.records.count == 1)
        #expect(result.findings == ["mapping.column-missing@-:状态", "mapping.column-missing@-:日期"])
    }
}
