import Testing

@testable import Mappings

@Suite struct KeyCheckerTests {
    private func checker(_ text: String) throws -> KeyChecker {
        var problems: [MappingProblem] = []
        let tree = try #require(MarkedYAML.parse(text, file: "s.yaml", problems: &problems))
        return KeyChecker(tree, noun: "the settings")
    }

    @Test func unknownKeyIsToldWithTheNearestKnownOne() throws {
        var keys = try checker("lisen: 80\nname: x\n")
        _ = keys.integer("listen")
        _ = keys.text("name")
        #expect(
            keys.finish().map(\.description) == [
                "s.yaml:1:1: error: unknown key “lisen” in the settings (did you mean “listen”?)"
            ])
    }

    /// Comparing two long words takes the product of their lengths.
    @Test func longWordsAreNotCompared() {
        let long = String(repeating: "x", count: 300)
        #expect(Suggestion.nearest(to: long + "y", among: [long]) == nil)
        #expect(Suggestion.nearest(to: "lisen", among: [long, "listen"]) == "listen")
        let problem = MappingProblem(file: "s.yaml", message: "no", suggestion: String(repeating: "x", count: 1 << 20))
        #expect(problem.description.utf8.count < 4000)
    }

    @Test func wrongTypesAndMissingKeysAreAllTold() throws {
        var keys = try checker("a: [1]\nb: x\nc: maybe\nd: rod\n")
        #expect(keys.text("a") == nil)
        #expect(keys.integer("b", in: 1...9) == nil)
        #expect(keys.boolean("c") == nil)
        #expect(keys.word("d", of: ["red", "blue"]) == nil)
        #expect(keys.required("e") == nil)
        #expect(
            keys.finish().map(\.description) == [
                "s.yaml:1:4: error: “a” must be a single value, not a list",
                "s.yaml:2:4: error: “b” must be a whole number, 1 to 9",
                "s.yaml:3:4: error: “c” must be true or false",
                "s.yaml:4:4: error: “d” must be one of red, blue (did you mean “red”?)",
                "s.yaml:1:1: error: “e” is missing in the settings",
            ])
    }

    @Test func listInsteadOfMappingIsOneProblem() throws {
        var keys = try checker("- a\n")
        _ = keys.required("x")
        #expect(
            keys.finish().map(\.description) == [
                "s.yaml:1:1: error: the settings must be a mapping of keys to values, not a list"
            ])
    }

    @Test(
        arguments: [
            ("identiy_number", "identity_number"), ("Identity-Number", "identity_number"), ("moblie", "mobile"),
            ("全名", "姓名"), ("zzz", nil), ("身份证", nil),
        ] as [(String, String?)])
    func nearMissesAreSuggested(word: String, expected: String?) {
        #expect(Suggestion.nearest(to: word, among: ["identity_number", "mobile", "姓名"]) == expected)
    }
}
