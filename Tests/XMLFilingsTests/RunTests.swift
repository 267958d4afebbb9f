import Findings
import Testing
import XMLFilings

/// What is read by runs is what is read token by token.
@Suite struct RunTests {
    private static func expectSame(
        _ document: [UInt8], chunks: [Int] = [.max], limits: XMLLimits = XMLLimits(), skipsBlankText: Bool = true
    ) -> Int {
        let tokens = Outline(document, limits: limits, skipsBlankText: skipsBlankText)
        let runs = Outline(document, chunks: chunks, limits: limits, skipsBlankText: skipsBlankText, byRuns: true)
        #expect(
            runs.withoutEnds == tokens.withoutEnds,
            "\(String(decoding: document, as: UTF8.self)) in \(chunks.prefix(9))")
        #expect(runs.fault == tokens.fault, "\(String(decoding: document, as: UTF8.self)) in \(chunks.prefix(9))")
        return runs.runCount
    }

    private static let record = """
        <c id="1" k='热线'>
          <t>路灯不亮</t><u/>
          <v a="&lt;" b="x"><![CDATA[一 & 二]]></v> <w><x>1</x><x>2</x></w>
        </c>

        """

    @Test func recordsThatRepeatAreRunsAtEveryCut() {
        let document = Array("<r>\(String(repeating: Self.record, count: 4))</r>".utf8)
        #expect(Self.expectSame(document) > 12)
        for cut in 0...document.count { _ = Self.expectSame(document, chunks: [cut, .max]) }
        for size in 1...20 { _ = Self.expectSame(document, chunks: [size]) }
    }

    // Each is put into the third of four records, at every third place.
    @Test(arguments: [
        "<!-- x -->", "<?y?>", "&amp;", "&nope;", "]]>", "]", "\r\n", "</t>", "<t>", "<z xmlns='u'/>", "\u{1}", "<",
        ">", "\"",
        "'", " ", "=", "a='1'", "\u{FFFF}", "<![CDATA[]]>", "<!DOCTYPE r>", "文", "\u{E000}",
    ])
    func differencesAreNoticed(insertion: String) {
        let record = Array(Self.record.utf8)
        let before = Array("<r>\(Self.record)\(Self.record)".utf8)
        let after = Array("\(Self.record)</r>".utf8)
        for place in record.indices where record[place] & 0xC0 != 0x80 && (place + insertion.utf8.count) % 3 == 0 {
            _ = Self.expectSame(before + record[..<place] + Array(insertion.utf8) + record[place...] + after)
        }
    }

    @Test func missingBytesAreNoticed() {
        let record = Array(Self.record.utf8)
        let before = Array("<r>\(Self.record)\(Self.record)".utf8)
        let after = Array("\(Self.record)</r>".utf8)
        for place in record.indices {
            _ = Self.expectSame(before + record[..<place] + record[(place + 1)...] + after)
        }
    }

    @Test func randomDocumentsReadTheSameByRuns() {
        var random = SplitMix64(seed: 77)
        var count = 0
        for round in 0..<60 {
            let kinds = (0..<3).map { _ in RandomDocument.make(&random, prolog: false) }
            let records = (0..<8).map { _ in kinds.randomElement(using: &random) ?? "" }
            let document = Array("<r>\(records.joined(separator: "\n"))</r>".utf8)
            let chunks = (0..<40).map { _ in Int.random(in: 1...200, using: &random) } + [.max]
            count += Self.expectSame(document, chunks: chunks, skipsBlankText: round % 2 == 0)
            count += Self.expectSame(document, skipsBlankText: round % 2 == 1)
        }
        #expect(count > 100)
    }

    @Test func sameBytesInOtherCircumstancesAreNoRun() {
        for document in [
            // The same end tags, of other elements.
            "<r><a><b>1</b></a><a><b>1</b></a><a><b>1</b></c></r>",
            "<r><a><b>1</b></a><a><b>1</b></a><b>1</b></a></r>",
            // The same tags, under other declarations.
            "<r><p xmlns='u'><a>1</a><a>1</a><a>1</a></p><p xmlns='v'><a>1</a><a>1</a><a>1</a></p></r>",
            "<r xmlns:q='u'><q:a>1</q:a><q:a>1</q:a><q:a>1</q:a><b xmlns:q='v'><q:a>1</q:a><q:a>1</q:a></b></r>",
            // The root ends.
            "<r>1</r>", "<r><r>1</r><r>1</r><r>1</r></r><r>1</r>",
        ] {
            let bytes = Array(document.utf8)
            for cut in 0...bytes.count { _ = Self.expectSame(bytes, chunks: [cut, .max]) }
        }
    }

    @Test func limitsHoldInRuns() {
        let depth = String(repeating: "<a><b>", count: 9)
        _ = Self.expectSame(Array("<r>\(depth)".utf8), limits: XMLLimits(depth: 12))
        for limits in [
            XMLLimits(tagSize: 60), XMLLimits(valueSize: 24), XMLLimits(textPieceSize: 16), XMLLimits(attributes: 2),
        ] {
            for length in 10...60 {
                let value = String(repeating: "x", count: length)
                let records = "<a b='1' c='2'>t</a> <a b='1' c='2'>t</a>\n<a b='1' c='2'>t</a> "
                for last in [
                    "<a b='1' c='\(value)'>t</a>", "<a b='1' c='2&lt;\(value)'>t</a>", "<a b='1' c='2'>\(value)</a>",
                ] {
                    _ = Self.expectSame(Array("<r>\(records)\(last) \(last)</r>".utf8), limits: limits)
                }
            }
        }
    }

    // The context turns to the next one behind every end of a `b`, which is part of a run.
    @Test func otherContextsHaveOtherRuns() throws {
        var reader = XMLReader(skipsBlankText: true)
        reader.append(Array("<r>\(String(repeating: "<a>1</a><b>2</b>", count: 40))</r>".utf8).span)
        reader.endInput()
        let second = reader.intern(namespace: "", local: "b")
        var contexts: [Int32: Int32] = [:]
        var context: Int32 = 0
        var found = 0
        var isBehindSecond = false
        while true {
            let count = reader.passRuns(in: context)
            for index in 0..<count {
                let run = reader.passedRuns[index].number
                found += 1
                #expect(contexts[run, default: context] == context)
                contexts[run] = context
                if isBehindSecond { context = (context + 1) % 3 }
                isBehindSecond = reader.shape(ofRun: run).start == second
            }
            if count > 0 { continue }
            switch try reader.next() {
            case .endOfDocument:
                #expect(found > 20)
                #expect(Set(contexts.values).count == 3)
                return
            case .startElement:
                if isBehindSecond { context = (context + 1) % 3 }
                isBehindSecond = reader.name == second
            default: break
            }
        }
    }

    /// The caller decides once what a run means to it, in the context in which it is met. Here that is the depth.
    @Test func runIsAlwaysMetInTheContextItWasLearntIn() throws {
        let nested = [
            "<d/>", "<d><d>x</d></d>", "<d></d>", "<d><d><d/></d></d>", "<e/>", "<e><d>x</d></e>", "<p xmlns='u'/>",
        ]
        var random = SplitMix64(seed: 15)
        var found = 0
        for _ in 0..<400 {
            let parts = (0..<12).map { _ in nested.randomElement(using: &random) ?? "" }
            let document = "<r>\(parts.joined())</r>"
            var reader = XMLReader(skipsBlankText: true)
            reader.append(Array(document.utf8).span)
            reader.endInput()
            var contexts: [Int32: Int] = [:]
            var depth = 0
            var isRead = false
            while !isRead {
                let count = reader.passRuns(in: Int32(depth))
                for index in 0..<count {
                    let run = reader.passedRuns[index].number
                    #expect(contexts[run, default: depth] == depth, "\(document)")
                    contexts[run] = depth
                    let shape = reader.shape(ofRun: run)
                    depth += (shape.start != nil && !shape.isEmptyElement ? 1 : 0) - shape.ends
                }
                found += count
                guard count == 0 else { continue }
                switch try reader.next() {
                case .endOfDocument: isRead = true
                case .startElement: depth += 1
                case .endElement: depth -= 1
                default: break
                }
            }
            #expect(depth == 0, "\(document)")
        }
        #expect(found > 400)
    }

    @Test func moreRunsThanArePassedAtOnce() {
        let document = Array("<r>\(String(repeating: "<a>1</a>", count: 1000))</r>".utf8)
        #expect(Self.expectSame(document) > 980)
    }

    // Only the first of them is learnt; they are met again when others were learnt behind it.
    @Test func textAndMarkupTakeTurnsAtEveryCut() {
        let records = [
            "<a>1</a>", "<a></a>", "<a/>", "<a><![CDATA[1]]></a>", "<a>&lt;</a>", "<a>1\n2\t</a>", "<a> </a>",
        ]
        let document = Array("<r>\((0..<60).map { records[$0 * $0 % 7] }.joined(separator: "\n "))</r>".utf8)
        for skipsBlankText in [false, true] {
            for size in [1, 2, 3, 5, 17, 64, .max] {
                _ = Self.expectSame(document, chunks: [size], skipsBlankText: skipsBlankText)
            }
        }
    }

    // A document that repeats nothing costs no more than it must.
    @Test func documentWithoutRepetitionIsReadTheSame() {
        var text = "<r>"
        for number in 0..<4400 { text += "<a\(number % 3)>\(number)</a\(number % 3)><!-- \(number) -->" }
        #expect(Self.expectSame(Array("\(text)</r>".utf8)) < 10_000)
    }
}
