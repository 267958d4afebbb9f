import Testing
import TextEncodings

@Suite struct EncodingSurveyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var encoding: TextEncoding
        var mark = 0
        var isASCII = false
        var invalid: Int?
        var isCut = false

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "empty", bytes: [], encoding: .utf8, isASCII: true),
        Case(name: "ascii", bytes: Array("name,id\n1,2\n".utf8), encoding: .utf8, isASCII: true),
        Case(name: "one byte", bytes: [0x41], encoding: .utf8, isASCII: true),
        Case(name: "utf8 han", bytes: Array("姓名,职务\n".utf8), encoding: .utf8),
        Case(name: "utf8 mark", bytes: [0xEF, 0xBB, 0xBF] + Array("姓名".utf8), encoding: .utf8, mark: 3),
        Case(name: "utf8 mark alone", bytes: [0xEF, 0xBB, 0xBF], encoding: .utf8, mark: 3),
        Case(name: "half a utf8 mark is gb18030", bytes: [0xEF, 0xBB], encoding: .gb18030, invalid: 0, isCut: true),
        Case(name: "utf16le mark", bytes: [0xFF, 0xFE, 0x41, 0], encoding: .utf16LittleEndian, mark: 2),
        Case(name: "utf16be mark", bytes: [0xFE, 0xFF, 0, 0x41], encoding: .utf16BigEndian, mark: 2),
        Case(name: "utf16 mark alone", bytes: [0xFF, 0xFE], encoding: .utf16LittleEndian, mark: 2),
        Case(name: "gbk han", bytes: [0xD0, 0xD5, 0xC3, 0xFB], encoding: .gb18030, invalid: 0),
        Case(name: "gbk after ascii", bytes: [0x31, 0x2C, 0xD0, 0xD5, 0x0A], encoding: .gb18030, invalid: 2),
        Case(
            name: "utf8 mark with invalid bytes stays utf8", bytes: [0xEF, 0xBB, 0xBF, 0x41, 0xFF, 0x42],
            encoding: .utf8, mark: 3, invalid: 4),
        Case(
            name: "utf8 cut at the end", bytes: Array("姓名".utf8.dropLast()), encoding: .utf8, invalid: 3, isCut: true),
        Case(
            name: "one cut character alone says nothing for utf8", bytes: [0x41, 0xE5, 0xA7], encoding: .gb18030,
            invalid: 1, isCut: true),
        Case(
            name: "utf8 with a damaged character", bytes: Array("姓名,职务\n".utf8) + [0x41, 0xFF], encoding: .utf8,
            invalid: 15),
        Case(
            name: "utf8 with a value in gbk", bytes: Array("姓名,职务\n".utf8) + [0xCE, 0xC4, 0x0A], encoding: .utf8,
            invalid: 14),
        Case(
            name: "two characters that pass for utf8", bytes: Array("姓名".utf8) + [0xCE, 0xC4], encoding: .gb18030,
            invalid: 6),
        Case(name: "overlong slash", bytes: [0xC0, 0xAF, 0x41], encoding: .gb18030, invalid: 0),
        Case(name: "overlong of three", bytes: [0xE0, 0x9F, 0xBF, 0x41], encoding: .gb18030, invalid: 0),
        Case(name: "surrogate", bytes: [0xED, 0xA0, 0x80, 0x41], encoding: .gb18030, invalid: 0),
        Case(name: "above the last scalar", bytes: [0xF4, 0x90, 0x80, 0x80], encoding: .gb18030, invalid: 0),
        Case(name: "last scalar", bytes: [0xF4, 0x8F, 0xBF, 0xBF], encoding: .utf8),
        Case(name: "hangul before surrogates", bytes: [0xED, 0x9F, 0xBF], encoding: .utf8),
        Case(name: "lone continuation", bytes: [0x41, 0x80], encoding: .gb18030, invalid: 1),
    ]

    @Test(arguments: cases)
    func verdict(_ testCase: Case) {
        let expected = EncodingVerdict(
            encoding: testCase.encoding, byteOrderMark: testCase.mark, isPureASCII: testCase.isASCII,
            firstInvalidUTF8Offset: testCase.invalid, isCutAtEnd: testCase.isCut, byteCount: testCase.bytes.count)
        #expect(Self.survey([testCase.bytes]) == expected)
        #expect(Self.survey(testCase.bytes.map { [$0] }) == expected, "one byte at a time")
    }

    @Test func agreesWithTheStandardLibraryOnMutatedText() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<600 {
            var bytes = Array(generator.text(count: Int.random(in: 0...60, using: &generator)).utf8)
            for _ in 0..<Int.random(in: 0...2, using: &generator) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
            if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { continue }
            let verdict = Self.survey(generator.pieces(of: bytes))
            #expect((verdict.firstInvalidUTF8Offset == nil) == (String(validating: bytes, as: UTF8.self) != nil))
            #expect(verdict == Self.survey([bytes]))
            guard let offset = verdict.firstInvalidUTF8Offset else { continue }
            #expect(String(validating: bytes[..<offset], as: UTF8.self) != nil)
        }
    }

    // Every position within the wide loads sees a bad byte once.
    @Test func oneBadByteIsFoundAtEveryOffset() {
        for count in [15, 33, 70] {
            for offset in 0..<count {
                var bytes = [UInt8](repeating: 0x61, count: count)
                bytes[offset] = 0xFF
                #expect(Self.survey([bytes]).firstInvalidUTF8Offset == offset)
            }
        }
        let han = Array("嘉祥县八大攻坚一核五化双报到".utf8)
        for offset in han.indices {
            var bytes = han
            bytes[offset] = 0x20
            let valid = String(validating: bytes, as: UTF8.self) != nil
            #expect(!valid)
            #expect(Self.survey([bytes]).firstInvalidUTF8Offset == offset / 3 * 3 + (offset % 3 == 0 ? 1 : 0))
        }
    }

    static func survey(_ pieces: [[UInt8]]) -> EncodingVerdict {
        var survey = EncodingSurvey()
        for piece in pieces { survey.survey(piece.span) }
        return survey.finish()
    }
}
