import Findings
import Testing

@testable import Mappings

/// Whatever a sample looks like, the draft of it loads and converts it, or there is a reason why there is none.
@Suite struct DraftPropertyTests {
    private static let signs = [
        "\"", "'", ":", "#", "*", "-", "{", "[", ",", ";", "\n", " ", "/", "%", "名", "号", "x", "1", "\u{0}",
    ]

    @Test func randomRosters() throws {
        var random = SplitMix64(seed: 20261122)
        let words = FieldWords.canonical.all.sorted()
        var drafts = 0
        for _ in 0..<60 {
            let columns = Int.random(in: 1...12, using: &random)
            var header: [String] = []
            for _ in 0..<columns {
                let isWord = Int.random(in: 0..<3, using: &random) > 0
                header.append(isWord ? words.randomElement(using: &random) ?? "" : text(&random))
            }
            var rows = [header]
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let width = Int.random(in: 0..<8, using: &random) == 0 ? columns + 1 : columns
                rows.append((0..<width).map { _ in value(&random) })
            }
            let document = rows.map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
            guard let draft = try? Drafting.draft(document) else { continue }
            drafts += 1
            let mapping = try Drafting.load(draft)
            #expect(mapping.recordTypes == draft.recordTypes)
            let summary = try Convert.document(Array(document.utf8), mapping).summary
            #expect(!summary.isRejected, "\(draft.text)\n\(summary.findings.findings.first.map { "\($0)" } ?? "")")
            #expect(summary.reconciles)
        }
        #expect(drafts >= 30)
    }

    @Test func randomFilings() throws {
        var random = SplitMix64(seed: 7)
        let words = FieldWords.canonical.all.filter {
            $0.unicodeScalars.first?.properties.isAlphabetic == true && !$0.contains("/")
        }
        .sorted()
        var drafts = 0
        for _ in 0..<40 {
            var names: [String] = []
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                names.append(words.randomElement(using: &random) ?? "a")
            }
            var body = ""
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                body += "<c id=\"\(value(&random).filter(\.isNumber))\">"
                for name in names where name.unicodeScalars.allSatisfy({ $0.properties.isAlphabetic || $0 == "_" }) {
                    body += "<\(name)>\(value(&random).filter { !"<&".contains($0) })</\(name)>"
                }
                body += "</c>"
            }
            let document = "<l>\(body)</l>"
            guard let draft = try? Drafting.draft(document, name: "a.xml") else { continue }
            drafts += 1
            let summary = try Convert.document(Array(document.utf8), Drafting.load(draft)).summary
            #expect(!summary.isRejected)
            #expect(summary.rowsRead > 0)
        }
        #expect(drafts >= 20)
    }

    @Test func randomBytes() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<200 {
            let count = Int.random(in: 0..<400, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? MappingDraft.of(DraftSample(name: "x", bytes: bytes, isWhole: Bool.random(using: &random)))
        }
    }

    private static func quoted(_ cell: String) -> String {
        "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }

    private func text(_ random: inout SplitMix64) -> String {
        (0..<Int.random(in: 0...6, using: &random)).map { _ in Self.signs.randomElement(using: &random) ?? "" }.joined()
    }

    private func value(_ random: inout SplitMix64) -> String {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: "370827190506120243"
        case 1: "15400001111"
        case 2: "2026-01-0\(Int.random(in: 1...9, using: &random))"
        case 3: ["男", "女", "党员", "楼长", "是"].randomElement(using: &random) ?? ""
        case 4: ""
        case 5: "\(Int.random(in: 0...9999, using: &random))"
        case 6: "孙玉梅"
        default: text(&random)
        }
    }
}
