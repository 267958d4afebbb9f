import Findings
import Testing
import TextEncodings

@testable import Mappings

@Suite struct MatchingTests {
    private func set() -> MappingSet {
        let texts = [
            Forms.roster, Forms.cases,
            Forms.roster.replacing("yutai.liangzhang-roster", with: "other").replacing(
                "header: [姓名, 职务]", with: "header: [姓名, 职务, 学历]"),
        ]
        let files = texts.enumerated().map { MappingFile(path: "\($0).yaml", bytes: Array($1.utf8)) }
        return MappingSet.load(files: files).set
    }

    @Test(
        arguments: [
            (Forms.rosterDocument, ["yutai.liangzhang-roster"]),
            (Forms.casesDocument, ["yutai.yukuaiban-cases"]),
            ("标题\n姓名,职务,学历\n", ["other", "yutai.liangzhang-roster"]),
            ("姓名,学历\n张三,大专\n", []), ("<a xmlns=\"urn:other\"/>", []), ("<a:appeals xmlns:a=\"urn:x\"/>", []),
            ("", []), (" \n ", []), ("<", []), ("姓名,职务", ["yutai.liangzhang-roster"]),
        ] as [(String, [String])])
    func documentsFindTheirMappings(text: String, ids: [String]) {
        let head = DocumentHead(Array(text.utf8), encoding: .utf8)
        #expect(set().matching(head).map(\.id) == ids)
    }

    /// The head of a long document is shorter as text than as filed where a mark, a cut character or the encoding says so.
    @Test(arguments: ["mark", "cut character", "UTF-16"])
    func headThatIsShorterAsTextIsEnough(reason: String) {
        let text = "姓名,职务\n" + String(repeating: "张三,楼长\n", count: 20_000)
        let bytes: [UInt8] =
            switch reason {
            case "mark": [0xEF, 0xBB, 0xBF] + Array(text.utf8)
            case "UTF-16": text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
            default: [0x20] + Array(text.utf8)
            }
        let head = DocumentHead(
            Array(bytes.prefix(DocumentHead.size)), encoding: reason == "UTF-16" ? .utf16LittleEndian : .utf8)
        #expect(set().matching(head).map(\.id) == ["yutai.liangzhang-roster"])
    }

    @Test func headSaysWhatItIs() {
        let xml = DocumentHead(Array("<r xmlns=\"urn:a\"/>".utf8), encoding: .utf8)
        #expect(xml.summary.english == "the root element is <r> {urn:a}")
        let workbook = DocumentHead([0x50, 0x4B, 0x03, 0x04, 0x14, 0x00], encoding: .gb18030)
        #expect(workbook.summary.english.contains("save it as CSV"))
        #expect(DocumentHead([], encoding: .utf8).format == nil)
    }

    /// A roster without its header is all personal data: nothing of it may be repeated.
    @Test func mismatchNamesMissingColumnsAndNoCell() {
        let head = DocumentHead(Array("王芳,370827190101010038,13900000000\n".utf8), encoding: .utf8)
        let why = set().mismatch(head)
        for secret in ["王芳", "370827190101010038", "13900000000"] {
            #expect(!why.english.contains(secret) && !why.chinese.contains(secret))
        }
        #expect(why.english.contains("姓名"))
        let near = set().mismatch(DocumentHead(Array("姓名,学历\n张三,大专\n".utf8), encoding: .utf8))
        #expect(near.english.contains("职务"))
        #expect(!near.english.contains("张三"))
    }

    @Test func headIsReadInItsEncoding() {
        let bytes: [UInt8] = [0xD0, 0xD5, 0xC3, 0xFB, 0x2C, 0xD6, 0xB0, 0xCE, 0xF1, 0x0A, 0x61, 0x2C, 0x62, 0x0A]
        #expect(set().matching(DocumentHead(bytes, encoding: .gb18030)).map(\.id) == ["yutai.liangzhang-roster"])
    }
}
