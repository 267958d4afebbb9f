import Findings
import Testing
import XMLFilings

/// Whatever bytes come, reading ends with the end of the document or with a fatal finding inside it.
@Suite struct NeverCrashTests {
    private func check(_ document: [UInt8], _ random: inout SplitMix64) {
        let outline = Outline(document)
        if let finding = outline.finding {
            let offset = finding.place?.offset ?? -1
            #expect(offset >= 0 && offset <= document.count)
            #expect(finding.severity == .fatal)
        }
        let cut = Int.random(in: 0...document.count, using: &random)
        let again = Outline(document, chunks: [cut, Int.random(in: 1...64, using: &random)])
        #expect(again == outline, "\(document) cut at \(cut)")
    }

    @Test func randomBytes() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<1_500 {
            let count = Int.random(in: 0..<80, using: &random)
            check((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }, &random)
        }
    }

    @Test func randomMarkup() {
        let pieces = [
            "<", ">", "/", "</", "/>", "<a", "<a>", "</a>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "&", ";",
            "&amp;",
            "&#", "x", "'", "\"", "=", " ", "\n", "\r", "\u{0}", "xmlns", ":", "p", "é", "\u{FFFF}", "<?xml ",
            "version='1.0'", "字",
        ]
        var random = SplitMix64(seed: 2)
        for _ in 0..<3_000 {
            let count = Int.random(in: 0..<14, using: &random)
            check(Array((0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined().utf8), &random)
        }
    }

    @Test func mutatedDocuments() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<600 {
            var document = Array(RandomDocument.make(&random).utf8)
            for _ in 0...Int.random(in: 0..<3, using: &random) where !document.isEmpty {
                let index = Int.random(in: 0..<document.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: document[index] = UInt8.random(in: .min ... .max, using: &random)
                case 1: document.remove(at: index)
                case 2: document.insert(UInt8(ascii: "<"), at: index)
                default: document.removeLast(document.count - index)
                }
            }
            check(document, &random)
        }
    }
}
