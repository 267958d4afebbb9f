import Testing

@testable import Inbound

@Suite struct FileNameTests {
    @Test(arguments: [
        ("plain.csv", "plain.csv"), ("花名册.csv", "花名册.csv"), ("two\nlines", "two\\nlines"),
        ("tab\there", "tab\\there"), ("bell\u{7}", "bell\\u{7}"), ("back\\slash", "back\\\\slash"),
        ("evil\u{202E}fdp.exe", "evil\\u{202E}fdp.exe"), ("zero\u{200B}width", "zero\\u{200B}width"),
        ("escape\u{1B}[31m", "escape\\u{1B}[31m"), ("c1\u{85}", "c1\\u{85}"), ("line\u{2028}", "line\\u{2028}"),
    ])
    func utf8IsShownWithEscapes(name: String, shown: String) throws {
        #expect(try #require(FileName(name)).displayed == shown)
        #expect(FileName(name)?.hexadecimalWhenNotUTF8 == nil)
    }

    @Test(
        arguments: [
            // 名单 in GBK.
            ([0xC3, 0xFB, 0xB5, 0xA5, 0x2E, 0x63, 0x73, 0x76], "名单.csv", "c3fbb5a52e637376"),
            // A line break beside GBK.
            ([0xC3, 0xFB, 0x0A], "名\\n", "c3fb0a"),
            // Neither UTF-8 nor GB18030.
            ([0x61, 0xFF, 0xFF, 0x0A, 0x62], "a\\xff\\xff\\nb", "61ffff0a62"),
        ] as [([UInt8], String, String)])
    func otherBytesAreDecodedOrEscaped(bytes: [UInt8], shown: String, hexadecimal: String) throws {
        let name = try #require(FileName(bytes: bytes))
        #expect(name.displayed == shown)
        #expect(name.hexadecimalWhenNotUTF8 == hexadecimal)
        #expect(name.bytes == bytes)
    }

    @Test(arguments: ["", ".", "..", "a/b", "nul\0"])
    func whatIsNoComponentIsNoName(text: String) {
        #expect(FileName(text) == nil)
    }

    @Test func nothingRawIsEverShown() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            guard let name = FileName(bytes: bytes) else { continue }
            let isShowable = name.displayed.unicodeScalars.allSatisfy {
                switch $0.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse: false
                default: true
                }
            }
            #expect(isShowable, "\(bytes)")
        }
    }

    @Test(arguments: [
        ("x.csv.part", true), ("x.csv.PART", true), ("x.tmp", true), ("x.filepart", true), ("x.crdownload", true),
        (".hidden", true), (".qiao", true), ("x.csv~", true), ("~$book.xlsx", true), (".x.csv.swp", true),
        ("#x.csv#", true), ("Thumbs.db", true), ("THUMBS.DB", true), ("desktop.ini", true), ("x.csv", false),
        ("part", false), (".part", true), ("#x", false), ("thumbs.db.csv", false), ("~x.csv", false),
        ("Thumbs/db", false),
    ])
    func droppingsAreIgnored(name: String, isIgnored: Bool) {
        guard let name = FileName(name) else { return }
        #expect(IgnoredNames.usual.contains(name) == isIgnored)
    }

    @Test func namesAreCutBetweenCharactersAndKeepTheirExtension() throws {
        let name = try #require(FileName(String(repeating: "册", count: 80) + ".csv"))
        let cut = name.cut(to: 100)
        #expect(cut.bytes.count <= 100)
        #expect(cut.displayed.hasSuffix("册.csv"))
        #expect(String(validating: cut.bytes, as: UTF8.self) != nil)
        let gbk = try #require(
            FileName(bytes: (0..<120).flatMap { _ in [0xC3, 0xFB] as [UInt8] } + Array(".xml".utf8)))
        #expect(gbk.cut(to: 101).bytes.count == 100)
        #expect(gbk.cut(to: 101).displayed.hasSuffix("名.xml"))
        #expect(FileName("short.csv")?.cut(to: 100) == FileName("short.csv"))
    }
}
