import Testing
import XMLFilings

@Suite struct XMLFuzzFixtureTests {
    @Test(arguments: XMLFuzzFixture.all)
    func isTheSameHoweverItIsCut(_ fixture: XMLFuzzFixture) {
        for skipsBlankText in [false, true] {
            func outline(_ chunks: [Int]) -> Outline {
                Outline(fixture.bytes, chunks: chunks, limits: fixture.limits, skipsBlankText: skipsBlankText)
            }
            let whole = outline([.max])
            if skipsBlankText { #expect(whole.fault ?? whole.line == fixture.outcome) }
            for size in 1..<fixture.bytes.count { #expect(outline([size]) == whole, "by \(size)") }
            for cut in 0...fixture.bytes.count { #expect(outline([cut, .max]) == whole, "at \(cut)") }
        }
    }

    @Test func fixturesAreNumbered() {
        #expect(XMLFuzzFixture.all.map(\.number) == Array(1...XMLFuzzFixture.all.count))
    }
}
