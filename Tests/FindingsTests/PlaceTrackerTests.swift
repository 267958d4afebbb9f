import Findings
import Testing

@Suite struct PlaceTrackerTests {
    static let texts: [(name: String, text: String, place: SourcePlace)] = [
        ("empty", "", SourcePlace(line: 1, column: 1, offset: 0)),
        ("one line", "abc", SourcePlace(line: 1, column: 4, offset: 3)),
        ("line feed", "a\nb", SourcePlace(line: 2, column: 2, offset: 3)),
        ("carriage return and line feed", "a\r\nb", SourcePlace(line: 2, column: 2, offset: 4)),
        ("lone carriage return", "a\rb", SourcePlace(line: 2, column: 2, offset: 3)),
        ("two carriage returns, then line feed", "\r\r\n", SourcePlace(line: 3, column: 1, offset: 3)),
        ("line feed, then carriage return", "\n\r", SourcePlace(line: 3, column: 1, offset: 2)),
        ("characters of two, three and four bytes", "é桥𠮷", SourcePlace(line: 1, column: 4, offset: 9)),
        ("ends in a line end", "鱼台\n", SourcePlace(line: 2, column: 1, offset: 7)),
    ]

    @Test(arguments: texts)
    func placeBehindTheWholeText(name: String, text: String, place: SourcePlace) {
        var tracker = PlaceTracker()
        tracker.advance(over: Array(text.utf8).span)
        #expect(tracker.place == place, "\(name)")
    }

    @Test(arguments: texts)
    func anyCutGivesTheSamePlace(name: String, text: String, place: SourcePlace) {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var tracker = PlaceTracker()
            tracker.advance(over: bytes.span.extracting(0..<cut))
            let ahead = tracker.place(after: bytes.span.extracting(cut..<bytes.count))
            tracker.advance(over: bytes.span.extracting(cut..<bytes.count))
            #expect(tracker.place == place, "\(name), cut at \(cut)")
            #expect(ahead == place, "\(name), looked ahead from \(cut)")
        }
    }

    // Long enough for several rounds of lanes, with line ends at every distance from their borders.
    @Test(arguments: 1...40)
    func longTextsAreCountedAsByteByByte(step: Int) {
        let units = ["a", "\n", "\r", "\r\n", "鱼", "é", "b", "𠮷", "c"]
        var bytes: [UInt8] = []
        var choice = step
        while bytes.count < 5000 {
            choice = (choice &* 1_103_515_245 &+ 12345) & 0x7FFF_FFFF
            bytes += Array((choice % (step + 9) < 9 ? units[choice % 9] : "x").utf8)
        }
        var expected = SourcePlace.start
        for (index, byte) in bytes.enumerated() {
            if index % 37 == 0 {
                var tracker = PlaceTracker()
                tracker.advance(over: bytes.span.extracting(0..<index / 2))
                #expect(tracker.place(after: bytes.span.extracting(index / 2..<index)) == expected, "\(index)")
            }
            if byte == 0x0A, index > 0, bytes[index - 1] == 0x0D {
                expected.column = 1
            } else if byte == 0x0A || byte == 0x0D {
                expected = SourcePlace(line: expected.line + 1, column: 1, offset: expected.offset)
            } else if byte & 0xC0 != 0x80 {
                expected.column += 1
            }
            expected.offset += 1
        }
    }
}
