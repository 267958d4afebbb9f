import Findings
import Testing

@testable import Mappings

@Suite struct ValueMachineTests {
    static let terms = TermIndex(terms: [("01", 1), ("党员", 1), ("群众", 13)])

    @Test func everyIssueHasItsOwnFinding() {
        #expect(ValueFindings.all.count == ValueIssue.allCases.count)
        #expect(Set(ValueFindings.all.map(\.code)).count == ValueFindings.all.count)
        #expect(ValueIssue.allCases.count <= 64)
    }

    @Test(arguments: [
        (ValueIssue.lostDigits, "value.lost-digits"), (.identityNumberChecksum, "identity-number.checksum"),
        (.identityNumberSex, "identity-number.sex"), (.socialCreditCodeChecksum, "uscc.checksum"),
        (.mobileFormat, "mobile.format"),
        (.areaCodeUnknown, "area-code.unknown"), (.dateFormat, "date.format"),
        (.dateTimeDateOnly, "date-time.date-only"),
        (.moneyFormat, "money.format"), (.percentageRange, "percentage.range"), (.booleanUnknown, "boolean.unknown"),
        (.enumerationUnknown, "enum.unknown"), (.codeTableUnknown, "code-table.unknown"),
    ])
    func issueAndFindingStandInTheSameOrder(_ issue: ValueIssue, _ code: String) {
        #expect(issue.kind.code == code)
    }

    @Test(arguments: ValueKind.allCases)
    func randomBytesNeverCrashAndWriteOnlyText(_ kind: ValueKind) {
        var generator = SeededGenerator(seed: UInt64(kind.rawValue) + 1)
        let machine = ValueMachine(kind, terms: Self.terms)
        for _ in 0..<4000 {
            let length = Int.random(in: 0...40, using: &generator)
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            expectSound(machine, bytes)
        }
    }

    @Test(arguments: ValueKind.allCases)
    func likelyPiecesNeverCrashAndWriteOnlyText(_ kind: ValueKind) {
        let pieces = [
            "3704", "0519", "00", "0", "1", "9", "X", "x", "E+", ".", ",", "-", "/", "年", "月", "日", "时", " ", "　", "'",
            "=\"", "\"",
            "+", "86", "万", "亿", "元", "多", "约", "十", "二", "〇", "Ｘ", "×", "·", "\u{200B}", "无", "T", ":", "Z", "%", "\n",
            "\u{0}",
            "军", "字第", "号", "下午", "PM", "转", "\u{10FFFF}",
        ].map { Array($0.utf8) }
        var generator = SeededGenerator(seed: UInt64(kind.rawValue) + 1000)
        let machine = ValueMachine(kind, terms: Self.terms)
        for _ in 0..<4000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...14, using: &generator) {
                bytes += pieces.randomElement(using: &generator) ?? []
            }
            if Bool.random(using: &generator), !bytes.isEmpty { bytes.removeLast() }
            expectSound(machine, bytes)
        }
    }

    @Test(arguments: ValueKind.allCases.filter { $0 != .identityNumber && $0 != .identityDocumentNumber })
    func whatWasWrittenIsWrittenAgainTheSame(_ kind: ValueKind) {
        let samples = [
            "370405190305070016", "91110000600037341l", "139 0000 0000", "0537-7900000转8", "370827", "1985年3月1日",
            "85.3", "31107",
            "2026/11/21 8:00", "张　三", "买买提•吐尔逊", "甲\r\n乙", "３号楼", " 甲 ", "'0537",
        ]
        let machine = ValueMachine(kind, terms: Self.terms)
        for sample in samples {
            let once = machine.converting(sample)
            var output: [UInt8] = []
            guard machine.convert(Array(sample.utf8).span, into: &output).result == .text else { continue }
            #expect(machine.converting(bytes: output).value == once.value, "\(sample)")
        }
    }

    private func expectSound(_ machine: ValueMachine, _ bytes: [UInt8]) {
        var output: [UInt8] = [1, 2, 3]
        let outcome = machine.convert(bytes.span, into: &output)
        #expect(output.starts(with: [1, 2, 3]), "\(bytes)")
        #expect((output.count > 3) == (outcome.result == .text), "\(bytes)")
        #expect(outcome.result != .rejected || !outcome.issues.isEmpty, "\(bytes)")
    }
}
