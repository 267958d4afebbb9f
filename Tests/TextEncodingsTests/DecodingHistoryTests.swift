import Testing
import TextEncodings

@Suite struct DecodingHistoryTests {
    /// Original bytes made of known characters and faults, with the offsets of each.
    struct Document {
        var bytes: [UInt8] = []
        var originals: [Int] = []
        var utf8s: [Int] = []
        private var utf8 = 0

        init(encoding: TextEncoding, marked: Bool, faulty: Bool, count: Int, generator: inout SeededGenerator) {
            if marked { bytes = encoding.byteOrderMark }
            for _ in 0..<count {
                originals.append(bytes.count)
                utf8s.append(utf8)
                if faulty, Int.random(in: 0..<12, using: &generator) == 0 {
                    // FF is nothing in UTF-8 and GB18030; a lone low surrogate is nothing in UTF-16.
                    switch encoding {
                    case .utf8, .gb18030: bytes += [0xFF]
                    case .utf16LittleEndian: bytes += [0x00, 0xDC]
                    case .utf16BigEndian: bytes += [0xDC, 0x00]
                    }
                    utf8 += 3
                } else {
                    let text = generator.text(count: 1)
                    bytes += TextDecoderTests.encode(text, encoding)
                    utf8 += text.utf8.count
                }
            }
        }
    }

    @Test(arguments: TextEncoding.allCases, [false, true])
    func offsetsOfAllOutputTranslateBack(encoding: TextEncoding, faulty: Bool) {
        var generator = SeededGenerator(seed: 5)
        for marked in [false, true] {
            let document = Document(
                encoding: encoding, marked: marked, faulty: faulty, count: 12_000, generator: &generator)
            var decoder = TextDecoder(from: encoding)
            var output: [UInt8] = []
            for piece in generator.pieces(of: document.bytes, largest: 700) {
                decoder.decode(piece.span, into: &output, isLast: false)
            }
            decoder.finish(into: &output)
            var mismatches = 0
            for index in document.utf8s.indices where index % 7 == 0 {
                let offset = decoder.originalOffset(ofUTF8Offset: document.utf8s[index])
                if offset != document.originals[index] { mismatches += 1 }
            }
            #expect(mismatches == 0)
            #expect(decoder.originalOffset(ofUTF8Offset: output.count) == document.bytes.count)
        }
    }

    @Test func faultOffsetsAgreeWithTheHistory() {
        var generator = SeededGenerator(seed: 6)
        let document = Document(encoding: .gb18030, marked: false, faulty: true, count: 4_000, generator: &generator)
        var decoder = TextDecoder(from: .gb18030)
        var output: [UInt8] = []
        decoder.decode(document.bytes.span, into: &output, isLast: true)
        #expect(!decoder.faults.isEmpty)
        for fault in decoder.faults {
            #expect(decoder.originalOffset(ofUTF8Offset: fault.utf8Offset) == fault.originalOffset)
        }
    }

    @Test func releasedHistoryStaysExactForTheRest() {
        var generator = SeededGenerator(seed: 7)
        let document = Document(encoding: .gb18030, marked: true, faulty: true, count: 40_000, generator: &generator)
        var decoder = TextDecoder(from: .gb18030)
        var output: [UInt8] = []
        for piece in generator.pieces(of: document.bytes, largest: 5_000) {
            decoder.decode(piece.span, into: &output, isLast: false)
            decoder.releaseHistory(before: decoder.utf8Count - 20_000)
        }
        decoder.finish(into: &output)
        for index in document.utf8s.indices where document.utf8s[index] > output.count - 15_000 {
            #expect(decoder.originalOffset(ofUTF8Offset: document.utf8s[index]) == document.originals[index])
        }
        // What was released is estimated, between start and end.
        let estimate = decoder.originalOffset(ofUTF8Offset: output.count / 2)
        #expect(estimate > 0 && estimate < document.bytes.count)
    }

    @Test func unreleasedHistoryIsExactAsFarAsItsSize() {
        let size = 64 << 10
        var decoder = TextDecoder(from: .gb18030, historySize: size)
        var output: [UInt8] = []
        let bytes = GB18030.encode(String(repeating: "鱼台,", count: 1_000))
        for _ in 0..<40 { decoder.decode(bytes.span, into: &output, isLast: false) }
        // Seven bytes of UTF-8 for five of GB18030; each offset is the start of a comma's successor.
        for back in stride(from: 7, through: size / 7 * 7, by: 7 * 97) {
            let offset = output.count - back
            #expect(decoder.originalOffset(ofUTF8Offset: offset) == offset / 7 * 5)
        }
    }

    @Test func anOffsetInsideACharacterGivesItsStart() {
        var decoder = TextDecoder(from: .gb18030)
        var output: [UInt8] = []
        decoder.decode(GB18030.encode("a鱼b").span, into: &output, isLast: true)
        #expect((0...5).map { decoder.originalOffset(ofUTF8Offset: $0) } == [0, 1, 1, 1, 3, 4])
    }
}
