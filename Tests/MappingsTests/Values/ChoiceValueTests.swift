import Testing

@testable import Mappings

@Suite struct ChoiceValueTests {
    static let political = TermIndex(terms: [
        ("01", 1), ("中国共产党党员", 1), ("党员", 1), ("中共党员", 1), ("POLITICAL_STATUS_CITIZEN", 13), ("13", 13), ("群众", 13),
        ("未说明", 99),
    ])

    @Test(arguments: [
        ValueCase("term", "党员", "1"), ValueCase("title", "中国共产党党员", "1"), ValueCase("code", "01", "1"),
        ValueCase("code without its leading zero", "1", "1"), ValueCase("full-width code", "０１", "1"),
        ValueCase("blanks", " 党　员 ", "1"),
        ValueCase("name in lower case", "political_status_citizen", "13"), ValueCase("apostrophe", "'13", "13"),
        ValueCase("unknown", "积极分子", "rejected", .enumerationUnknown), ValueCase("nothing", "", "empty"),
        ValueCase("word for nothing", "无", "null word"),
        ValueCase("very long", String(repeating: "党员", count: 100), "rejected", .enumerationUnknown),
    ])
    func enumeration(_ entry: ValueCase) {
        let machine = ValueMachine(.enumeration, terms: Self.political)
        #expect(machine.converting(entry.raw) == entry.converted)
    }

    @Test func termsComeBeforeWordsForNothing() {
        let terms = TermIndex(terms: [("无", 4), ("有", 5)])
        #expect(ValueMachine(.enumeration, terms: terms).converting("无") == Converted("4"))
    }

    @Test func termOfTwoNumbersStaysWithTheFirst() {
        let terms = TermIndex(terms: [("甲", 1), ("甲", 2), ("乙", 2), ("乙", 2)])
        #expect(terms.conflicts.map(\.term) == ["甲"])
        #expect(number(of: "甲", in: terms) == 1)
    }

    @Test(arguments: 1...40)
    func termsOfEveryLengthAreFoundWithoutRegardToCase(_ length: Int) {
        let term = String(("aZ[党`{@mN09-员_Q" + "aZ[党`{@mN09-员_Q" + "aZ[党`{@mN09-员_Q").prefix(length))
        let terms = TermIndex(terms: [(term, 5), (term + "!", 6), ("!" + term, 7)])
        #expect(number(of: term, in: terms) == 5)
        #expect(number(of: term.uppercased(), in: terms) == 5)
        #expect(number(of: term.lowercased(), in: terms) == 5)
        for position in 0..<length {
            var other = Array(term)
            other[position] = other[position] == "~" ? "^" : "~"
            #expect(number(of: String(other), in: terms) == nil, "\(String(other))")
        }
    }

    @Test func manyTermsAreAllFound() {
        let terms = TermIndex(terms: (0..<5000).map { ("第\($0)类", Int32($0)) })
        for number in stride(from: 0, to: 5000, by: 7) {
            #expect(self.number(of: "第\(number)类", in: terms) == Int32(number))
        }
        #expect(number(of: "第5000类", in: terms) == nil)
        #expect(number(of: "甲", in: TermIndex(terms: [])) == nil)
    }

    @Test(arguments: [
        ValueCase("yes", "是", "1"), ValueCase("has", "有", "1"), ValueCase("tick", "√", "1"), ValueCase("one", "１", "1"),
        ValueCase("no", "否", "0"), ValueCase("has not", "无", "0"), ValueCase("zero", "0", "0"),
        ValueCase("false", "FALSE", "0"),
        ValueCase("cross", "×", "0"), ValueCase("perhaps", "也许", "rejected", .booleanUnknown),
        ValueCase("nothing", " ", "empty"),
        ValueCase("dash", "—", "null word"),
    ])
    func boolean(_ entry: ValueCase) {
        #expect(ValueMachine(.boolean).converting(entry.raw) == entry.converted)
    }

    private func number(of term: String, in terms: TermIndex) -> Int32? {
        terms.number(for: Array(term.utf8).span)
    }
}
