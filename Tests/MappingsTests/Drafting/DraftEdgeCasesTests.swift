import Findings
import Foundation
import Testing

@testable import Mappings

@Suite struct DraftEdgeCasesTests {
    static let people = [
        ("孙玉梅", "370827190506120243", "15400001111"), ("马强", "370827190809030173", "15400002222"),
        ("李红", "370827190301010032", "15400003333"),
    ]

    private static func rows(_ separator: String = ",") -> String {
        people.map { [$0.0, $0.1, $0.2].joined(separator: separator) + "\n" }.joined()
    }

    private static let plain = "姓名,身份证号,手机号\n" + rows()

    // MARK: Rosters

    @Test func gb18030WithoutAMark() throws {
        // 姓名,编号 and 张三 in GBK.
        var bytes: [UInt8] = [0xD0, 0xD5, 0xC3, 0xFB, 0x2C, 0xB1, 0xB8, 0xD7, 0xA2, 0x0A]
        for _ in 0..<3 { bytes += [0xD5, 0xC5, 0xC8, 0xFD, 0x2C, 0x31, 0x0A] }
        let draft = try MappingDraft.of(DraftSample(name: "名册.csv", bytes: bytes, isWhole: true))
        #expect(try Drafting.assignments(draft.text)["Person.name"] == ["姓名"])
        #expect(draft.text.contains("GB18030 in the sample"))
        #expect(draft.id == "draft.person")
        _ = try Drafting.load(draft)
    }

    @Test(arguments: [
        (",", "comma"), (";", "semicolon"), ("\t", "tab"), ("，", "full-width-comma"),
    ])
    func separatedBy(_ separator: String, name: String) throws {
        let draft = try Drafting.draft(
            ["姓名", "身份证号", "手机号"].joined(separator: separator) + "\n" + Self.rows(separator))
        #expect(draft.text.contains("\(name) in the sample"))
        #expect(try Drafting.keys(draft.text) == ["Person": ["identity_number"]])
        #expect(draft.trial.rowsConverted == 3)
    }

    @Test func headerBehindAPreamble() throws {
        let draft = try Drafting.draft("王鲁镇名册,,\n填报单位：甲,,填报日期：2026年3月1日\n\n" + Self.plain)
        #expect(draft.text.contains("line 4, below 2 other rows"))
        #expect(draft.text.contains("effective: header.filled-on"))
        #expect(!draft.text.contains("王鲁镇"))
        #expect(draft.trial.rowsConverted == 3)
    }

    @Test func headerOfTwoRows() throws {
        let draft = try Drafting.draft(
            "姓名,身份证号,联系方式,\n,,手机,固话\n"
                + Self.people.map { "\($0.0),\($0.1),\($0.2),0537-6220000\n" }.joined())
        let fields = try Drafting.assignments(draft.text)
        #expect(fields["Person.mobile"] == ["联系方式/手机"])
        #expect(fields["Person.phone"] == ["联系方式/固话"])
        #expect(try Convert.document([], Drafting.load(draft)).records.isEmpty)
        #expect(draft.trial.rowsConverted == 3)
    }

    /// A roster of people with coordinates makes places without a key, which nobody can refer to.
    @Test func nobodyRefersToWhatHasNoKey() throws {
        let draft = try Drafting.draft(
            "姓名,性别,家庭地址,经度,纬度\n" + Self.people.map { "\($0.0),女,一号,116.6,35.0\n" }.joined())
        #expect(draft.recordTypes.count == 1)
        #expect(!draft.text.contains("key-of"))
        _ = try Drafting.load(draft)
    }

    @Test func totalsRemarksAndMergedCells() throws {
        let draft = try Drafting.draft(
            """
            社区,小区,姓名,身份证号,职务
            甲社区,子园,孙玉梅,370827190506120243,楼长
            ,,马强,370827190809030173,单元长
            ,丑园,李红,370827190301010032,楼长
            合计,,3,,
            填报人：某某,,,,
            """)
        #expect(draft.recordTypes == ["Person", "RoleAssignment"])
        #expect(draft.text.contains("fill-down: [社区, 小区]"))
        #expect(draft.text.contains("totals: [合计]"))
        #expect(draft.text.contains("skip: [填报人]"))
        #expect(draft.text.contains("equals: totals.姓名"))
        #expect(draft.trial.controlTotals.map(\.agrees) == [true])
        #expect(draft.trial.rowsConverted == 3)
    }

    @Test func oneColumn() throws {
        let draft = try Drafting.draft("姓名\n孙玉梅\n马强\n李红\n")
        #expect(try Drafting.assignments(draft.text) == ["Person.name": ["姓名"]])
        #expect(draft.trial.rowsConverted == 3)
    }

    @Test func columnsOfTheSameName() throws {
        let draft = try Drafting.draft(
            "姓名,电话,身份证号,姓名,电话\n"
                + Self.people.map { "\($0.0),\($0.2),\($0.1),\($0.0),\($0.2)\n" }.joined())
        let fields = try Drafting.assignments(draft.text)
        #expect(fields["Person.name"] == ["姓名"])
        #expect(fields["Person.mobile"] == ["电话"])
        #expect(draft.text.contains("\"姓名#2\": the name is there twice"))
        #expect(draft.trial.rowsConverted == 3)
    }

    @Test func rowsThatNothingTellsApartAreEvents() throws {
        let draft = try Drafting.draft("政治面貌,性别\n党员,男\n党员,男\n群众,女\n")
        #expect(draft.text.contains("delivery: event"))
        #expect(draft.trial.rowsConverted == 3)
    }

    @Test func noRowsBelowTheHeader() throws {
        let draft = try Drafting.draft("姓名,身份证号,手机号\n")
        #expect(try Drafting.keys(draft.text) == ["Person": ["identity_number"]])
        #expect(draft.trial.rowsRead == 0)
    }

    @Test func unitOfMoneyAndListsInACell() throws {
        let fund = try Drafting.draft("资金名称,金额(万元),用途\n甲,1.5,路灯\n乙,2,长椅\n")
        #expect(fund.recordTypes == ["Fund"])
        #expect(fund.text.contains("amount: { from: \"金额(万元)\", unit: 万元 }"))
        let meeting = try Drafting.draft("会议编号,议题,参会各方\nH1,停车,\"物业、居委会\"\nH2,路灯,业委会\n")
        #expect(meeting.text.contains("parties: { from: 参会各方, split: [\"、\"] }"))
    }

    @Test func codeTableIsTakenWhereTheListDoesNotKnowTheValues() throws {
        let table = MappingFile(path: "tables/posts.csv", bytes: Array("code,title\n120,栋长\n121,元长\n".utf8))
        let text = "姓名,身份证号,职务\n孙玉梅,370827190506120243,栋长\n马强,370827190809030173,元长\n"
        let draft = try Drafting.draft(text, tables: [table])
        #expect(draft.text.contains("role: { from: 职务, table: posts }"))
        _ = try Drafting.load(draft, tables: [table])
    }

    @Test func valueOfAListWithoutANameSaysWhatItIs() throws {
        let draft = try Drafting.draft(
            "姓名,证,甲\n" + Self.people.map { "\($0.0),\($0.1),男\n\($0.0),\($0.1),女\n" }.joined())
        #expect(try Drafting.assignments(draft.text)["Person.identity_number"] == ["证"])
        #expect(draft.text.contains("CHECK: by its values alone"))
    }

    // MARK: Refusals

    @Test(arguments: [
        ("", "there is nothing in it"), ("\n\n \n", "there is nothing in it"),
        (rows(), "no header was found"), ("孙玉梅,楼长\n马强,单元长\n", "no header was found"),
        ("孙玉梅,书记\n", "no header was found"), ("孙玉梅,负责人\n马强,联系人\n李红,负责人", "no header was found"),
        ("丙,丁\n1,2\n", "no header was found"),
        ("姓名,370827190506120243\n马强,370827190809030173\n", "no header was found"),
        ("<a><b name=\"x\"></c></a>", "does not match"), ("<!DOCTYPE a><a/>", "DOCTYPE"),
        ("<a><b>1</b></a>", "none fits a field"), ("[{\"a\":1}]", "JSON"),
        ("<html><table></table></html>", "web page"),
    ])
    func nothingCanBeMade(of text: String, because reason: String) {
        let refusal = #expect(throws: DraftRefusal.self) { try Drafting.draft(text) }
        #expect(refusal?.message.english.contains(reason) == true, "\(refusal?.message.english ?? "")")
        #expect(refusal?.message.english.contains("孙玉梅") == false)
    }

    @Test func moreColumnsThanTheReadersTake() {
        let text = (0..<100_000).map { "c\($0)" }.joined(separator: ",") + "\n"
        let refusal = #expect(throws: DraftRefusal.self) { try Drafting.draft(text) }
        #expect(refusal?.message.english.contains("1024 columns") == true)
        #expect(refusal?.place?.line == 1)
    }

    @Test func asManyColumnsAsTheReadersTake() throws {
        let names = ["姓名", "身份证号", "手机号"] + (3..<1024).map { "列\($0)号" }
        let row = (["孙玉梅", "370827190506120243", "15400001111"] + (3..<1024).map(String.init))
        let text = ([names] + Array(repeating: row, count: 20)).map { $0.joined(separator: ",") }.joined(
            separator: "\n")
        let draft = try Drafting.draft(text)
        #expect(draft.recordTypes == ["Person"])
        _ = try Drafting.load(draft)
    }

    @Test func typeThatNothingFits() {
        let refusal = #expect(throws: DraftRefusal.self) { try Drafting.draft(Self.plain, record: "Certificate") }
        #expect(refusal?.message.english.contains("Certificate") == true)
    }

    // MARK: Filings

    @Test func elementThatIsThereOnce() throws {
        let draft = try Drafting.draft(
            "<case><number>A1</number><title>路灯</title><received>2026-01-01</received></case>", name: "a.xml")
        #expect(draft.text.contains("each: \".\""))
        #expect(draft.trial.records == ["Case": 1])
    }

    @Test func namespacesWithAndWithoutPrefixes() throws {
        let draft = try Drafting.draft(
            """
            <l xmlns="urn:x" xmlns:p='urn:y'><c><p:编号>1</p:编号><标题>x</标题></c><c><p:编号>2</p:编号><标题>y</标题></c></l>
            """, name: "a.xml")
        #expect(draft.text.contains("namespaces: { a: \"urn:x\", p: \"urn:y\" }"))
        #expect(draft.text.contains("root: a:l"))
        #expect(draft.text.contains("each: a:c"))
        #expect(draft.trial.records.values.reduce(0, +) == 2)
    }

    @Test func utf16WithoutAMark() throws {
        let text = "<?xml version=\"1.0\"?><l><p name=\"孙玉梅\" gender=\"女\"/><p name=\"马强\" gender=\"男\"/></l>"
        let bytes = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let draft = try MappingDraft.of(DraftSample(name: "a.xml", bytes: bytes, isWhole: true))
        #expect(draft.trial.records == ["Person": 2])
    }

    @Test func recordsOfAttributesAlone() throws {
        let people = Self.people.map { "<p name=\"\($0.0)\" idCard=\"\($0.1)\" mobile=\"\($0.2)\"/>" }.joined()
        let draft = try Drafting.draft("<l>\(people)</l>", name: "a.xml")
        #expect(
            try Drafting.assignments(draft.text) == [
                "Person.name": ["@name"], "Person.identity_number": ["@idCard"], "Person.mobile": ["@mobile"],
            ])
        #expect(draft.trial.rowsConverted == 3)
    }

    @Test func listsStructuresAndADeclaredCount() throws {
        let one = """
            <诉求 编号="N%"><标题>灯</标题><登记时间>2026-01-0% 08:00</登记时间><办理>\
            <环节 名称="受理" 时间="2026-01-0% 08:00"/><环节 名称="结案" 时间="2026-01-0% 09:00"/></办理>\
            <位置><经度>116.6</经度><纬度>35.0</纬度></位置></诉求>
            """
        let body = (1...3).map { one.replacing("%", with: "\($0)") }.joined()
        let draft = try Drafting.draft("<诉求列表 件数=\"3\">\(body)</诉求列表>", name: "a.xml")
        let fields = try Drafting.assignments(draft.text)
        #expect(fields["Case.events.stage"] == ["@名称"])
        #expect(fields["Case.position.longitude"] == ["位置/经度"])
        #expect(draft.trial.records == ["Case": 3])
        #expect(draft.trial.controlTotals.map(\.agrees) == [true])
    }

    @Test func manyPathsAndDeepNestingStayWithinBounds() throws {
        let deep = (0..<200).map { "<e\($0)>" }.joined() + (0..<200).reversed().map { "</e\($0)>" }.joined()
        let wide = (0..<5000).map { "<w\($0 % 3000) a\($0 % 100)=\"1\"/>" }.joined()
        let people = Self.people.map { "<p name=\"\($0.0)\" idCard=\"\($0.1)\"/>" }.joined()
        let draft = try Drafting.draft("<l>\(people)\(deep)\(wide)</l>", name: "a.xml")
        #expect(draft.recordTypes == ["Person"])
    }
}
