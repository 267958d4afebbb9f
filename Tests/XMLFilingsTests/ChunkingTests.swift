import Findings
import Testing
import XMLFilings

/// However a document is cut, it comes to the same events at the same places, and to the same fault.
@Suite struct ChunkingTests {
    static let documents: [[UInt8]] =
        WellFormedDocument.all.map { Array($0.document.utf8) } + MalformedDocument.all.map(\.bytes)

    @Test func anyTwoPieces() {
        for document in Self.documents {
            let whole = Outline(document)
            for cut in 0...document.count {
                #expect(
                    Outline(document, chunks: [cut, .max]) == whole,
                    "\(String(decoding: document, as: UTF8.self)) at \(cut)")
            }
        }
    }

    @Test(arguments: [1, 2, 3, 5])
    func piecesOfOneSize(_ size: Int) {
        for document in Self.documents {
            #expect(
                Outline(document, chunks: [size]) == Outline(document), "\(String(decoding: document, as: UTF8.self))")
        }
    }

    @Test func randomPiecesOfRandomDocuments() {
        var random = SplitMix64(seed: 20)
        for _ in 0..<60 {
            let document = Array(RandomDocument.make(&random).utf8)
            let whole = Outline(document)
            #expect(whole.fault == nil)
            let chunks = (0..<40).map { _ in Int.random(in: 1...40, using: &random) }
            #expect(Outline(document, chunks: chunks) == whole)
            let withoutBlanks = Outline(document, skipsBlankText: true)
            #expect(Outline(document, chunks: chunks, skipsBlankText: true) == withoutBlanks)
        }
    }

    @Test(arguments: [16, 17, 18, 19, 23])
    func smallTextPiecesKeepCharactersWhole(_ size: Int) throws {
        var reader = XMLReader(limits: XMLLimits(textPieceSize: size))
        let text = "一二三四五六七八九十\u{20000}\u{20001}]]]]\r\r\n]&amp;，，，，，，，，é]] ]]"
        reader.append(Array("<a>\(text)<![CDATA[\(text)]]></a>".utf8).span)
        _ = try reader.next()
        var pieces: [[UInt8]] = []
        while try reader.next() == .text {
            var piece: [UInt8] = []
            for index in 0..<reader.text.count { piece.append(reader.text[index]) }
            pieces.append(piece)
        }
        #expect(pieces.count > 6)
        #expect(pieces.allSatisfy { String(validating: $0, as: UTF8.self) != nil && $0.count <= size + 4 })
        let expected = text.replacing("\r\r\n", with: "\n\n")
        #expect(String(decoding: pieces.joined(), as: UTF8.self) == expected.replacing("&amp;", with: "&") + expected)
    }

    @Test func blankTextIsSkippedTheSameWay() {
        let document = "<a>\n <b> x </b>\t<c>\r\n</c> y\n<!-- --> <d>&#32;</d><e><![CDATA[ ]]></e>\n</a>"
        let whole = Outline(document, skipsBlankText: true)
        #expect(whole.line == "<a><b>' x '</><c></>' y\n'<d>' '</><e>' '</></>")
        for cut in 0...document.utf8.count {
            #expect(Outline(document, chunks: [cut, .max], skipsBlankText: true) == whole, "cut at \(cut)")
        }
        for size in 1...7 { #expect(Outline(document, chunks: [size], skipsBlankText: true) == whole) }
    }

    @Test func faultsInTagsOverTheLimitDoNotDependOnCuts() {
        let limits = XMLLimits(attributes: 3, tagSize: 40, valueSize: 20, nameSize: 12)
        let tags = [
            "<a b='\(String(repeating: "x", count: 20))'/>", "<a b='\(String(repeating: "x", count: 21))'/>",
            "<a b='1' c='\(String(repeating: "x", count: 60))'/>", "<a b='\(String(repeating: "&lt;", count: 30))'/>",
            "<\(String(repeating: "n", count: 12))/>", "<\(String(repeating: "n", count: 13))/>",
            "<\(String(repeating: "n", count: 90))/>", "<a\(String(repeating: " ", count: 37))/>",
            "<a\(String(repeating: " ", count: 36))/>", "<a\(String(repeating: " ", count: 80))<>",
            "<a b='' c='' d=''/>", "<a b='' c='' d='' e=''/>", "<a b='' c='' d='' e", "<a b=\"'\" c='\"'/>",
            "<a></a\(String(repeating: " ", count: 80))>", "<a></\(String(repeating: "n", count: 90))>",
            "<a>&\(String(repeating: "n", count: 90));</a>", "<a>&#\(String(repeating: "0", count: 90))65;</a>",
        ]
        for tag in tags {
            let whole = Outline(tag, limits: limits)
            for cut in 0...tag.utf8.count {
                #expect(Outline(tag, chunks: [cut, .max], limits: limits) == whole, "\(tag) at \(cut)")
            }
            for size in 1...9 { #expect(Outline(tag, chunks: [size], limits: limits) == whole, "\(tag) by \(size)") }
        }
    }
}
