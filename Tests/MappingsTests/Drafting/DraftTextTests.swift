import CanonicalRecords
import Testing

@testable import Mappings

@Suite struct DraftTextTests {
    static let odd = [
        "姓名", "a: b", "\"q\"", "'q'", "*x", "&x", "#x", "x #y", "01", "1.0", "yes", "No", "NULL", "~", "-", "- x", "?",
        "@id",
        "%x", "{y}", "[z]", "a,b", "!t", "|", ">", "`", "a\nb", "a\tb", "\u{0}", "\u{7F}", "\u{85}", "\u{2028}",

        "\u{E000}", "\u{1F600}", "a\\b", "：", "key:", "2026-01-01", "0x1F", ".inf", "<<", "=", "",
    ]

    @Test(arguments: odd)
    func scalarIsReadBackAsItWas(_ text: String) throws {
        for yaml in ["k: \(DraftText.scalar(text))", "k: { from: \(DraftText.scalar(text)), x: y }"] {
            var problems: [MappingProblem] = []
            let root = try #require(MarkedYAML.parse(Array(yaml.utf8), file: "m.yaml", problems: &problems))
            let value = root["k"]?["from"] ?? root["k"]
            #expect(value?.text == text, "\(yaml)")
            #expect(problems.isEmpty)
        }
    }

    /// Each as the only odd name, used as a name of a field's column where it can be.
    @Test(arguments: odd)
    func columnOfAnOddName(_ name: String) throws {
        let quoted = "\"" + name.replacing("\"", with: "\"\"") + "\""
        let draft = try Drafting.draft(
            "姓名,身份证号,\(quoted)\n孙玉梅,370827190506120243,15400001111\n马强,370827190809030173,15400002222\n"
                + "李红,370827190301010032,15400003333\n")
        let mapping = try Drafting.load(draft)
        #expect(mapping.recordTypes == ["Person"])
        #expect(draft.trial.rowsConverted == 3)
        // Values say that it is a mobile number, whatever it is called.
        let column = try Drafting.assignments(draft.text)["Person.mobile"]
        let isNone =
            name == "姓名" || name.unicodeScalars.allSatisfy { $0.value <= 0x20 || [0x7F, 0x2028].contains($0.value) }
        #expect(column?.count == (isNone ? nil : 1), "\(draft.text)")
    }

    @Test func commentsStayOnTheirLine() {
        var text = DraftText()
        text.add(0, "a: b", "x\ny: z")
        text.remark(1, "p\u{2028}q")
        #expect(text.text.split(separator: "\n").allSatisfy { $0.hasPrefix("a: b") || $0.hasPrefix("  # ") })
    }

    @Test func longCommentStandsAboveItsLine() {
        var text = DraftText()
        text.add(1, "a: b", String(repeating: "word ", count: 60))
        let lines = text.text.split(separator: "\n")
        #expect(lines.count > 2)
        #expect(lines.last == "  a: b")
        #expect(lines.allSatisfy { $0.count <= 120 })
    }

    // MARK: Words

    @Test func noTwoFieldsOfAMessageShareAWord() {
        for shape in RecordSchema.canonical.shapes {
            var seen: [String: String] = [:]
            for field in shape.fields {
                for word in Set([field.title] + field.terms).map(FieldWords.normalised) {
                    #expect(seen[word] == nil, "\(shape.name): \(word) is \(seen[word] ?? "") and \(field.name)")
                    seen[word] = field.name
                }
                #expect(Set(field.terms).count == field.terms.count)
                #expect(!field.terms.contains(field.title), "\(shape.name).\(field.name)")
            }
        }
    }

    @Test(arguments: [
        ("姓 名", NameMatch.name), ("身份证号(18位)", .term), ("公民身份号码", .name), ("本人/身份证号码", .last),
        ("监护人身份证号", .ending), ("车牌", .none), ("identityNumber", .name), ("id-card", .term),
    ])
    func nameIsFound(_ column: String, as match: NameMatch) throws {
        let targets = try #require(FieldWords.canonical.targets["Person"])
        let name = FieldWords.name(ofColumn: column)
        #expect(targets.map { FieldWords.match(name, $0) }.max() == match)
    }
}
