import Mappings
import Testing

@Suite struct MarkedYAMLTests {
    private func parse(_ text: String) -> (tree: MarkedYAML?, problems: [String]) {
        var problems: [MappingProblem] = []
        let tree = MarkedYAML.parse(text, file: "m.yaml", problems: &problems)
        return (tree, problems.map(\.description))
    }

    @Test func nodesKnowTheirPlaces() throws {
        let tree = try #require(parse("标题: 名册\nreads:\n  header: [姓名, \"职务\"]\n").tree)
        let header = try #require(tree["reads"]?["header"])
        #expect((header.line, header.column) == (3, 11))
        let items = try #require(header.items)
        #expect((items[1].line, items[1].column) == (3, 16))
        #expect(tree["标题"]?.text == "名册")
        #expect(tree["标题"]?.column == 5)
    }

    @Test func shortTextIsReadToo() {
        #expect(parse("a: 1").tree?["a"]?.integer == 1)
    }

    @Test func quotedNumbersAndNullsAreText() throws {
        let tree = try #require(parse("a: \"1\"\nb: '~'\nc: ~\nd:\ne: yes\n").tree)
        #expect(tree["a"]?.integer == nil && tree["a"]?.text == "1")
        #expect(tree["b"]?.text == "~")
        #expect(tree["c"]?.isNull == true && tree["d"]?.isNull == true)
        #expect(tree["e"]?.boolean == nil)
    }

    @Test(arguments: [
        ("a: 1\nb: 2\na: 3\n", "m.yaml:3:1: error: the key “a” is written twice; the first is on line 1"),
        (
            "x:\n  键: 1\n  y: {键: 1}\n  键: 2\n",
            "m.yaml:4:3: error: the key “键” is written twice; the first is on line 2"
        ),
        (
            "a: &x 1\nb: *x\n",
            "m.yaml:1:4: error: anchors (&name) and aliases (*name) are not supported: write the value out, or quote it"
        ),
        (
            "b: [1, *x]\n",
            "m.yaml:1:8: error: anchors (&name) and aliases (*name) are not supported: write the value out, or quote it"
        ),
        // Behind a block within an entry of a list, and behind lines that only look like one or like quotes.
        (
            "- a: |\n    x\n  b: &y 1\n",
            "m.yaml:3:6: error: anchors (&name) and aliases (*name) are not supported: write the value out, or quote it"
        ),
        (
            "a: b\n  'c\nd: &y 1\ne: *y\n",
            "m.yaml:3:4: error: anchors (&name) and aliases (*name) are not supported: write the value out, or quote it"
        ),
        (
            "a: !!int 1\n",
            "m.yaml:1:4: error: tags (!name) are not supported: write the value alone, or quote it"
        ),
        (
            "a: [x, !<b> {}]\n",
            "m.yaml:1:8: error: tags (!name) are not supported: write the value alone, or quote it"
        ),
        ("", "m.yaml:1:1: error: the file is empty"),
        ("# only a comment\n", "m.yaml:1:1: error: the file is empty"),
        (
            "a:\n\tb: 1\n",
            "m.yaml:2:1: error: not valid YAML: while scanning for the next token, "
                + "found character that cannot start any token; indent with spaces, not tabs"
        ),
        (
            "标题:\n  a: @b\n",
            "m.yaml:2:6: error: not valid YAML: while scanning for the next token, "
                + "found character that cannot start any token; put what begins with “@” into quotes"
        ),
        (
            "a: [1, 2\nb: 3\n",
            "m.yaml:2:2: error: not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'"
        ),
        ("a: 1\nb: \u{1}\n", "m.yaml:2:4: error: not valid YAML: control characters are not allowed"),
        (
            "a: 1\n---\nb: 2\n",
            "m.yaml:2:1: error: not valid YAML: expected a single document in the stream, but found another document"
        ),
    ])
    func brokenTextNamesItsPlace(text: String, problem: String) {
        #expect(parse(text).problems == [problem])
    }

    /// What was found by fuzzing: the problem was told on a line behind the last.
    @Test(arguments: [
        ("a: { b: { #c }\nd: e\n", 3, 1), ("a: [1, 2", 1, 9), ("a: \"b\n\n", 3, 1), ("a: 'b", 1, 6), ("{", 1, 2),
    ])
    func whatIsNeverClosedIsToldWithinTheText(text: String, line: Int, column: Int) throws {
        let problem = try #require(parse(text).problems.first)
        #expect(problem.hasPrefix("m.yaml:\(line):\(column): error: not valid YAML"), "\(problem)")
    }

    /// What was found by fuzzing: the value that is not there was behind the last line.
    @Test(arguments: ["? a", "? a\n", "a: b\n? c\n"])
    func aValueThatIsNotThereLiesWithinTheText(text: String) throws {
        var problems: [MappingProblem] = []
        let tree = try #require(MarkedYAML.parse(Array(text.utf8), file: "m.yaml", problems: &problems))
        let value = try #require(tree.pairs?.last?.value)
        #expect(value.isNull)
        #expect(value.line <= text.split(separator: "\n", omittingEmptySubsequences: false).count)
    }

    @Test(arguments: [
        "a: \"R&D, *stars*\"\n", "a: R&D\n", "a: x *y\n", "a: |\n  &x\n  *y\nb: 1\n", "# &x\na: 1\n",
        "a: 'it''s &x'\n", "a: \"one\n  &two\"\n", "a: Halt! R&D!\nb: \"!x\"\n", "a: |\n  !x\nb: [c!, 'd']\n",
        "- a: |\n    &x\n    *y\n  b: 1\n- - |\n    &x\n",
    ])
    func ampersandsAndStarsInTextAreNoAliases(text: String) {
        #expect(parse(text).problems == [])
    }

    @Test func billionLaughsIsRefusedAtOnce() {
        var text = "a0: &a0 [x]\n"
        for level in 1...40 { text += "? *a\(level - 1)\n: &a\(level) {? [*a\(level - 1), *a\(level - 1)] : 1}\n" }
        #expect(parse(text).problems.count == 1)
    }

    // As a block and as plain text over several lines may look, to one who reads line by line.
    @Test(arguments: ["a: |\n    p\n  b: ", "b: ", "a: p\n    'q\n  b: ", "a: p\n    - |\n  b: "])
    func aliasesThatHideAreRefusedToo(start: String) {
        var text = "- \(start)&a0 [x]\n"
        for level in 1...5 { text += "  ? *a\(level - 1)\n  : &a\(level) {? [*a\(level - 1), *a\(level - 1)] : 1}\n" }
        let problems = parse(text).problems
        #expect(problems.count == 1)
        #expect(problems.allSatisfy { $0.contains("anchors (&name) and aliases") })
    }

    @Test func deepNestingIsRefusedNotACrash() {
        let text = String(repeating: "[", count: 100_000)
        #expect(parse(text).problems.count == 1)
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        var problems: [MappingProblem] = []
        #expect(MarkedYAML.parse([0xD0, 0xD5, 0xC3, 0xFB], file: "m.yaml", problems: &problems) == nil)
        #expect(problems.map(\.description) == ["m.yaml: error: the file is not UTF-8 text"])
    }

    @Test func byteOrderMarkIsNoContent() {
        var problems: [MappingProblem] = []
        let tree = MarkedYAML.parse([0xEF, 0xBB, 0xBF] + Array("a: 1\n".utf8), file: "m.yaml", problems: &problems)
        #expect(tree?["a"]?.integer == 1)
    }

    @Test func randomBytesNeverCrash() {
        var random = SplitMix64(seed: 7)
        let alphabet = Array("ab:-?[]{},&*!|>'\"%@`# \n\t1中".unicodeScalars)
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0..<40, using: &random) {
                text.unicodeScalars.append(alphabet.randomElement(using: &random) ?? "a")
            }
            _ = parse(text)
        }
    }
}
