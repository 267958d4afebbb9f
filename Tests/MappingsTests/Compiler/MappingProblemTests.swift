import Testing

@testable import Mappings

@Suite struct MappingProblemTests {
    /// Replaces one text of a good mapping and expects the problems that this makes, all of them.
    private func problems(_ mapping: String, _ found: String, _ replacement: String) -> [String] {
        #expect(mapping.contains(found), "the mapping has no “\(found)”")
        let yaml = mapping.replacing(found, with: replacement)
        let load = MappingSet.load(files: [MappingFile(path: "m.yaml", bytes: Array(yaml.utf8))])
        if load.hasErrors { #expect(load.set.mappings.isEmpty) }
        return load.problems.map(\.description)
    }

    @Test(
        arguments: [
            (
                "record: Person", "record: Persno",
                [
                    "m.yaml:9:13: error: unknown record type “Persno” (did you mean “Person”?)",
                    "m.yaml:19:25: error: this mapping gives no Person; to refer to one of another "
                        + "filing, add “by” with its key's fields",
                ]
            ),
            (
                "      mobile: 联系电话", "      mobil: 联系电话",
                [
                    "m.yaml:14:7: error: Person has no field “mobil” (did you mean “mobile”?)"
                ]
            ),
            ("      name: 姓名", "      姓名: 姓名", ["m.yaml:12:7: error: Person has no field “姓名” (did you mean “name”?)"]),
            (
                "      name: 姓名", "      文化程度: 学历",
                ["m.yaml:12:7: error: Person has no field “文化程度” (did you mean “education”?)"]
            ),
            (
                "    key: identity_number", "    key: mobile_number",
                [
                    "m.yaml:10:10: error: Person has no field “mobile_number” (did you mean “mobile”?)"
                ]
            ),
            (
                "    key: identity_number", "    key: phone",
                [
                    "m.yaml:10:10: error: the key field “phone” has no entry in “fields”"
                ]
            ),
            (
                "    key: identity_number\n", "",
                [
                    "m.yaml:9:5: error: “key” is missing in the entry “Person”: snapshot needs to know records again",
                    "m.yaml:18:25: error: the entry “Person” has no “key”",
                ]
            ),
            (
                "{ key-of: Person }", "{ key-of: Persn }",
                [
                    "m.yaml:19:25: error: no entry of “gives” is called “Persn” (did you mean “Person”?)"
                ]
            ),
            (
                "{ key-of: Person }", "{ key-of: RoleAssignment }",
                [
                    "m.yaml:19:25: error: “person” refers to a Person, not to a RoleAssignment"
                ]
            ),
            (
                "      mobile: 联系电话", "      mobile: { from: 联系电话, as: date }",
                [
                    "m.yaml:14:33: error: “mobile” holds a value of kind mobile-number, not date "
                        + "(did you mean “mobile-number”?)"
                ]
            ),
            (
                "      mobile: 联系电话", "      mobile: { from: 联系电话, as: dat }",
                [
                    "m.yaml:14:33: error: unknown kind “dat” (did you mean “date”?)"
                ]
            ),
            (
                "      mobile: 联系电话", "      mobile: { from: 联系电话, as: 日期 }",
                [
                    "m.yaml:14:33: error: unknown kind “日期”; there are text, name, code, person-name, identity-number, "
                        + "identity-document-number, unified-social-credit-code, mobile-number, phone-number, area-code, "
                        + "place-code, date, date-time, money, count, decimal, percentage, longitude, latitude, boolean, "
                        + "enumeration"
                ]
            ),
            (
                "      role: 职务", "      role: { const: 头头 }",
                [
                    "m.yaml:20:22: error: “头头” is no value of kind enumeration: the value is not in the standard's list; "
                        + "docs/records.md lists what Role has"
                ]
            ),
            (
                "    key: identity_number", "    key: 身份证号",
                ["m.yaml:10:10: error: Person has no field “身份证号” (did you mean “identity_number”?)"]
            ),
            (
                "key: [person, role, place]", "key: [person, 职务, place]",
                ["m.yaml:17:19: error: RoleAssignment has no field “职务” (did you mean “role”?)"]
            ),
            (
                "      mobile: 联系电话", "      mobile: { form: 联系电话 }",
                [
                    "m.yaml:14:15: error: a field takes its value from one of from, const, header, "
                        + "join, key-of; none is there",
                    "m.yaml:14:17: error: unknown key “form” in the field “mobile” (did you mean “from”?)",
                ]
            ),
            (
                "      mobile: 联系电话", "      mobile: { from: 联系电话, const: 13800000001 }",
                [
                    "m.yaml:14:15: error: a field takes its value from one of from, const, header, "
                        + "join, key-of; there are from, const"
                ]
            ),
            (
                "      mobile: 联系电话", "      mobile: { const: 123 }",
                [
                    "m.yaml:14:24: error: “123” is no value of kind mobile-number: a mobile number "
                        + "has 11 digits from 13 to 19"
                ]
            ),
            (
                "      role: 职务", "      role: { const: UNIT_CHEIF }",
                [
                    "m.yaml:20:22: error: “UNIT_CHEIF” is no value of kind enumeration: the value "
                        + "is not in the standard's list (did you mean “UNIT_CHIEF”?)"
                ]
            ),
            (
                "      role: 职务", "      role: { from: 职务, map: { 楼长: BUILDING_CHIEF, 单元长: UNIT_CHIF } }",
                [
                    "m.yaml:20:57: error: “UNIT_CHIF” is no value of kind enumeration: the value is "
                        + "not in the standard's list (did you mean “UNIT_CHIEF”?)"
                ]
            ),
            (
                "      role: 职务", "      role: { from: 职务, table: roles }",
                [
                    "m.yaml:20:32: error: there is no code table “roles”: no file tables/roles.csv in the folder of the "
                        + "mappings"
                ]
            ),
            (
                "      role: 职务", "      role: [职务, 岗位, 职务]",
                [
                    "m.yaml:20:22: error: “职务” is unreachable: the same alternative is already listed"
                ]
            ),
            (
                "      role: 职务", "      role: 职务\n      role: 岗位",
                [
                    "m.yaml:21:7: error: the key “role” is written twice; the first is on line 20"
                ]
            ),
            (
                "  format: csv", "  format: cvs",
                ["m.yaml:4:11: error: “format” must be one of csv, xml (did you mean “csv”?)"]
            ),
            (
                "  encoding: auto", "  encoding: utf8x",
                [
                    "m.yaml:5:13: error: unknown encoding “utf8x”; known are auto, utf-8, gb18030 "
                        + "and utf-16 (did you mean “utf-8”?)"
                ]
            ),
            ("  header: [姓名, 职务]\n", "", ["m.yaml:4:3: error: “header” is missing in “reads”"]),
            ("  totals: 合计", "  root: x", ["m.yaml:7:9: error: “root” is for xml only"]),
            (
                "  totals: 合计", "  total: 合计",
                ["m.yaml:7:3: error: unknown key “total” in “reads” (did you mean “totals”?)"]
            ),
            (
                "delivery: snapshot", "delivery: snapshop",
                [
                    "m.yaml:22:11: error: “delivery” must be event, upsert or snapshot (did you mean “snapshot”?)"
                ]
            ),
            (
                "delivery: snapshot\n", "",
                ["m.yaml:1:1: error: “delivery” is missing in the mapping: event, upsert or snapshot"]
            ),
            (
                "delivery: snapshot", "delivery: { kind: snapshot, guard: 0.2 }",
                [
                    "m.yaml:22:36: error: a share is written in percent, such as 20%"
                ]
            ),
            (
                "  - count: RoleAssignment", "  - count: RoleAssigment",
                [
                    "m.yaml:24:12: error: this mapping gives no “RoleAssigment” to count (did you "
                        + "mean “RoleAssignment”?)"
                ]
            ),
            (
                "role: UNIT_CHIEF", "rol: UNIT_CHIEF",
                ["m.yaml:25:14: error: RoleAssignment has no field “rol” (did you mean “role”?)"]
            ),
            (
                "role: UNIT_CHIEF", "post: GRADE",
                [
                    "m.yaml:25:14: error: “post” is not filled by the entry “RoleAssignment”, so it "
                        + "cannot be counted by"
                ]
            ),
            ("    equals: 2", "    equals: header.count", ["m.yaml:26:13: error: “header” has no value “count”"]),
            (
                "    equals: 2", "    equals: many",
                [
                    "m.yaml:26:13: error: a declared number is a whole number, header.name, totals or totals.column"
                ]
            ),
            (
                "mapping: yutai.liangzhang-roster", "mapping: 鱼台",
                [
                    "m.yaml:1:10: error: the name of a mapping has only a–z, 0–9, “.”, “-” and “_”"
                ]
            ),
            ("title:", "titel:", ["m.yaml:2:1: error: unknown key “titel” in the mapping (did you mean “title”?)"]),
        ] as [(String, String, [String])])
    func rosterMapping(found: String, replacement: String, expected: [String]) {
        #expect(problems(Forms.roster, found, replacement) == expected)
    }

    @Test(
        arguments: [
            (
                "root: a:appeals", "root: b:appeals",
                [
                    "m.yaml:5:9: error: the prefix “b” is not declared in reads: namespaces (did you mean “a”?)"
                ]
            ),
            (
                "channel: a:channel", "channel: x:channel",
                [
                    "m.yaml:14:16: error: the prefix “x” is not declared in reads: namespaces (did you mean “a”?)"
                ]
            ),
            ("channel: a:channel", "channel: a:chan nel", ["m.yaml:14:16: error: “a:chan nel” is no XML name"]),
            (
                "channel: a:channel", "channel: a:x//a:y",
                [
                    "m.yaml:14:16: error: “a:x//a:y” is no path: write names with “/” between, “..” "
                        + "first, “@attribute” last"
                ]
            ),
            (
                "channel: a:channel", "channel: ../../../x",
                ["m.yaml:14:16: error: “../../../x” leads out of the document"]
            ),
            (
                "    each: a:body/a:case\n", "",
                [
                    "m.yaml:9:5: error: “each” is missing: the path of the element that is one Case"
                ]
            ),
            (
                "equals: header.declared", "equals: header.declard",
                [
                    "m.yaml:22:13: error: “header” has no value “declard” (did you mean “header.declared”?)"
                ]
            ),
            (
                "stage: \"@stage\"", "stag: \"@stage\"",
                [
                    "m.yaml:18:19: error: CaseEvent has no field “stag” (did you mean “stage”?)"
                ]
            ),
            (
                "zone: Asia/Shanghai", "zone: Asia/Shanghia",
                [
                    "m.yaml:15:61: error: unknown time zone “Asia/Shanghia”; write Asia/Shanghai, "
                        + "UTC or an offset such as +08:00 (did you mean “Asia/Shanghai”?)"
                ]
            ),
            (
                "channel: a:channel", "position: a:channel",
                [
                    "m.yaml:14:17: error: “position” is a message of its own: give it “fields”, not a single value"
                ]
            ),
            ("channel: a:channel", "channel:", ["m.yaml:14:7: error: “channel” has no source: name a column or path"]),
        ] as [(String, String, [String])])
    func casesMapping(found: String, replacement: String, expected: [String]) {
        #expect(problems(Forms.cases, found, replacement) == expected)
    }

    @Test func circleOfReferencesIsToldOfEachEntry() {
        let yaml = """
            mapping: m
            reads: { format: csv, header: [a] }
            gives:
              - record: Place
                key: [parent]
                fields: { parent: { key-of: Other } }
              - record: Place
                name: Other
                key: [parent]
                fields: { parent: { key-of: Place } }
            delivery: upsert

            """
        let load = MappingSet.load(files: [MappingFile(path: "m.yaml", bytes: Array(yaml.utf8))])
        #expect(
            load.problems.map(\.description) == [
                "m.yaml:4:5: error: “key-of” goes round in a circle: “Place” needs itself",
                "m.yaml:7:5: error: “key-of” goes round in a circle: “Other” needs itself",
            ])
    }

    @Test func manyProblemsAreToldAtOnce() {
        let yaml = Forms.roster.replacing("name: 姓名", with: "nam: 姓名").replacing("role: 职务", with: "rol: 职务")
            .replacing("delivery: snapshot", with: "delivery: snap")
        let load = MappingSet.load(files: [MappingFile(path: "m.yaml", bytes: Array(yaml.utf8))])
        #expect(load.problems.count >= 4)
        #expect(load.problems.map(\.line) == load.problems.map(\.line).sorted())
    }

    @Test func sameIdInTwoFilesIsAProblemOfTheSecond() {
        let file = MappingFile(path: "a.yaml", bytes: Array(Forms.roster.utf8))
        let other = MappingFile(path: "b.yaml", bytes: Array(Forms.roster.utf8))
        let load = MappingSet.load(files: [file, other])
        #expect(load.set.mappings.count == 1)
        #expect(
            load.problems.map(\.description) == [
                "b.yaml:1:1: error: the mapping “yutai.liangzhang-roster” is in a.yaml already"
            ])
    }

    @Test func anyCutOrChangedMappingIsToldNotACrash() {
        var random = SplitMix64(seed: 11)
        for text in [Forms.roster, Forms.cases] {
            for _ in 0..<300 {
                var scalars = Array(text.unicodeScalars)
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let at = Int.random(in: 0..<scalars.count, using: &random)
                    scalars[at] = Array(":{}[]-@/.\n ax".unicodeScalars).randomElement(using: &random) ?? "x"
                }
                var changed = String.UnicodeScalarView()
                changed.append(contentsOf: scalars.prefix(Int.random(in: 1...scalars.count, using: &random)))
                _ = MappingSet.load(files: [MappingFile(path: "m.yaml", bytes: Array(String(changed).utf8))])
            }
        }
    }
}
