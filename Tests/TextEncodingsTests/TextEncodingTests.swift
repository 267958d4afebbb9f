import Testing
import TextEncodings

@Suite struct TextEncodingTests {
    @Test(arguments: [
        ("utf-8", TextEncoding.utf8), ("UTF8", .utf8), (" Utf-8 ", .utf8), ("utf_8", .utf8), ("ASCII", .utf8),
        ("GB18030", .gb18030), ("gbk", .gb18030), ("GB2312", .gb18030), ("gb_2312-80", .gb18030), ("CP936", .gb18030),
        ("utf-16", .utf16LittleEndian), ("UTF-16LE", .utf16LittleEndian), ("utf-16be", .utf16BigEndian),
    ])
    func labelNamesAnEncoding(label: String, encoding: TextEncoding) {
        #expect(TextEncoding(label: label) == encoding)
    }

    @Test(arguments: ["", "utf-7", "big5", "gb18030x", "utf 8", "latin1"])
    func otherLabelsNameNone(label: String) {
        #expect(TextEncoding(label: label) == nil)
    }

    @Test(arguments: TextEncoding.allCases)
    func rawValueIsALabel(encoding: TextEncoding) {
        #expect(TextEncoding(label: encoding.rawValue) == encoding)
    }
}
