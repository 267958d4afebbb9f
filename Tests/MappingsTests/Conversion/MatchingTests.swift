import CanonicalRecords
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
        let plain = DocumentHead(Array("<r/>".utf8), encoding: .utf8)
        #expect(plain.summary.english == "the root element is <r>")
        let comment = "<!--" + String(repeating: "x", count: DocumentHead.size) + "--><r/>"
        let late = DocumentHead(Array(comment.utf8.prefix(DocumentHead.size)), encoding: .utf8)
        #expect(
            late.summary.english
                == "it is XML, but the tag of its root element does not end within the first 64 KiB")
        #expect(DocumentHead([], encoding: .utf8).format == nil)
    }

    /// What people file instead, most of it renamed to `.csv`: they are told what to do.
    @Test(
        arguments: [
            ([0x50, 0x4B, 0x03, 0x04, 0x14, 0x00], "Excel workbook or a ZIP"),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0x00], "old Excel"),
            ([0x09, 0x04, 0x06, 0x00, 0x00, 0x00], "old Excel"), (Array("%PDF-1.7\n%\u{e2}\u{e3}\n".utf8), "a PDF"),
            ([0x1F, 0x8B, 0x08, 0x00], "compressed"), ([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07, 0x01, 0x00], "compressed"),
            ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0x00], "compressed"), ([0xFF, 0xD8, 0xFF, 0xE0], "picture"),
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], "picture"), ([0x7F, 0x45, 0x4C, 0x46, 0, 0, 0, 0, 0], "not a text"),
            (Array("\r\n<HTML xmlns:x=\"urn:x\"><table><tr><td>姓名".utf8), "web page"),
            (Array("<!DOCTYPE html>\n<table>".utf8), "web page"), (Array("<table border=1>".utf8), "web page"),
            (Array("[\n {\"姓名\":\"张三\"}]".utf8), "JSON"), (Array("{ \"rows\": [] }".utf8), "JSON"),
            (
                Array("<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>".utf8),
                "Excel workbook in XML"
            ),
        ] as [([UInt8], String)])
    func otherFormatsAreNamed(bytes: [UInt8], said: String) {
        let head = DocumentHead(bytes, encoding: .utf8)
        let why = set().mismatch(head)
        #expect(why.english.contains(said))
        // Neither a missing header nor a forbidden DOCTYPE is what is wrong with it.
        #expect(!why.english.contains("header") && head.fault == nil)
    }

    @Test(
        arguments: [
            ("[2026] 名册\n姓名,职务\n", TextEncoding.utf8), ("{一}\n姓名,职务\n", .utf8), ("PK,姓名,职务\n", .utf8),
            ("a\u{0}b\n姓名,职务\n", .utf8), ("<tables/>", .utf8), ("姓名,职务\n", .utf16LittleEndian),
        ])
    func tablesAreNotTakenForOtherFormats(text: String, encoding: TextEncoding) {
        let wide = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let head = DocumentHead(encoding == .utf8 ? Array(text.utf8) : wide, encoding: encoding)
        #expect(head.foreignFormat == nil)
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

    /// What the survey takes for the encoding of a document counts for less than what the mapping says.
    @Test(
        arguments: [
            ("utf-16", .utf16LittleEndian, .utf8), ("utf-16", .utf16LittleEndian, .gb18030),
            ("utf-16", .utf16BigEndian, .utf16BigEndian), ("utf-8", .utf8, .gb18030),
        ] as [(String, TextEncoding, TextEncoding)])
    func mappingsNameTheEncoding(named: String, actual: TextEncoding, found: TextEncoding) throws {
        let yaml = Forms.roster.replacing("encoding: auto", with: "encoding: \(named)")
        let set = MappingSet.load(files: [MappingFile(path: "m.yaml", bytes: Array(yaml.utf8))], tables: []).set
        let units = Forms.rosterDocument.utf16
        let bytes: [UInt8] =
            switch actual {
            case .utf16LittleEndian: units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
            case .utf16BigEndian: [0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
            default: Array(Forms.rosterDocument.utf8)
            }
        let mapping = try #require(set.matching(DocumentHead(bytes, encoding: found)).first)
        let result = try Convert.document(bytes, mapping, encoding: found)
        #expect(result.persons.map(\.name) == ["张三", "李四", "王五"])
        #expect(result.findings == [])
    }

    @Test func headIsReadInItsEncoding() {
        let bytes: [UInt8] = [0xD0, 0xD5, 0xC3, 0xFB, 0x2C, 0xD6, 0xB0, 0xCE, 0xF1, 0x0A, 0x61, 0x2C, 0x62, 0x0A]
        #expect(set().matching(DocumentHead(bytes, encoding: .gb18030)).map(\.id) == ["yutai.liangzhang-roster"])
    }
}
