import CSVRosters
import Findings
import Testing

@Suite struct DialectDetectionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var dialect: CSVDialect

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "nothing to go by", text: "姓名\n张三\n", dialect: .comma),
        Case(name: "empty", text: "", dialect: .comma),
        Case(name: "commas", text: "姓名,职务\n张三,楼长\n", dialect: .comma),
        Case(name: "tabs", text: "姓名\t职务\t住址\n张三\t楼长\t1,2号楼\n李四\t楼长\t3,4号楼\n", dialect: .tab),
        Case(name: "semicolons", text: "姓名;职务;x\n张三;楼长;1,5\n", dialect: .semicolon),
        Case(name: "full-width commas", text: "姓名，职务\n张三，楼长\n", dialect: .fullWidthComma),
        Case(name: "semicolons in the title only", text: "单位:滨湖;日期:2026\n姓名,职务\n张三,楼长\n", dialect: .comma),
        Case(name: "title rows above", text: "鱼台县“两长”名册\n单位：滨湖街道；日期：2026\n姓名,职务\n张三,楼长\n", dialect: .comma),
        Case(
            name: "a leading tab before identity numbers",
            text: "姓名,身份证号,职务\n张三,\t370827190001010011,楼长\n李四,\t370827190001010011,楼长\n", dialect: .comma),
        Case(
            name: "lists of semicolons in every data row",
            text: "姓名,特长\n" + String(repeating: "张三,a;b;c;d;e;f;g\n", count: 9), dialect: .comma),
        Case(
            name: "full-width commas in every remark",
            text: "姓名,职务,备注\n" + String(repeating: "张三,楼长,外出，已联系\n", count: 9),
            dialect: .comma),
        Case(name: "quoted commas in a tab roster", text: "a\t\"x,y,z\"\nb\t\"x,y,z\"\n", dialect: .tab),
    ]

    @Test(arguments: cases)
    func detects(_ testCase: Case) {
        #expect(ReadRoster(testCase.text, dialect: nil).dialect == testCase.dialect)
    }

    @Test(arguments: [
        ("sep=;\r\na;b\r\n", CSVDialect.semicolon), ("sep=,\na,b;c;d\n", .comma), ("SEP=\t\ra\tb\r", .tab),
        ("\"sep=;\"\na;b\n", .semicolon), ("sep=，\na，b\n", .fullWidthComma),
    ])
    func separatorLineIsObeyedAndNoRow(text: String, dialect: CSVDialect) {
        for pieces in [[Array(text.utf8)], text.utf8.map { [$0] }] {
            let roster = ReadRoster(pieces)
            #expect(roster.dialect == dialect)
            #expect(roster.rows.count == 1)
            #expect(roster.rows.first?.place.line == 2)
            #expect(
                roster.rows.first?.place.offset == text.utf8.count - roster.rows[0].cells.joined().utf8.count
                    - dialect.delimiter.bytes.count * (roster.rows[0].cells.count - 1)
                    - (text.hasSuffix("\r\n") ? 2 : 1))
        }
    }

    @Test func declaredDialectOutranksTheSeparatorLine() {
        let roster = ReadRoster("sep=;\na,b;c\n", dialect: .comma)
        #expect(roster.cells == [["a", "b;c"]])
    }

    @Test func separatorLineAloneIsAnEmptyRoster() {
        #expect(ReadRoster("sep=;", dialect: nil).rows.isEmpty)
        #expect(ReadRoster("sep=;\n", dialect: nil).rows.isEmpty)
    }

    @Test(arguments: [
        (",", CSVDelimiter.comma), ("tab", .tab), ("\\t", .tab), (";", .semicolon), ("，", .fullWidthComma),
    ])
    func labelsNameDelimiters(label: String, delimiter: CSVDelimiter) {
        #expect(CSVDelimiter(label: label) == delimiter)
        #expect(CSVDelimiter(label: "x") == nil)
    }
}
