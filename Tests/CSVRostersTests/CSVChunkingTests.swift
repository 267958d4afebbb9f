import CSVRosters
import Findings
import Testing

/// Rows, places and findings do not depend on how the input was cut.
@Suite struct CSVChunkingTests {
    static let alphabet: [String] = [
        "a", "b", ",", ",", "\"", "\"", "\"\"", "\n", "\r", "\r\n", " ", "\t", ";", "，", "鱼", "：", "\0", "0123456789",
        "-",
        "\"x\"", "\n\"", ",\"",
    ]

    static func document(pieces: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        (0..<pieces).flatMap { _ in Array((alphabet.randomElement(using: &generator) ?? "").utf8) }
    }

    @Test(arguments: CSVDelimiter.allCases)
    func anyCutGivesTheSame(delimiter: CSVDelimiter) {
        var generator = SeededGenerator(seed: 11)
        let dialect = CSVDialect(delimiter: delimiter)
        for _ in 0..<250 {
            let bytes = Self.document(pieces: Int.random(in: 0...120, using: &generator), &generator)
            let whole = ReadRoster([bytes], dialect: dialect)
            #expect(ReadRoster(generator.pieces(of: bytes), dialect: dialect) == whole)
            #expect(ReadRoster(generator.pieces(of: bytes, largest: 90), dialect: dialect) == whole)
        }
    }

    @Test func anyCutGivesTheSameAtTheLimits() {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<600 {
            let limits = CSVLimits(
                columns: Int.random(in: 1...12, using: &generator),
                fieldSize: Int.random(in: 0...30, using: &generator),
                rowSize: Int.random(in: 1...60, using: &generator))
            let bytes = Self.document(pieces: Int.random(in: 0...80, using: &generator), &generator)
            // The full-width comma has three bytes, which a limit can fall between.
            let dialect: CSVDialect = Bool.random(using: &generator) ? .comma : .fullWidthComma
            let whole = ReadRoster([bytes], dialect: dialect, limits: limits)
            let cut = ReadRoster(generator.pieces(of: bytes), dialect: dialect, limits: limits)
            #expect(cut == whole)
        }
    }

    @Test func anyCutGivesTheSameWhenTheDialectIsDetected() {
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<60 {
            let bytes = Self.document(pieces: Int.random(in: 0...200, using: &generator), &generator)
            #expect(ReadRoster(generator.pieces(of: bytes, largest: 40)) == ReadRoster([bytes]))
        }
        let long = Self.document(pieces: 60_000, &generator)
        #expect(long.count > 64 << 10)
        #expect(ReadRoster(generator.pieces(of: long, largest: 5_000)) == ReadRoster([long]))
    }

    // Random bytes, valid UTF-8 or not: no crash, and the rows cover the document.
    @Test func randomBytesAreReadToTheEnd() {
        var generator = SeededGenerator(seed: 14)
        for _ in 0..<400 {
            let bytes = (0..<Int.random(in: 0...300, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let roster = ReadRoster(generator.pieces(of: bytes, largest: 70))
            #expect(roster.refusal == nil)
            #expect(bytes.isEmpty || !roster.rows.isEmpty || roster.dialect != nil)
        }
    }

    @Test func whatIsUnquotedIsNeitherLostNorAdded() {
        var generator = SeededGenerator(seed: 15)
        for _ in 0..<200 {
            let text = (0..<60).map { _ in ["a", "鱼", ",", " ", "-", "x"].randomElement(using: &generator) ?? "" }
                .joined()
            let roster = ReadRoster(text)
            #expect(roster.cells.map { $0.joined(separator: ",") } == [text])
        }
    }
}
