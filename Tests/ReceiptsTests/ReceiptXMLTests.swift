import Findings
import Foundation
import Testing

@testable import Receipts

@Suite struct ReceiptXMLTests {
    static func text(_ receipt: Receipt) throws -> String { String(decoding: try receipt.xml(), as: UTF8.self) }

    @Test(arguments: [("roster", Examples.roster), ("empty", Examples.empty), ("duplicate", duplicate)])
    func golden(name: String, receipt: Receipt) throws {
        let golden = try #require(Self.goldens[name])
        #expect(try Self.text(receipt) == golden)
    }

    @Test(arguments: [Examples.roster, Examples.empty, duplicate, signed])
    func whatIsWrittenIsReadBack(receipt: Receipt) throws {
        #expect(try Receipt(xml: try receipt.xml()) == receipt)
    }

    @Test func sameReceiptSameBytes() throws {
        let first = try Examples.roster.xml()
        for _ in 0..<20 { #expect(try Examples.roster.xml() == first) }
    }

    static let duplicate = Examples.roster.markedDuplicate(
        receivedAt: "2026-11-22T09:30:00+08:00", fileName: "两长名册 (1).csv")

    static var signed: Receipt {
        var receipt = Examples.roster
        receipt.signature = .indeterminate
        receipt.reached = .signature
        receipt.fileNameBytes = "c3fbb5a5"
        return receipt
    }

    @Test func duplicateSaysTheSameAndThatItIsOne() throws {
        var again = Self.duplicate
        #expect(again.receivedAt == Examples.roster.receivedAt)
        #expect(again.next.count == Examples.roster.next.count + 1)
        again.duplicate = nil
        #expect(again == Examples.roster)
    }

    @Test(arguments: [
        ("</receipt><evil/>", "</receipt><evil/>"), ("a & b < c > d \" ' ]]>", "a & b < c > d \" ' ]]>"),
        ("&lt;&amp;amp;", "&lt;&amp;amp;"), ("nul\0bell\u{7}", "nul\u{FFFD}bell\u{FFFD}"),
        ("\u{FFFE}\u{FFFF}\u{1FFFE}", "\u{FFFD}\u{FFFD}\u{FFFD}"), ("esc\u{1B}[31m", "esc\u{FFFD}[31m"),
        ("two\nlines\ttab", "two\nlines\ttab"), ("cr\r\ncrlf\rlone", "cr\ncrlf\nlone"), ("c1\u{85}", "c1\u{FFFD}"),
        ("  spaces  ", "  spaces  "), ("䶮𠀀🙂", "䶮𠀀🙂"), ("<![CDATA[x]]>", "<![CDATA[x]]>"), ("", ""), (" ", " "),
        (
            "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
            "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;"
        ),
    ])
    func hostileValues(value: String, comesBack: String) throws {
        var receipt = Examples.roster
        receipt.fileName = value
        receipt.findings[0].field = value
        receipt.findings[0].value = value
        receipt.findings[0].message = BilingualText(chinese: value, english: value)
        receipt.controlTotals[0].name = value
        let read = try Receipt(xml: try receipt.xml())
        #expect(read.fileName == comesBack)
        #expect(read.findings[0].field == comesBack)
        #expect(read.findings[0].value == comesBack)
        #expect(read.findings[0].message == BilingualText(chinese: comesBack, english: comesBack))
        #expect(read.controlTotals[0].name == comesBack)
    }

    @Test(arguments: [
        "x.csv", "</receipt>", "a & b < c > d \" ' ]]>", "nul\0", "cr\r\nlf", "  spaces ", "\u{E000}1",
        "\u{E000}2\u{E000}3", "", "䶮",
    ])
    func formGivesWhatXMLCoderGives(value: String) throws {
        var receipt = Examples.empty
        receipt.fileName = value
        receipt.receivedAt = value
        receipt.filing = value
        #expect(ReceiptForm.fits(receipt))
        for size in [0, 1, 4_294_967_296] {
            receipt.size = size
            #expect(try receipt.xml() == receipt.encoded())
        }
        receipt.source = value
        receipt.encoding = value
        receipt.mapping = Receipt.MappingReference(id: "m", version: value)
        #expect(try receipt.xml() == receipt.encoded())
    }

    @Test(arguments: [
        "x", "</finding>\n", "a & b < c > d \" ' ]]>", "nul\0", "cr\r\nlf", "  spaces ", " ", "\u{3000}", "\u{A0}",
        "\u{2028}", "\u{85}", "\u{E000}1", "\u{E000}5", "", "䶮", "é\u{301}",
    ])
    func formGivesTheFindingsThatXMLCoderGives(value: String) throws {
        for row in 0..<16 {
            var receipt = Examples.roster
            let kind = FindingKind(
                row < 8 ? "code" : value, .warning, chinese: row < 4 ? "文" : value, english: "en \(value).")
            let bare = Finding(kind, row: row & 1 == 0 ? nil : row)
            receipt.findings = [bare, Examples.finding, bare]
            receipt.findings[0].field = row & 2 == 0 ? nil : value
            receipt.findings[0].value = row & 4 == 0 ? value : "值 \(value)."
            #expect(try receipt.xml() == receipt.encoded(), "\(row)")
            receipt.findings.removeLast(1 + row & 1)
            #expect(try receipt.xml() == receipt.encoded(), "\(row)")
        }
    }

    @Test func formsHaveFindingsOfEveryReceipt() throws {
        var random = SystemLikeGenerator(state: 21)
        for _ in 0..<200 {
            var receipt = Examples.roster
            receipt.findings = (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                var finding = Examples.finding
                finding.place = Bool.random(using: &random) ? nil : SourcePlace(line: 1, column: 2, offset: 3)
                finding.value = ["值", "<", "\"", "'&", "a\nb"].randomElement(using: &random)
                finding.field = Bool.random(using: &random) ? nil : "列"
                return finding
            }
            #expect(try receipt.xml() == receipt.encoded())
        }
    }

    @Test func formsDoNotMixSources() throws {
        var random = SystemLikeGenerator(state: 9)
        for number in 0..<600 {
            var receipt = Examples.empty
            receipt.source = "source\(Int.random(in: 0..<400, using: &random))"
            receipt.size = number
            #expect(try Receipt(xml: try receipt.xml()) == receipt)
        }
    }

    @Test(arguments: [
        ("line\nbreak", "line break"), ("tab\there", "tab here"), ("\"quoted' & <tagged>", "\"quoted' & <tagged>"),
    ])
    func hostileAttributes(value: String, comesBack: String) throws {
        var receipt = Examples.roster
        receipt.mapping = Receipt.MappingReference(id: value, version: value)
        receipt.findingCounts[0].code = value
        receipt.counts.records[0].type = value
        let read = try Receipt(xml: try receipt.xml())
        #expect(read.mapping == Receipt.MappingReference(id: comesBack, version: comesBack))
        #expect(read.findingCounts[0].code == comesBack)
        #expect(read.counts.records[0].type == comesBack)
    }

    @Test func anyTextIsWellFormed() throws {
        var random = SystemLikeGenerator(state: 5)
        for _ in 0..<60 {
            let scalars = (0..<20).compactMap { _ in
                Unicode.Scalar(
                    UInt32.random(in: 0...0x2_FFFF, using: &random) & (Bool.random(using: &random) ? 0x7F : 0x2_FFFF))
            }
            let text = String(String.UnicodeScalarView(scalars))
            var receipt = Examples.roster
            receipt.fileName = text
            receipt.findings[0].value = text
            let read = try Receipt(xml: try receipt.xml())
            #expect(read.fileName == XMLText.allowed(text), "\(scalars.map(\.value))")
            #expect(read.findings[0].value == XMLText.allowed(text))
        }
    }

    struct SystemLikeGenerator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    @Test(arguments: [
        "", "not xml", "<receipt/>", "<other xmlns=\"urn:qiao:receipt:1\"/>",
        "<receipt xmlns=\"urn:qiao:receipt:1\" reached=\"R9\"/>",
    ])
    func whatIsNoReceiptIsRefused(text: String) {
        let error = #expect(throws: ReceiptError.self) { try Receipt(xml: Array(text.utf8)) }
        #expect(error?.code == .notAReceipt)
    }

    @Test func otherNamespaceIsRefused() throws {
        let text = try Self.text(Examples.roster).replacingOccurrences(
            of: "urn:qiao:receipt:1", with: "urn:qiao:receipt:2")
        #expect(throws: ReceiptError.self) { try Receipt(xml: Array(text.utf8)) }
    }

    @Test func manyFindingsAreCutAndCounted() throws {
        var log = FindingLog(limit: 500)
        for _ in 0..<700 { log.report(Examples.finding) }
        var receipt = Examples.empty
        receipt.take(log)
        #expect(receipt.findings.count == Receipt.findingsShown)
        #expect(receipt.findingTotal == 700)
        #expect(try Receipt(xml: try receipt.xml()) == receipt)
    }

    @Test(arguments: [
        (Receipt.Counts(rowsRead: 3, converted: 1, setAside: 1, skipped: 1), true),
        (Receipt.Counts(rowsRead: 4, converted: 1, setAside: 1, skipped: 1), false), (Receipt.Counts(), true),
    ])
    func countsReconcile(counts: Receipt.Counts, isReconciled: Bool) {
        #expect(counts.isReconciled == isReconciled)
    }

    @Test(arguments: [(5, 5, false, true), (5, 6, false, false), (5, 6, true, true), (5, 4, true, false)])
    func controlTotals(declared: Int, found: Int, isAtLeast: Bool, agrees: Bool) {
        let total = Receipt.ControlTotal(name: "x", declared: declared, found: found, isAtLeast: isAtLeast)
        #expect(total.agrees == agrees)
    }

    @Test(arguments: Receipt.Outcome.allCases)
    func everyOutcomeSaysWhatToDoNext(outcome: Receipt.Outcome) {
        var receipt = Examples.empty
        receipt.outcome = outcome
        #expect(!receipt.next.isEmpty)
        #expect(receipt.next.allSatisfy { !$0.chinese.isEmpty && !$0.english.isEmpty })
    }
}
