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
    ]

    @Test(arguments: cases, [1, 7, Int.max])
    func givesTheSameRecords(_ testCase: Case, piece: Int) throws {
        let mapping = try Convert.mapping(Forms.cases)
        let expected = try Convert.document(Array(Forms.casesDocument.utf8), mapping)
        let text = Forms.casesDocument.replacing("encoding=\"UTF-8\"", with: "encoding=\"\(testCase.label)\"")
        let bytes = (testCase.isMarked ? testCase.encoding.byteOrderMark : []) + Self.encode(text, testCase.encoding)
        var survey = EncodingSurvey()
        survey.survey(bytes.span)
        let verdict = survey.finish()
        #expect(verdict.encoding == testCase.encoding)
        let result = try Convert.document(bytes, mapping, encoding: verdict.encoding, piece: piece)
        #expect(result.codes == [])
        #expect(result.cases.count == 2)
        #expect(result.cases == expected.cases)
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
