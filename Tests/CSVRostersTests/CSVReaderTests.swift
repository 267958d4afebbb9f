import CSVRosters
import Findings
import Testing

@Suite struct CSVReaderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var rows: [[String]]
        var dialect = CSVDialect.comma

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "empty document", text: "", rows: []),
        Case(name: "one row", text: "a,b,c\n", rows: [["a", "b", "c"]]),
        Case(name: "last line without its end", text: "a,b\nc,d", rows: [["a", "b"], ["c", "d"]]),
        Case(name: "empty fields", text: ",,\n,x,\n", rows: [["", "", ""], ["", "x", ""]]),
        Case(name: "delimiter at the end of the document", text: "a,", rows: [["a", ""]]),
        Case(name: "blank lines are rows", text: "a\n\nb\n", rows: [["a"], [""], ["b"]]),
        Case(name: "one line end is one blank row", text: "\n", rows: [[""]]),
        Case(name: "carriage return and line feed", text: "a,b\r\nc,d\r\n", rows: [["a", "b"], ["c", "d"]]),
        Case(name: "carriage returns alone", text: "a,b\rc,d\r", rows: [["a", "b"], ["c", "d"]]),
        Case(name: "carriage return at the very end", text: "a\r", rows: [["a"]]),
        Case(name: "two carriage returns are two line ends", text: "a\r\rb", rows: [["a"], [""], ["b"]]),
        Case(name: "quoted delimiter", text: "\"a,b\",c\n", rows: [["a,b", "c"]]),
        Case(
            name: "quoted line breaks", text: "\"a\nb\r\nc\rd\",e\nf,g\n", rows: [["a\nb\r\nc\rd", "e"], ["f", "g"]]),
        Case(name: "doubled quotes", text: "\"a\"\"b\",\"\"\"\"\n", rows: [["a\"b", "\""]]),
        Case(name: "quotes at both ends of a field", text: "\"\"\"a\"\"\"\n", rows: [["\"a\""]]),
        Case(name: "empty quoted field", text: "\"\",x,\"\"\n", rows: [["", "x", ""]]),
        Case(name: "quoted field at end of input", text: "a,\"b\"", rows: [["a", "b"]]),
        Case(name: "quoted field before a delimiter at end of input", text: "\"b\",", rows: [["b", ""]]),
        Case(name: "blanks belong to unquoted fields", text: " a , b\n", rows: [[" a ", " b"]]),
        Case(name: "signs below the comma are text", text: "=1+2,(x)'*#$%&!\n", rows: [["=1+2", "(x)'*#$%&!"]]),
        Case(name: "tabs", text: "a\tb,c\n\"d\te\"\t\n", rows: [["a", "b,c"], ["d\te", ""]], dialect: .tab),
        Case(name: "semicolons", text: "a;b,c;\"d;e\"\n", rows: [["a", "b,c", "d;e"]], dialect: .semicolon),
        Case(
            name: "a Greek question mark, which equals a semicolon for Swift", text: "a\u{37E}b;c\n",
            rows: [["a\u{37E}b", "c"]], dialect: .semicolon),
        Case(
            name: "full-width commas", text: "姓名，职务，\"甲，乙\"，\n", rows: [["姓名", "职务", "甲，乙", ""]],
            dialect: .fullWidthComma),
        Case(
            name: "signs that share bytes with the full-width comma", text: "（a）！，b；\n", rows: [["（a）！", "b；"]],
            dialect: .fullWidthComma),
        Case(name: "bars", text: "a|b|c\n", rows: [["a", "b", "c"]], dialect: CSVDialect(delimiter: .bar)),
        Case(
            name: "fields longer than a wide load",
            text: String(repeating: "长", count: 50) + ",\"" + String(repeating: "x", count: 200) + "\",z\n",
            rows: [[String(repeating: "长", count: 50), String(repeating: "x", count: 200), "z"]]),
        Case(
            name: "more fields than bits in a mask", text: String(repeating: ",", count: 150) + "\n",
            rows: [[String](repeating: "", count: 151)]),
    ]

    @Test(arguments: cases)
    func reads(_ testCase: Case) {
        let roster = ReadRoster(testCase.text, dialect: testCase.dialect)
        #expect(roster.cells == testCase.rows)
        #expect(roster.told.isEmpty)
        #expect(roster.refusal == nil)
    }

    @Test func placesCountLinesInsideQuotes() {
        let roster = ReadRoster("姓名,\"电\n话\",\"x\"\r\n\n张三,\"\"\"a\",b")
        #expect(roster.rows.map(\.place.description) == ["1:1", "3:1", "4:1"])
        #expect(roster.rows.map(\.place.offset) == [0, 22, 23])
        #expect(roster.rows[0].fieldPlaces.map(\.description) == ["1:1", "1:4", "2:4"])
        #expect(roster.rows[2].fieldPlaces.map(\.description) == ["4:1", "4:4", "4:10"])
        #expect(roster.rows[2].fieldPlaces.map(\.offset) == [23, 30, 36])
    }

    @Test func quotedFieldsAreTold() {
        let roster = ReadRoster("\"1\",2,\"\",\n")
        #expect(roster.rows[0].quoted == [true, false, true, false])
    }

    @Test func fieldBeyondTheRowIsEmpty() {
        var reader = CSVReader(dialect: .comma)
        reader.append(Array("a,b".utf8).span)
        reader.endInput()
        let first = reader.next()
        let cells = (0...2).map { reader.string($0) }
        let (rowSize, wasQuoted, place) = (reader.row.count, reader.wasQuoted(2), reader.place(ofField: 2))
        let rest = [reader.next(), reader.next()]
        #expect(first == .row)
        #expect(cells == ["a", "b", ""])
        #expect(rowSize == 3)
        #expect(!wasQuoted)
        #expect(place.description == "1:4")
        #expect(rest == [.endOfDocument, .endOfDocument])
    }

    @Test(arguments: [
        ("", true), (",,", true), (" ,\t", true), ("\u{3000},\u{A0}\u{200B}", true), ("\"\n\"", true),
        ("\u{FEFF}", true),
        ("a", false), (",0", false), ("，", false), ("·", false),
    ])
    func blankRows(text: String, isBlank: Bool) {
        #expect(ReadRoster(text + "\nx\n").rows[0].isBlank == isBlank)
    }

    @Test func rowsKeepTheirNumbersAndFindingsTheirRows() {
        var reader = CSVReader(dialect: .comma)
        reader.append(Array("a\n\nb\"\n".utf8).span)
        reader.endInput()
        var numbers: [Int] = []
        while reader.next() == .row { numbers.append(reader.rowNumber) }
        #expect(numbers == [1, 2, 3])
        let findings = reader.takeFindings()
        let again = reader.takeFindings()
        #expect(findings.map(\.row) == [3])
        #expect(again.isEmpty)
    }
}
