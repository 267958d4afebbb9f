import CSVRosters
import Findings
import Testing

@Suite struct CSVLimitTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var limits: CSVLimits
        var rows: Int
        /// `code@line:column`; `nil` when all is read.
        var refusal: String?
        var dialect = CSVDialect.comma

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "as many columns as allowed", text: "a,b,c\n", limits: CSVLimits(columns: 3), rows: 1),
        Case(
            name: "one column too many", text: "a,b\na,b,c,d\n", limits: CSVLimits(columns: 3), rows: 1,
            refusal: "csv.too-many-columns@2:7"),
        Case(
            name: "one quoted column too many", text: "\"a\",\"b\"\n", limits: CSVLimits(columns: 1), rows: 0,
            refusal: "csv.too-many-columns@1:6"),
        Case(name: "field as large as allowed", text: "abcde,x\n", limits: CSVLimits(fieldSize: 5), rows: 1),
        Case(
            name: "field too large", text: "a\nx,abcdef\n", limits: CSVLimits(fieldSize: 5), rows: 1,
            refusal: "csv.field-too-large@2:3"),
        Case(
            name: "quoted fields as large as allowed", text: "\"abcde\",x\nx,\"a\nb\"\"c\"\n\"abcde\" ,\"abcde\"",
            limits: CSVLimits(fieldSize: 5), rows: 3),
        Case(
            name: "quoted field too large by one", text: "\"abcdef\",x\n", limits: CSVLimits(fieldSize: 5), rows: 0,
            refusal: "csv.field-too-large@1:2"),
        Case(
            name: "quoted field with a quote too large by one", text: "\"ab\"\"def\",x\n",
            limits: CSVLimits(fieldSize: 5), rows: 0, refusal: "csv.field-too-large@1:2"),
        Case(
            name: "quoted field with text behind it too large", text: "\"abc\"def,x\n", limits: CSVLimits(fieldSize: 5),
            rows: 0, refusal: "csv.field-too-large@1:2"),
        Case(
            name: "quoted field too large", text: "x,\"abc\n\ndef\"\n", limits: CSVLimits(fieldSize: 5), rows: 0,
            refusal: "csv.field-too-large@1:4"),
        Case(name: "row as large as allowed", text: "abc,defg\r\nx", limits: CSVLimits(rowSize: 8), rows: 2),
        Case(
            name: "row too large", text: "x\nabc,defgh\n", limits: CSVLimits(rowSize: 8), rows: 1,
            refusal: "csv.row-too-large@2:1"),
        Case(
            name: "row that ends between the bytes of a full-width comma", text: "x，abcd，y\n",
            limits: CSVLimits(fieldSize: 3, rowSize: 9), rows: 0, refusal: "csv.row-too-large@1:1",
            dialect: .fullWidthComma),
        Case(
            name: "row too large without an end", text: "abc,defgh", limits: CSVLimits(rowSize: 8), rows: 0,
            refusal: "csv.row-too-large@1:1"),
    ]

    @Test(arguments: cases)
    func limit(_ testCase: Case) {
        for pieces in [[Array(testCase.text.utf8)], testCase.text.utf8.map { [$0] }] {
            let roster = ReadRoster(pieces, dialect: testCase.dialect, limits: testCase.limits)
            #expect(roster.rows.count == testCase.rows)
            #expect(roster.refusal.map { "\($0.code)@\($0.place?.description ?? "-")" } == testCase.refusal)
        }
    }

    @Test func refusalIsFinal() {
        var reader = CSVReader(dialect: .comma, limits: CSVLimits(rowSize: 4))
        reader.append(Array("abcdef\nx\nand a few more\n".utf8).span)
        let first = reader.next()
        guard case .refused(let finding) = first else {
            Issue.record("not refused but \(first)")
            return
        }
        #expect(finding.severity == .fatal)
        #expect(finding.message.english.contains("4 bytes"))
        let second = reader.next()
        reader.endInput()
        let third = reader.next()
        #expect([second, third] == [first, first])
    }

    // A row without an end is refused as soon as it is too long, not when the document has ended.
    @Test func endlessRowIsRefusedEarly() {
        var reader = CSVReader(dialect: .comma, limits: CSVLimits(rowSize: 10_000))
        let piece = [UInt8](repeating: 0x61, count: 1_000)
        var appended = 0
        while reader.next() == .needsInput {
            reader.append(piece.span)
            appended += piece.count
            #expect(appended <= 12_000)
            if appended > 12_000 { return }
        }
    }
}
