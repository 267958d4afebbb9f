import Findings
import Testing

@Suite struct FindingTests {
    private static let kind = FindingKind("test.kind", .warning, chinese: "第{0}列是{1}", english: "column {0} is {1}")

    @Test func argumentsFillBothLanguages() {
        let finding = Finding(Self.kind, arguments: ["3", "空"])
        #expect(finding.message.chinese == "第3列是空")
        #expect(finding.message.english == "column 3 is 空")
        #expect(finding.severity == .warning)
    }

    @Test func anArgumentThatLooksLikeAPlaceholderStaysWhatItIs() {
        let finding = Finding(Self.kind, arguments: ["{1}", "x"])
        #expect(finding.message.english == "column {1} is x")
    }

    @Test(arguments: ["{9}", "{", "{}", "{a}", "}"])
    func unknownPlaceholdersStay(template: String) {
        let text = BilingualText(chinese: template, english: template).filled(with: ["x"])
        #expect(text.english == template)
    }

    @Test func longValuesAreCut() {
        let finding = Finding(Self.kind, value: String(repeating: "桥", count: 500))
        #expect(finding.value?.count == Limits.findingValueLength + 1)
    }

    @Test func severitiesAreOrderedByGravity() {
        #expect(Severity.allCases.shuffled().sorted() == [.note, .warning, .error, .fatal])
    }
}

@Suite struct FindingLogTests {
    private static let kind = FindingKind("test.kind", .warning, chinese: "", english: "")

    @Test func keepsTheFirstAndCountsAll() {
        var log = FindingLog(limit: 2)
        for row in 1...5 {
            log.report(Finding(Self.kind, row: row))
        }
        #expect(log.findings.map(\.row) == [1, 2])
        #expect(log.total == 5)
        #expect(log.dropped == 3)
        #expect(log.counts == ["test.kind": 5])
    }

    /// One character can be as long as the field that it is in.
    @Test func valuesAreCutWhateverTheyAreMadeOf() {
        for part in ["x", "桥", "e\u{301}", "\u{301}", "👩‍👩‍👧‍👦", "\r\n"] {
            let finding = Finding(Self.kind, value: "x" + String(repeating: part, count: 100_000))
            #expect((finding.value ?? "").utf8.count <= 4 * Limits.findingValueLength + 3, "\(part)")
            #expect(finding.value?.hasSuffix("…") == true)
        }
    }

    /// A filing that is rejected says why, however many findings came before.
    @Test func keepsWhatIsFatal() {
        let fatal = FindingKind("test.fatal", .fatal, chinese: "", english: "")
        var log = FindingLog(limit: 1)
        for _ in 1...3 { log.report(Finding(Self.kind)) }
        log.report(Finding(fatal))
        #expect(log.findings.map(\.code) == ["test.kind", "test.fatal"])
        #expect(log.dropped == 2)
        var other = FindingLog(limit: 1)
        other.report(Finding(Self.kind))
        other.merge(log)
        #expect(other.findings.map(\.code) == ["test.kind", "test.fatal"])
        #expect(other.total == 5)
    }

    @Test func countsWhatNeedNotBeMade() {
        var log = FindingLog(limit: 1)
        #expect(log.isKeeping)
        log.report(Finding(Self.kind))
        #expect(!log.isKeeping)
        log.count(Self.kind, severity: .error)
        log.count(Self.kind)
        #expect(log.findings.count == 1)
        #expect(log.counts == ["test.kind": 3])
        #expect(log.severities == [.warning: 2, .error: 1])
    }

    @Test func mergingKeepsTheLimitAndAllCounts() {
        var first = FindingLog(limit: 3)
        var second = FindingLog(limit: 3)
        for row in 1...2 { first.report(Finding(Self.kind, row: row)) }
        for row in 3...6 { second.report(Finding(Self.kind, row: row)) }
        first.merge(second)
        #expect(first.findings.map(\.row) == [1, 2, 3])
        #expect(first.total == 6)
    }
}
