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
}
