import Foundation
import Testing
import TextEncodings

@testable import Mappings

/// What a draft says of the samples, beside the mappings that people wrote for them.
@Suite struct DraftOfSamplesTests {
    struct Pair: CustomTestStringConvertible {
        var sample: String
        var mapping: String
        var leastShare: Double
        var testDescription: String { sample }
    }

    static let pairs = [
        Pair(
            sample: "samples/yutai/liangzhang-roster.csv", mapping: "mappings/yutai/liangzhang-roster.yaml",
            leastShare: 0.9),
        Pair(
            sample: "samples/yutai/yukuaiban-cases.xml", mapping: "mappings/yutai/yukuaiban-cases.yaml",
            leastShare: 0.9),
    ]

    private func draft(_ pair: Pair) throws -> (draft: MappingDraft, bytes: [UInt8]) {
        let bytes = try Drafting.file(pair.sample)
        let name = URL(filePath: pair.sample).lastPathComponent
        let sample = DraftSample(name: name, bytes: bytes, isWhole: true)
        return (try MappingDraft.of(sample, tables: try Drafting.tables()), bytes)
    }

    @Test(arguments: pairs)
    func drafted(_ pair: Pair) throws {
        let (draft, bytes) = try draft(pair)
        let tables = try Drafting.tables()
        let mapping = try Drafting.load(draft, tables: tables)
        let written = String(decoding: try Drafting.file(pair.mapping), as: UTF8.self)

        let wanted = try Drafting.assignments(written)
        let found = try Drafting.assignments(draft.text)
        let same = wanted.filter { field, sources in !sources.isDisjoint(with: found[field] ?? []) }
        let share = Double(same.count) / Double(wanted.count)
        let missing = wanted.keys.filter { same[$0] == nil }.sorted()
        print("\(pair.sample): \(same.count) of \(wanted.count) fields as in the mapping; not \(missing)")
        #expect(share >= pair.leastShare)
        #expect(try Drafting.keys(draft.text) == Drafting.keys(written))

        let load = MappingSet.load(files: [MappingFile(path: "w.yaml", bytes: Array(written.utf8))], tables: tables)
        let byHand = try #require(load.set.mappings.first)
        let encoding = DraftSample(name: "", bytes: bytes, isWhole: true).encoding
        var converter = DocumentConverter(mapping: byHand, context: Convert.context, encoding: encoding)
        converter.feed(bytes.span)
        converter.finish()
        let expected = converter.summary
        #expect(!draft.trial.isRejected)
        #expect(draft.trial.records == expected.records)
        #expect(draft.trial.rowsSetAside == expected.rowsSetAside)
        #expect(draft.trial.controlTotals.map(\.agrees) == [true])
        #expect(mapping.recordTypes == byHand.recordTypes)
    }

    @Test func rosterIsReadAsTheMappingReadsIt() throws {
        let text = try draft(Self.pairs[0]).draft.text
        #expect(text.contains("fill-down: [镇街, 社区, 小区]"))
        #expect(text.contains("totals: [合计]"))
        #expect(text.contains("filled-on: { after: 填报日期, as: date }"))
        #expect(text.contains("area_code: { from: 镇街, table: sub-counties }"))
    }

    @Test(arguments: pairs)
    func nothingThatStandsInTheSampleIsInTheDraft(_ pair: Pair) throws {
        let (draft, bytes) = try draft(pair)
        var decoder = TextDecoder(from: DraftSample(name: "", bytes: bytes, isWhole: true).encoding)
        var decoded: [UInt8] = []
        decoder.decode(bytes.span, into: &decoded, isLast: true)
        let text = String(decoding: decoded, as: UTF8.self)
        let words = pair.sample.hasSuffix(".xml") ? Self.values(ofXML: text) : Self.cells(ofCSV: text)
        // What is shorter, or a small number, stands in many a sentence by chance.
        let telling = words.filter { $0.utf8.count >= 6 }
        #expect(telling.count > 1000)
        let told = Data((draft.text + draft.decisions.joined(separator: "\n")).utf8)
        let leaked = telling.filter { told.range(of: Data($0.utf8)) != nil }
        // Titles of fields are told, and some of them contain words that are values elsewhere.
        #expect(leaked.filter { word in !FieldWords.canonical.all.contains { $0.contains(word) } } == [])
    }

    // The label of the sums, which the draft names, is no cell of anybody.
    private static func cells(ofCSV text: String) -> Set<String> {
        let rows = text.firstRange(of: "身份证号").flatMap { text[$0.upperBound...].firstIndex(where: \.isNewline) }
        return pieces(text[(rows ?? text.startIndex)...], between: ",\"\r\n").subtracting(["合计"])
    }

    private static func values(ofXML text: String) -> Set<String> {
        let body = text.firstRange(of: "<a:body>")?.upperBound ?? text.startIndex
        // Names of elements and attributes are in the draft, and are no values.
        return pieces(text[body...], between: "<>=\"\n").filter {
            !$0.hasPrefix("a:") && !$0.hasPrefix("/a:")
                && !["source", "supervised", "focused", "anonymous"].contains($0)
        }
    }

    private static func pieces(_ text: Substring, between signs: String) -> Set<String> {
        let signs = Set(signs.utf8)
        let pieces = text.utf8.split { signs.contains($0) }.map { String(Substring($0)) }
        return Set(pieces.map { $0.trimmingCharacters(in: .whitespaces) })
    }

    @Test func typeThatIsAskedForIsTaken() throws {
        let bytes = try Drafting.file(Self.pairs[0].sample)
        let sample = DraftSample(name: "r.csv", bytes: bytes, isWhole: true)
        let draft = try MappingDraft.of(sample, record: "RoleAssignment")
        #expect(draft.recordTypes == ["RoleAssignment"])
        #expect(draft.text.contains("person: { key-of: Person, by: { identity_number: 身份证号 } }"))
        #expect(draft.text.contains("the type was asked for"))
        _ = try Drafting.load(draft)
    }

    @Test func beginningOfALargeDocumentIsEnough() throws {
        let bytes = try Drafting.file(Self.pairs[1].sample)
        let sample = DraftSample(name: "c.xml", bytes: Array(bytes.prefix(bytes.count / 2)), isWhole: false)
        let draft = try MappingDraft.of(sample)
        #expect(draft.recordTypes == ["Case"])
        #expect(draft.text.contains("only the first"))
        #expect(!draft.text.contains("control:"))
        _ = try Drafting.load(draft)
    }
}
