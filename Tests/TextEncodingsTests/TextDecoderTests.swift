import Findings
import Testing
import TextEncodings

@Suite struct TextDecoderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var encoding: TextEncoding
        var bytes: [UInt8]
        var text: String
        var faults: [DecodingFault] = []

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "utf8 mark is removed", encoding: .utf8, bytes: [0xEF, 0xBB, 0xBF, 0x41], text: "A"),
        Case(
            name: "a second mark stays", encoding: .utf8, bytes: [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF], text: "\u{FEFF}"),
        Case(name: "gb18030 mark is removed", encoding: .gb18030, bytes: [0x84, 0x31, 0x95, 0x33, 0x41], text: "A"),
        Case(name: "utf16le mark is removed", encoding: .utf16LittleEndian, bytes: [0xFF, 0xFE, 0x41, 0], text: "A"),
        Case(name: "utf16be mark is removed", encoding: .utf16BigEndian, bytes: [0xFE, 0xFF, 0x59, 0xD3], text: "姓"),
        Case(name: "empty", encoding: .gb18030, bytes: [], text: ""),
        Case(
            name: "invalid lead before a comma leaves the comma", encoding: .gb18030,
            bytes: [0x41, 0xC4, 0x2C, 0x42], text: "A\u{FFFD},B", faults: [fault(.invalid, 1, 1, [0xC4])]),
        Case(
            name: "invalid lead before a line end leaves the line end", encoding: .gb18030,
            bytes: [0xC4, 0x0D, 0x0A, 0x41], text: "\u{FFFD}\r\nA", faults: [fault(.invalid, 0, 0, [0xC4])]),
        Case(
            name: "80 and FF are invalid by themselves", encoding: .gb18030, bytes: [0x80, 0xFF, 0xD0, 0xD5],
            text: "\u{FFFD}\u{FFFD}姓", faults: [fault(.invalid, 0, 0, [0x80]), fault(.invalid, 1, 3, [0xFF])]),
        Case(
            name: "four bytes that stand for nothing", encoding: .gb18030, bytes: [0x84, 0x31, 0xA5, 0x30, 0x41],
            text: "\u{FFFD}A", faults: [fault(.invalid, 0, 0, [0x84, 0x31, 0xA5, 0x30])]),
        Case(
            name: "a broken four-byte form gives its digit back", encoding: .gb18030, bytes: [0x81, 0x30, 0x2C, 0x41],
            text: "\u{FFFD}0,A", faults: [fault(.invalid, 0, 0, [0x81])]),
        Case(
            name: "gb18030 cut at the end", encoding: .gb18030, bytes: [0xD0, 0xD5, 0xC3], text: "姓\u{FFFD}",
            faults: [fault(.cutAtEnd, 2, 3, [0xC3])]),
        Case(
            name: "private use of gb18030", encoding: .gb18030, bytes: [0x41, 0xFE, 0x51, 0x42], text: "A\u{E816}B",
            faults: [fault(.privateUse, 1, 1, [0xFE, 0x51])]),
        Case(
            name: "private use of utf8", encoding: .utf8, bytes: Array("嘉祥县\u{E816}八大攻坚".utf8),
            text: "嘉祥县\u{E816}八大攻坚", faults: [fault(.privateUse, 9, 9, [0xEE, 0xA0, 0x96])]),
        Case(
            name: "full-width signs are not private use", encoding: .utf8, bytes: Array("（姓名），：".utf8), text: "（姓名），："),
        Case(
            name: "utf8 truncated character inside", encoding: .utf8, bytes: [0xE5, 0xA7, 0x2C, 0x41],
            text: "\u{FFFD},A", faults: [fault(.invalid, 0, 0, [0xE5, 0xA7])]),
        Case(
            name: "utf8 surrogate is three invalid bytes", encoding: .utf8, bytes: [0xED, 0xA0, 0x80],
            text: "\u{FFFD}\u{FFFD}\u{FFFD}",
            faults: [fault(.invalid, 0, 0, [0xED]), fault(.invalid, 1, 3, [0xA0]), fault(.invalid, 2, 6, [0x80])]),
        Case(
            name: "offsets count the mark", encoding: .utf8, bytes: [0xEF, 0xBB, 0xBF, 0x41, 0xFF],
            text: "A\u{FFFD}", faults: [fault(.invalid, 4, 1, [0xFF])]),
        Case(
            name: "utf16 pair", encoding: .utf16LittleEndian, bytes: [0x42, 0xD8, 0xB7, 0xDF], text: "𠮷"),
        Case(
            name: "utf16 lone high surrogate", encoding: .utf16BigEndian, bytes: [0xD8, 0x42, 0x00, 0x41],
            text: "\u{FFFD}A", faults: [fault(.invalid, 0, 0, [0xD8, 0x42])]),
        Case(
            name: "utf16 lone low surrogate", encoding: .utf16BigEndian, bytes: [0xDF, 0xB7, 0x00, 0x41],
            text: "\u{FFFD}A", faults: [fault(.invalid, 0, 0, [0xDF, 0xB7])]),
        Case(
            name: "utf16 odd last byte", encoding: .utf16LittleEndian, bytes: [0x41, 0x00, 0x42], text: "A\u{FFFD}",
            faults: [fault(.cutAtEnd, 2, 1, [0x42])]),
    ]

    @Test(arguments: cases)
    func decodes(_ testCase: Case) {
        let whole = Decoded([testCase.bytes], from: testCase.encoding)
        #expect(whole.text == testCase.text)
        #expect(whole.faults == testCase.faults)
        let bytewise = Decoded(testCase.bytes.map { [$0] }, from: testCase.encoding)
        #expect(bytewise.text == testCase.text)
        #expect(bytewise.faults == testCase.faults)
    }

    @Test(arguments: TextEncoding.allCases)
    func validTextComesOutWhole(encoding: TextEncoding) {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<60 {
            let text = generator.text(count: Int.random(in: 0...400, using: &generator))
            let bytes = Self.encode(text, encoding)
            let decoded = Decoded(generator.pieces(of: bytes, largest: 60), from: encoding)
            #expect(decoded.text == text)
            #expect(decoded.faults.isEmpty)
        }
    }

    // Longer than a block, so that characters straddle its end at every alignment.
    @Test(arguments: TextEncoding.allCases)
    func blocksEndAnywhere(encoding: TextEncoding) {
        for shift in 0..<4 {
            let text = String(repeating: "x", count: shift) + String(repeating: "鱼𠮷a·台", count: 2_000)
            let decoded = Decoded([Self.encode(text, encoding)], from: encoding)
            #expect(decoded.text == text)
        }
    }

    @Test(arguments: TextEncoding.allCases)
    func randomBytesDecodeTheSameHoweverTheyAreCut(encoding: TextEncoding) {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...120, using: &generator)).map { _ in
                Bool.random(using: &generator)
                    ? UInt8.random(in: 0...255, using: &generator) : UInt8.random(in: 0x2F...0x42, using: &generator)
            }
            let whole = Decoded([bytes], from: encoding)
            let pieces = Decoded(generator.pieces(of: bytes), from: encoding)
            #expect(whole.text == pieces.text)
            #expect(whole.faults == pieces.faults)
            // No replacement without a fault. (Random bytes hold no U+FFFD of their own but in UTF-16.)
            let replaced = whole.text.unicodeScalars.count { $0 == "\u{FFFD}" }
            let told = whole.faults.count { $0.kind != .privateUse }
            #expect(encoding == .utf16LittleEndian || encoding == .utf16BigEndian ? replaced >= told : replaced == told)
        }
    }

    // In blocks of common text at every place: what only a closer look can tell, with the byte before it and behind it.
    @Test(
        arguments: [
            [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0xA0], [0xDF, 0xBF], [0xE0, 0x9F, 0xBF], [0xE0, 0xA0, 0x80],
            [0xE1],
            [0xE1, 0x80], [0xEC, 0xBF, 0xBF], [0xED, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xEE, 0x80, 0x80],
            [0xEF, 0xA3, 0xBF],
            [0xEF, 0xA4, 0x80], [0xEF, 0xBC, 0x8C], [0xEF, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF0, 0x90, 0x80, 0x80],
            [0xF3, 0xB0, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xFF], [0x80],
            [0xBF, 0xBF],
            [0xE4, 0xB8], [0xE4, 0x41], [0xE4, 0xB8, 0x41], [0x80, 0xE4],
        ] as [[UInt8]])
    func remarkableBytesAreFoundInEveryBlock(remarkable: [UInt8]) {
        let text = String(repeating: "鱼台县 id=1，é", count: 12)
        let bytes = Array(text.utf8)
        for offset in bytes.indices {
            let document = Array(bytes[..<offset]) + remarkable + bytes[offset...]
            let decoded = Decoded([document], from: .utf8)
            let careful = Decoded(document.map { [$0] }, from: .utf8)
            #expect(decoded.text == String(decoding: document, as: UTF8.self), "at \(offset)")
            #expect(decoded.faults == careful.faults, "at \(offset)")
            let survey = EncodingSurveyTests.survey([document])
            #expect(survey == EncodingSurveyTests.survey(document.map { [$0] }), "at \(offset)")
            #expect(
                (survey.firstInvalidUTF8Offset == nil && !survey.isCutAtEnd)
                    == (String(validating: document, as: UTF8.self) != nil))
        }
    }

    @Test func invalidUTF8IsReplacedAsTheStandardLibraryDoes() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<500 {
            var bytes = Array(generator.text(count: Int.random(in: 1...40, using: &generator)).utf8)
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            bytes[index] = UInt8.random(in: 0x80...255, using: &generator)
            guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { continue }
            #expect(Decoded([bytes], from: .utf8).text == String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func whatIsPassedIsAsIfItHadBeenDecoded() {
        var generator = SeededGenerator(seed: 9)
        var passed = 0
        for round in 0..<400 {
            var bytes = (round % 3 == 0 ? [0xEF, 0xBB, 0xBF] : []) + Array(generator.text(count: 80).utf8)
            if round % 4 == 0 {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            if round % 5 == 0 { bytes.append(contentsOf: Array("\u{E000}鱼".utf8)) }
            var decoder = TextDecoder(from: .utf8)
            var reference = TextDecoder(from: .utf8)
            var (output, expected): ([UInt8], [UInt8]) = ([], [])
            for piece in generator.pieces(of: bytes, largest: 70) {
                let count = decoder.pass(piece.span)
                passed += count
                output += piece[..<count]
                decoder.decode(piece.span.extracting(count...), into: &output, isLast: false)
                reference.decode(piece.span, into: &expected, isLast: false)
                #expect(decoder.originalCount == reference.originalCount)
                #expect(decoder.utf8Count == reference.utf8Count)
            }
            decoder.finish(into: &output)
            reference.finish(into: &expected)
            #expect(output == expected)
            #expect(decoder.faults == reference.faults)
            for offset in stride(from: 0, through: output.count, by: 5) {
                let found = decoder.originalOffset(ofUTF8Offset: offset)
                #expect(found == reference.originalOffset(ofUTF8Offset: offset))
            }
        }
        #expect(passed > 20_000)
        var other = TextDecoder(from: .gb18030)
        let text = Array("abcdef".utf8)
        #expect(other.pass(text.span) == 0)
    }

    @Test func faultsBeyondTheLimitAreCounted() {
        var decoder = TextDecoder(from: .gb18030, faultLimit: 3)
        var output: [UInt8] = []
        decoder.decode([UInt8](repeating: 0xFF, count: 10).span, into: &output, isLast: false)
        #expect(decoder.takeFaults().count == 3)
        decoder.decode([0xFF, 0xFE, 0x51].span, into: &output, isLast: true)
        #expect(decoder.faults.isEmpty)
        #expect(decoder.invalidCount == 11)
        #expect(decoder.privateUseCount == 1)
        #expect(output.count == 12 * 3)
    }

    @Test func faultBecomesAFinding() {
        let finding = fault(.invalid, 7, 7, [0xFE, 0x09]).finding(in: .gb18030)
        #expect(finding.code == "encoding.invalid-bytes")
        #expect(finding.message.english.contains("FE 09"))
        #expect(finding.message.chinese.contains("GB18030"))
        // The document is refused for it: nothing was put in its place.
        #expect(!finding.message.english.contains("\u{FFFD}") && !finding.message.chinese.contains("\u{FFFD}"))
        #expect(EncodingFindings.all.map(\.code).allSatisfy { $0.hasPrefix("encoding.") })
    }

    static func encode(_ text: String, _ encoding: TextEncoding) -> [UInt8] {
        switch encoding {
        case .utf8: Array(text.utf8)
        case .gb18030: GB18030.encode(text)
        case .utf16LittleEndian: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .utf16BigEndian: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        }
    }
}

/// A document decoded piece by piece.
struct Decoded {
    var text: String
    var faults: [DecodingFault]

    init(_ pieces: [[UInt8]], from encoding: TextEncoding) {
        var decoder = TextDecoder(from: encoding)
        var output: [UInt8] = []
        for piece in pieces { decoder.decode(piece.span, into: &output, isLast: false) }
        decoder.finish(into: &output)
        text = String(decoding: output, as: UTF8.self)
        faults = decoder.faults
    }
}

private func fault(
    _ kind: DecodingFault.Kind, _ original: Int, _ utf8: Int, _ bytes: [UInt8]
) -> DecodingFault {
    DecodingFault(kind: kind, originalOffset: original, utf8Offset: utf8, bytes: bytes)
}

extension TextDecoder {
    mutating func finish(into output: inout [UInt8]) {
        let nothing: [UInt8] = []
        decode(nothing.span, into: &output, isLast: true)
    }
}
