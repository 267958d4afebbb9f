import CSVRosters
import Findings
import Testing

@Suite struct CSVRecoveryTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var rows: [[String]]
        /// `code@line:column`, without the `csv.` that all have.
        var told: [String]

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "stray quote inside an unquoted field", text: "a\"b,c\n", rows: [["a\"b", "c"]],
            told: ["stray-quote@1:2"]),
        Case(
            name: "a field tells its stray quotes once", text: "5\"x7\",6\"\n", rows: [["5\"x7\"", "6\""]],
            told: ["stray-quote@1:2", "stray-quote@1:8"]),
        Case(
            name: "text after a closing quote", text: "\"a\"b,c\n", rows: [["ab", "c"]], told: ["text-after-quote@1:4"]),
        Case(
            name: "inner quotes that were not doubled", text: "x,\"他说\"好\"的\"\n", rows: [["x", "他说\"好\"的"]],
            told: ["text-after-quote@1:7"]),
        Case(
            name: "inner quotes beside doubled ones", text: "\"a\"\"b\"c\",d\n", rows: [["a\"b\"c", "d"]],
            told: ["text-after-quote@1:7"]),
        Case(
            name: "blank before an opening quote", text: "a, \"b,c\",d\n", rows: [["a", "b,c", "d"]],
            told: ["blank-around-quote@1:3"]),
        Case(
            name: "blank behind a closing quote", text: "\"a\" ,b\n", rows: [["a", "b"]],
            told: ["blank-around-quote@1:4"]),
        Case(
            name: "quote never closed at the end of the document", text: "a,\"b,c\nd,e\nf,g",
            rows: [["a", "b", "c"], ["d", "e"], ["f", "g"]], told: ["quote-never-closed@1:3"]),
        Case(
            name: "quote never closed on the last line", text: "a,b\nc,\"d", rows: [["a", "b"], ["c", "d"]],
            told: ["quote-never-closed@2:3"]),
        Case(
            name: "quote never closed before a row with quotes", text: "a,\"b\n\"c\",\"d\"\ne,f\n",
            rows: [["a", "b"], ["c", "d"], ["e", "f"]], told: ["quote-never-closed@1:3"]),
        Case(
            name: "quote never closed before a quoted field further right", text: "a,\"b\nc,\"d\"\n",
            rows: [["a", "b"], ["c", "d"]], told: ["quote-never-closed@1:3"]),
        Case(
            name: "quotes never closed on several lines", text: "1,\"a\n2,\"b\n3,\"c\n4,d\n",
            rows: [["1", "a"], ["2", "b"], ["3", "c"], ["4", "d"]],
            told: ["quote-never-closed@1:3", "quote-never-closed@2:3", "quote-never-closed@3:3"]),
        Case(
            name: "quote never closed behind a quoted line break", text: "\"x\ny\",\"b\nc,d\n",
            rows: [["x\ny", "b"], ["c", "d"]], told: ["quote-never-closed@2:4"]),
        Case(
            name: "doubled quotes behind a quote never closed", text: "\"a,\"\"\nb,\"\"\n",
            rows: [["a", ""], ["b", ""]],
            told: ["quote-never-closed@1:1"]),
        Case(
            name: "multi-line field with an inner quote keeps its lines", text: "\"a\nb\"c\",d\n",
            rows: [["a\nb\"c", "d"]],
            told: ["text-after-quote@2:3"]),
        Case(
            name: "lone quote", text: "\"", rows: [[""]], told: ["quote-never-closed@1:1"]),
        Case(
            name: "NUL bytes are left out", text: "a\0b,\"c\0\"\"\",\0\n", rows: [["ab", "c\"", ""]],
            told: ["nul-byte@1:2", "nul-byte@1:7", "nul-byte@1:12"]),
        Case(
            name: "NUL behind a closing quote", text: "\"a\"\0,b\n", rows: [["a", "b"]],
            told: ["text-after-quote@1:4", "nul-byte@1:4"]),
        Case(
            name: "mixed line ends are told once", text: "a\r\nb\nc\rd\n", rows: [["a"], ["b"], ["c"], ["d"]],
            told: ["mixed-line-ends@2:2"]),
        Case(
            name: "line breaks inside quotes do not mix line ends", text: "\"a\nb\"\r\nc\r\n", rows: [["a\nb"], ["c"]],
            told: []),
    ]

    @Test(arguments: cases)
    func recovers(_ testCase: Case) {
        let roster = ReadRoster(testCase.text)
        #expect(roster.cells == testCase.rows)
        #expect(roster.told == testCase.told.map { "csv." + $0 })
        #expect(roster.refusal == nil)
        let bytewise = ReadRoster(testCase.text.utf8.map { [$0] }, dialect: .comma)
        #expect(bytewise == roster, "one byte at a time")
    }

    @Test func quoteNeverClosedIsSearchedAsFarAsARowMayReach() {
        let lines = (1...40).map { "\($0),x\n" }.joined()
        let roster = ReadRoster("0,\"open\n" + lines + "y,\"z\"\n", limits: CSVLimits(rowSize: 64))
        #expect(roster.told == ["csv.quote-never-closed@1:3"])
        #expect(roster.rows.count == 42)
        #expect(roster.cells[0] == ["0", "open"])
        #expect(roster.cells[41] == ["y", "z"])
    }

    // Every line looks as if it left a quote open: the reader must not go over the rest of the document for each.
    @Test func manyOpenQuotesCostLittle() {
        let text = String(repeating: "1,\"a\n", count: 20_000)
        let roster = ReadRoster(text)
        #expect(roster.rows.count == 20_000)
        #expect(roster.findings.count == 20_000)
    }
}
