import CSVRosters
import Findings
import Testing

@Suite struct HeaderSearchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var required: [[String]] = [["姓名"], ["职务"]]
        var columns: [String]
        /// The first cells of the rows that are left as data.
        var data: [String]
        var line = 1
        var preamble: [String] = []

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "first row", text: "姓名,职务\n张三,楼长\n", columns: ["姓名", "职务"], data: ["张三"]),
        Case(
            name: "below title, unit and blank rows", text: "两长名册,,\n单位：滨湖街道,,日期：2026\n,,\n序号,姓名,职务\n1,张三,楼长\n",
            columns: ["序号", "姓名", "职务"], data: ["1"], line: 4, preamble: ["两长名册", "单位：滨湖街道"]),
        Case(
            name: "blanks, line breaks and widths do not matter", text: "\u{FEFF}姓　名 ,\"职\n务\",电话（手机）\n张三,楼长,1\n",
            columns: ["姓名", "职务", "电话(手机)"], data: ["张三"]),
        Case(
            name: "alternative names", text: "姓名,公民身份号码\n张三,1\n",
            required: [["姓名"], ["身份证号", "公民身份号码"]], columns: ["姓名", "公民身份号码"], data: ["张三"]),
        Case(
            name: "merged cell above two names", text: "姓名,职务,联系方式,,住址\n,,手机,固话,\n张三,楼长,1,2,x\n",
            columns: ["姓名", "职务", "联系方式/手机", "联系方式/固话", "住址"], data: ["张三"]),
        Case(
            name: "merged cell at the right end", text: "姓名,职务,联系方式,\n,,手机,固话\n张三,楼长,1,2\n",
            columns: ["姓名", "职务", "联系方式/手机", "联系方式/固话"], data: ["张三"]),
        Case(
            name: "downward merge that repeats its name", text: "姓名,职务,联系方式,联系方式\n姓名,职务,手机,固话\n张三,楼长,1,2\n",
            columns: ["姓名", "职务", "联系方式/手机", "联系方式/固话"], data: ["张三"]),
        Case(
            name: "required names in both rows", text: "标题,,,\n姓名,职务,联系方式,\n,,手机,固话\n张三,楼长,1,2\n",
            required: [["姓名"], ["手机"]], columns: ["姓名", "职务", "联系方式/手机", "联系方式/固话"], data: ["张三"], line: 2,
            preamble: ["标题"]),
        Case(
            name: "all required names in the lower row", text: "基本信息,,联系方式\n姓名,职务,手机\n张三,楼长,1\n",
            columns: ["姓名", "职务", "手机"], data: ["张三"], line: 2, preamble: ["基本信息"]),
        Case(
            name: "repeated lower names are told apart by the upper row", text: "楼长,,单元长,\n姓名,电话,姓名,电话\n张三,1,李四,2\n",
            required: [["楼长/姓名"]], columns: ["楼长/姓名", "楼长/电话", "单元长/姓名", "单元长/电话"], data: ["张三"]),
        Case(
            name: "repeated lower names that are not required", text: "基本,,楼长,单元长\n姓名,职务,电话,电话\n张三,x,1,2\n",
            columns: ["基本/姓名", "基本/职务", "楼长/电话", "单元长/电话"], data: ["张三"]),
        Case(
            name: "repeated lower names stay when a required one would become ambiguous",
            text: "楼长,,单元长,\n姓名,电话,姓名,电话\n张三,1,李四,2\n", required: [["姓名"]],
            columns: ["姓名", "电话", "姓名#2", "电话#2"], data: ["张三"], line: 2, preamble: ["楼长"]),
        Case(
            name: "blank child takes the parent's name", text: "姓名,职务,联系方式,,\n,,,固话,邮箱\n张三,楼长,1,2,3\n",
            columns: ["姓名", "职务", "联系方式", "联系方式/固话", "联系方式/邮箱"], data: ["张三"]),
        Case(
            name: "trailing blank column is no merged cell", text: "姓名,职务,电话,\n张三,楼长,1,\n",
            columns: ["姓名", "职务", "电话", ""], data: ["张三"]),
        Case(
            name: "first data row with a blank name is no lower header", text: "姓名,职务,电话,\n,楼长,138,139\n",
            columns: ["姓名", "职务", "电话", ""], data: [""]),
        Case(
            name: "numbers below a merged cell are data", text: "姓名,职务,电话,\n,,138,139\n",
            columns: ["姓名", "职务", "电话", ""], data: [""]),
        Case(
            name: "header is the last row", text: "标题\n姓名,职务,\n", columns: ["姓名", "职务", ""], data: [], line: 2,
            preamble: ["标题"]),
    ]

    @Test(arguments: cases)
    func finds(_ testCase: Case) throws {
        let result = Self.search(testCase.text, required: testCase.required)
        let header = try #require(result.header)
        #expect(header.columns == testCase.columns)
        #expect(header.columnPlaces.count == header.columns.count)
        #expect(header.place.line == testCase.line)
        #expect(header.preamble.map { $0.cells[0] } == testCase.preamble)
        #expect(result.data == testCase.data)
    }

    @Test func duplicateColumnsAreNumberedWithAFinding() throws {
        let header = try #require(Self.search("姓名,职务,电话,电话,电话#2,电话\n", required: [["姓名"]]).header)
        #expect(header.columns == ["姓名", "职务", "电话", "电话#3", "电话#2", "电话#4"])
        #expect(header.findings.map(\.code) == ["csv.duplicate-column", "csv.duplicate-column"])
        #expect(header.findings.map { $0.place?.description } == ["1:10", "1:18"])
        #expect(header.findings[0].field == "电话#3")
    }

    @Test func columnsAreFoundByWholeAndLowerName() throws {
        let text = "姓名,职务,联系方式,,紧急联系人,\n,,手机,固话,姓名,手机\n"
        let header = try #require(Self.search(text, required: [["姓名"]]).header)
        #expect(header.column(named: "姓 名") == 0)
        #expect(header.column(named: "联系方式／手机") == 2)
        #expect(header.column(named: "固话") == 3)
        #expect(header.column(named: "手机") == nil, "two columns have that lower name")
        #expect(header.column(named: "") == nil)
        #expect(header.column(anyOf: ["电话", "固话"]) == 3)
        #expect(header.columnPlaces[3].description == "2:6")
        #expect(header.columnPlaces[1].description == "1:4")
    }

    @Test func missingHeaderTellsTheNearestRows() {
        let result = Self.search("标题\n姓名,电话\n张三,1\n职务,姓名,电话\n", required: [["姓名"], ["职务"], ["身份证号", "公民身份号码"]])
        #expect(result.header == nil)
        #expect(result.notFound?.code == "csv.header-not-found")
        #expect(result.notFound?.severity == .fatal)
        #expect(result.notFound?.place?.line == 4)
        #expect(
            result.notFound?.message.english.contains("line 4 lacks 身份证号/公民身份号码; line 2 lacks 职务、身份证号/公民身份号码") == true)
        #expect(result.notFound?.message.chinese.contains("第 4 行缺少 身份证号/公民身份号码") == true)
    }

    @Test func noneOfTheColumnsIsToldToo() {
        let finding = Self.search("a,b\nc,d\n", required: [["姓名"]]).notFound
        #expect(finding?.message.english.contains("none of them occurs in the first 2 rows") == true)
        #expect(Self.search("", required: [["姓名"]]).notFound != nil)
    }

    @Test(arguments: [(0, true), (1, true), (3, true), (4, false)])
    func headerIsLookedForWithinTheLimit(rowsAbove: Int, isFound: Bool) {
        let text = String(repeating: "x,y\n", count: rowsAbove) + "姓名,职务\n"
        let result = Self.search(text, required: [["姓名"]], limits: CSVLimits(preambleRows: 3))
        #expect((result.header != nil) == isFound)
    }

    @Test func longPreambleIsCutBetweenCharacters() throws {
        let text = String(repeating: "长", count: 5_000) + "\n姓名,职务\n"
        let header = try #require(Self.search(text, required: [["姓名"]]).header)
        #expect(header.preamble[0].cells == [String(repeating: "长", count: 341)])
    }

    struct Result {
        var header: CSVHeader?
        var notFound: Finding?
        var data: [String] = []
    }

    static func search(_ text: String, required: [[String]], limits: CSVLimits = CSVLimits()) -> Result {
        var reader = CSVReader(dialect: .comma, limits: limits)
        reader.append(Array(text.utf8).span)
        reader.endInput()
        var search = HeaderSearch(required: required, limits: limits)
        var result = Result()
        while reader.next() == .row {
            if result.header != nil {
                result.data.append(reader.string(0))
                continue
            }
            switch search.consider(reader) {
            case .searching: continue
            case .found(let header): result.header = header
            case .foundAbove(let header):
                result.header = header
                result.data.append(reader.string(0))
            case .notFound(let finding):
                result.notFound = finding
                return result
            }
        }
        guard result.header == nil else { return result }
        switch search.finish() {
        case .found(let header): result.header = header
        case .notFound(let finding): result.notFound = finding
        default: break
        }
        return result
    }
}
