import Findings
import Mappings
import Testing
import TextEncodings

/// A filing gives the same records in every encoding that it can declare.
@Suite struct FilingEncodingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var label: String
        var encoding: TextEncoding
        var isMarked = false

        var testDescription: String { "\(label)\(isMarked ? ", marked" : "")" }
    }

    static let cases: [Case] = [
        Case(label: "UTF-8", encoding: .utf8), Case(label: "UTF-8", encoding: .utf8, isMarked: true),
        Case(label: "GB18030", encoding: .gb18030), Case(label: "GBK", encoding: .gb18030),
        Case(label: "gb2312", encoding: .gb18030),
        Case(label: "UTF-16", encoding: .utf16LittleEndian, isMarked: true),
        Case(label: "UTF-16", encoding: .utf16BigEndian, isMarked: true),
        Case(label: "UTF-16LE", encoding: .utf16LittleEndian, isMarked: true),
        Case(label: "UTF-16BE", encoding: .utf16BigEndian, isMarked: true),
        Case(label: "UTF-16", encoding: .utf16LittleEndian), Case(label: "UTF-16LE", encoding: .utf16LittleEndian),
        Case(label: "utf-16", encoding: .utf16BigEndian), Case(label: "UTF-16BE", encoding: .utf16BigEndian),
    ]

    @Test(arguments: cases, [1, 7, Int.max])
    func givesTheSameRecords(_ testCase: Case, piece: Int) throws {
        let mapping = try Convert.mapping(Forms.cases)
        let expected = try Convert.document(Array(Forms.casesDocument.utf8), mapping)
        let text = Forms.casesDocument.replacing("encoding=\"UTF-8\"", with: "encoding=\"\(testCase.label)\"")
        let bytes = (testCase.isMarked ? testCase.encoding.byteOrderMark : []) + Self.encode(text, testCase.encoding)
        let encoding = Self.encoding(of: bytes)
        #expect(encoding == testCase.encoding)
        let result = try Convert.document(bytes, mapping, encoding: encoding, piece: piece)
        #expect(result.codes == [])
        #expect(result.cases.count == 2)
        #expect(result.cases == expected.cases)
    }

    /// What GB18030 writes can be valid UTF-8 by chance: `一` is D2 BB, `小` D0 A1, `学` D1 A7.
    @Test(
        arguments: [
            ("GBK", "一小学", .gb18030), ("gb2312", "小", .gb18030), ("UTF-8", "一小学", .utf8), ("KOI8-R", "小学", .utf8),
        ] as [(String, String, TextEncoding)])
    func declarationDecidesWhatTheBytesLeaveOpen(_ label: String, _ text: String, _ expected: TextEncoding) {
        let document =
            Array("<?xml version='1.0' encoding='\(label)'?><a>".utf8) + GB18030.encode(text) + Array("</a>".utf8)
        #expect(Self.survey(document).encoding == .utf8)
        #expect(Self.encoding(of: document) == expected)
    }

    @Test func bytesDecideWhereTheyLeaveNothingOpen() {
        let declaration = "<?xml version='1.0' encoding='GBK'?>"
        #expect(Self.encoding(of: Array("\(declaration)<a>一×</a>".utf8)) == .utf8)
        #expect(Self.encoding(of: Array("\(declaration)<a/>".utf8)) == .utf8)
        #expect(Self.encoding(of: TextEncoding.utf8.byteOrderMark + Array("\(declaration)<a>×</a>".utf8)) == .utf8)
        #expect(Self.encoding(of: Array("姓名,×\n".utf8)) == .utf8)
        #expect(Self.encoding(of: []) == .utf8)
    }

    /// A conversion has the head of the document alone; a golden case and a draft have more of it.
    @Test func whatIsBehindTheHeadDecidesNothing() {
        let declaration = Array("<?xml version='1.0' encoding='GBK'?><a>".utf8) + GB18030.encode("一小学")
        let filling = [UInt8](repeating: 0x20, count: DocumentHead.size - declaration.count)
        let document = declaration + filling + Array("人</a>".utf8)
        #expect(Self.survey(document).encoding == .utf8)
        let head = Array(document.prefix(DocumentHead.size))
        let found = Self.survey(document).encoding(ofDocument: head.span)
        #expect(found == .gb18030)
        #expect(Self.encoding(of: document) == .gb18030)
    }

    /// One value in another encoding must not make another text of all the others.
    @Test func damagedDocumentIsRefusedWhereItIsDamaged() throws {
        let whole = Array(Forms.casesDocument.utf8)
        for damage in [[0xCE, 0xC4], [0xFF]] as [[UInt8]] {
            let place = try #require(whole.lastIndex(of: UInt8(ascii: "<")))
            let document = whole[..<place] + damage + whole[place...]
            let encoding = Self.encoding(of: Array(document))
            let result = try Convert.document(Array(document), Convert.mapping(Forms.cases), encoding: encoding)
            #expect(encoding == .utf8)
            #expect(result.summary.rejection?.code == "encoding.invalid-bytes")
            #expect(result.summary.rejection?.place?.offset == place)
            #expect(result.records.isEmpty)
        }
    }

    private static func encoding(of document: [UInt8]) -> TextEncoding {
        survey(document).encoding(ofDocument: document.span)
    }

    private static func survey(_ document: [UInt8]) -> EncodingVerdict {
        var survey = EncodingSurvey()
        survey.survey(document.span)
        return survey.finish()
    }

    private static func encode(_ text: String, _ encoding: TextEncoding) -> [UInt8] {
        switch encoding {
        case .utf8: Array(text.utf8)
        case .gb18030: GB18030.encode(text)
        case .utf16LittleEndian: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .utf16BigEndian: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        }
    }
}
