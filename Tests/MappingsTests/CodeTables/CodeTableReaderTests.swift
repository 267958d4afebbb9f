import Foundation
import Testing

@testable import Mappings

@Suite struct CodeTableReaderTests {
    private func read(_ text: String) -> CodeTableReader.Load {
        CodeTableReader.read(MappingFile(path: "mappings/tables/appeal-categories.csv", bytes: Array(text.utf8)))
    }

    private func problems(_ text: String) -> [String] {
        read(text).problems.map(\.description)
    }

    @Test func codesTitlesAndTermsFindTheirRow() throws {
        let table = try #require(read("code,title,terms,note\n01,物业管理,物业|小区物业,\n02,供水供暖,停水,冬季\n").table)
        #expect(table.name == "appeal-categories")
        #expect(table.rows.map(\.code) == ["01", "02"])
        for value in ["01", "物业管理", "物业", "小区物业", " 物 业 ", "０１"] {
            #expect(table.row(for: value)?.code == "01", "\(value)")
        }
        #expect(table.row(for: "停水")?.line == 3)
        #expect(table.row(for: "冬季") == nil)
        #expect(read("code,title,terms,note\n01,物业管理,物业|小区物业,\n").problems.isEmpty)
    }

    /// What somebody wrote may be a MiB long; what is said of it is read on a terminal and in a log.
    @Test func longCellsAreToldShort() throws {
        let long = String(repeating: "说", count: 300_000)
        let told = problems("code,title,\(long)\n1,甲\n")
        #expect(told.count == 1)
        #expect(told[0].utf8.count < 4000)
        #expect(told[0].hasPrefix("mappings/tables/appeal-categories.csv:1:3: warning: the column “说说说"))
        #expect(told[0].hasSuffix("说说说” is not used; known are code, title, terms and note"))
    }

    @Test(arguments: [
        "\u{FEFF}code,title\r\n1,甲\r\n", "代码,名称\n1,甲\n", "code;title\n1;甲\n", "code\ttitle\n1\t甲\n",
        "\n\ncode,title\n\n1,甲\n\n", " \n\ncode;title\n1;甲\n",
        "\"code\",\"title\"\n\"1\",\"甲\"\n", "code,title\n1,甲", "code,title\n 1 ,　甲\n,\n",
    ])
    func shapesThatSpreadsheetsWrite(_ text: String) throws {
        let load = read(text)
        #expect(load.problems.isEmpty)
        #expect(try #require(load.table).row(for: "甲")?.code == "1")
    }

    @Test func rowBehindAQuotedLineBreakHasItsLine() {
        #expect(
            problems("code,title,note\n1,甲,\"两行\n说明\"\n1,乙,\n")
                == ["mappings/tables/appeal-categories.csv:4:1: error: the code “1” stands in line 2 already"])
    }

    /// Nothing but CR, LF and both ends a row, and none of the others counts as a line.
    @Test(arguments: ["\u{2028}", "\u{2029}", "\u{85}", "\u{B}", "\u{C}"])
    func otherLineEndsAreText(_ character: String) throws {
        let load = read("code,title\(character),note\n1,甲\(character)乙,\n,丙,\r\n,丁,\r,戊,\n")
        #expect(load.problems.map(\.line) == [3, 4, 5])
        let good = try #require(read("code;title;note\(character)\n1;甲\(character)乙;\n").table)
        #expect(good.rows.map(\.title) == ["甲\(character)乙"])
    }

    /// Told in a moment, and without taking many times their room.
    @Test(arguments: [
        ("code,\(long)\n1,甲\n", "1:1: error: this line has 2000005 bytes; 1048576 are allowed"),
        ("code\r\n1\r\n2,\(long)\n", "3:1: error: this line has 2000002 bytes"),
        ("code\r1\r\n\r\n2,\(long)\r", "4:1: error: this line has 2000002 bytes"),
        ("code\n1\n2,\"\(lines)\"\n", "3:2: error: this cell has 1100000 bytes; 1048576 are allowed"),
    ])
    func oversizedCellsAreRefused(_ text: String, _ message: String) {
        let load = read(text)
        #expect(load.table == nil)
        #expect(load.problems.count == 1)
        #expect(load.problems[0].description.contains(message), "\(load.problems[0].description.prefix(200))")
    }

    static let long = String(repeating: "长x", count: 500_000)
    static let lines = String(repeating: "x\n", count: 550_000)

    @Test func oversizedFileIsNotRead() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "qiao-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let tables = folder.appending(path: "tables")
        try FileManager.default.createDirectory(at: tables, withIntermediateDirectories: true)
        let path = tables.appending(path: "t.csv").path
        try Data("code\n1\n".utf8).write(to: URL(filePath: path))
        // All of it a hole.
        #expect(truncate(path, 1 << 40) == 0)
        let message = "the code table has 1099511627776 bytes; 16777216 are allowed; keep what is used only"
        #expect(
            MappingSet.load(folder: folder.path).problems.map(\.description) == [
                "\(folder.path)/tables/t.csv: error: \(message)"
            ])
        let near = MappingSet.tables(near: folder.path + "/m.yaml")
        #expect(MappingSet.load(files: [], tables: near).problems.map(\.message) == [message])
    }

    @Test func oneByteMoreThanTheLimitIsRefused() {
        let text = "code\n1\n"
        let load = read(text + String(repeating: "\n", count: CodeTableReader.sizeLimit + 1 - text.utf8.count))
        #expect(load.problems.map(\.message).first?.contains("has 16777217 bytes") == true)
    }

    @Test func tableWithErrorsIsNamedWhereItIsUsed() {
        let set = CodeTableSet([], broken: ["t": "m/tables/t.csv"])
        #expect(set.absence(of: "t") == "the code table “t” has errors; mend m/tables/t.csv first")
    }

    @Test func termForTwoCodesIsAnError() {
        #expect(
            problems("code,terms\n1,甲|乙\n2,乙\n")
                == ["mappings/tables/appeal-categories.csv:3:0: error: “乙” stands for 1 (line 2) and for 2"])
    }

    @Test func lostLeadingZeroIsAWarningWithTheCode() throws {
        let load = read("code,title\n01,甲\n2,乙\n")
        #expect(load.table != nil)
        #expect(load.problems.map(\.suggestion) == ["02"])
    }

    @Test(arguments: [
        ("", "is empty"), ("\n \n", "is empty"), ("kode,title\n1,甲\n", "no column “code”"),
        ("code,title\n,甲\n", "has no code"),
        ("code,title\n3.70827E+11,甲\n", "turned the code into"), ("code,title\n1,\"甲\"乙\n", "quoted cell"),
        ("code,title\n1,\"甲\n", "quoted cell"),
    ])
    func brokenTablesAreRefused(_ text: String, _ message: String) {
        let load = read(text)
        #expect(load.table == nil)
        #expect(load.problems.contains { $0.isError && $0.message.contains(message) }, "\(load.problems)")
    }

    @Test(
        arguments: [
            ("code,title\n1,甲,乙\n", "2:3: warning: “乙” stands in a column without a name"),
            ("code,,title\n1,乙,甲\n", "2:2: warning: “乙” stands in a column without a name"),
            ("code,代码\n1,2\n", "1:2: warning: the column “代码” is not used: another one before it is “code” already"),
            ("名称,code,name\n甲,1,乙\n", "1:3: warning: the column “name” is not used: another one before it is “title”"),
        ])
    func cellsThatNothingUsesAreTold(_ text: String, _ message: String) {
        let load = read(text)
        #expect(load.table != nil)
        #expect(load.problems.map(\.description).allSatisfy { $0.contains(message) }, "\(load.problems)")
        #expect(load.problems.count == 1)
    }

    @Test func problemOfACodeStandsInItsColumn() {
        #expect(read("title,code\n甲,1\n乙,1\n").problems.map(\.column) == [2])
        #expect(read("title,code\n甲,01\n乙,2\n").problems.map(\.column) == [2])
    }

    @Test func rowThatIsBrokenIsARow() {
        #expect(read("code,title\n,甲\n").problems.map(\.message) == ["this row has no code"])
    }

    @Test func asManyRowsAsTheLimitSays() {
        let rows = (1...CodeTableReader.rowLimit).map { "\($0)\n" }.joined()
        #expect(read("code\n\n" + rows + "\n\n").table?.rows.count == CodeTableReader.rowLimit)
        let load = read("code\n" + rows + "\n0\n")
        #expect(load.table == nil)
        #expect(load.problems.map(\.message).first?.contains("more than 100000 rows") == true)
    }

    @Test func tablesOfOneNameAreAnError() throws {
        let tables = ["a/t.csv", "b/t.CSV"].map { MappingFile(path: $0, bytes: Array("code\n1\n".utf8)) }
        #expect(
            MappingSet.load(files: [], tables: tables).problems.map(\.description)
                == ["b/t.CSV: error: the code table “t” is in a/t.csv already"])
    }

    @Test func endingInCapitalsIsFound() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "qiao-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let tables = folder.appending(path: "tables")
        try FileManager.default.createDirectory(at: tables, withIntermediateDirectories: true)
        try Data("kode\n".utf8).write(to: tables.appending(path: "t.CSV"))
        #expect(MappingSet.load(folder: folder.path).problems.contains { $0.isError })
        #expect(MappingSet.tables(near: folder.path + "/m.yaml").count == 1)
    }

    @Test func unknownColumnIsAWarningWithASuggestion() {
        let load = read("code,titel\n1,甲\n")
        #expect(load.table != nil)
        #expect(load.problems.map(\.suggestion) == ["title"])
    }

    @Test func otherEncodingIsAnErrorThatSaysWhatToDo() {
        let load = CodeTableReader.read(
            MappingFile(path: "x.csv", bytes: Array("code\n".utf8) + [0xCE, 0xEF, 0xD2, 0xB5]))
        #expect(load.table == nil)
        #expect(
            load.problems.map(\.description) == ["x.csv: error: the code table is not UTF-8; save it as “CSV UTF-8”"])
    }
}
