import CanonicalRecords
import Findings
import Testing

@testable import Mappings

/// What was met before is copied instead of being made again: that must never show.
@Suite struct ValueMemoTests {
    static let mapping = """
        mapping: t.roster
        reads:
          format: csv
          header: [姓名, 职务]
        gives:
          - record: Person
            key: identity_number
            fields:
              name: 姓名
              identity_number: 身份证号
              sex: 性别
              birth_date: 出生日期
              mobile: 联系电话
          - record: RoleAssignment
            key: [person, role, place]
            fields:
              person: { key-of: Person }
              role: 职务
              place: { join: [小区, 楼栋, 单元], with: "/" }
              place_name: { join: [小区, 楼栋, 单元], with: "/" }
              start: 任职日期
              remarks: { from: 备注, line-breaks: space }
            extension: rest
        delivery: snapshot

        """
    static let columns = ["姓名", "职务", "身份证号", "性别", "出生日期", "联系电话", "小区", "楼栋", "单元", "任职日期", "备注", "序号"]

    // By column.
    static let values: [[String]] = [
        ["张三", "李 四", "阿卜杜拉·买买提", "张三1", "", "无", "　王五　"],
        ["楼长", "单元长", " 楼长 ", "楼長", "店小二", ""],
        ["370827190001010014", "370827190001010057", "'370827190001010014", "37082719000101001", "370827190001010018"],
        ["男", "女", "1", "男性", "不详", "x"],
        ["1900-01-01", "1900.1", "1900年1月1日", "三月", "", "19000101", "2026/13/1"],
        ["13800000001", "１３８０００００００２", "+86 13800000003", "123", "/"],
        [
            "湖畔", "n", "无", "`湖畔", "=\"湖畔\"", "\"", "十二个汉字的小区名称甲乙", "九个汉字的小区名称", "湖\u{200B}畔", "八个汉字的小区名",
            "-", "湖 畔", "a,\"b",
        ],
        ["1", "a", "１", "", "'1", "-", "\u{FEFF}1", "12345678901234567890123456", "1 号"],
        ["1", "2", "", "/", "b\"", "　2", "123456789012345678901234"],
        ["2026-11-20", "2026年11月", "46346", "1.2.3", ""],
        ["", "好", "两\n行", "无", "\u{7}响", "二十四个字节的备注呀", "长" + String(repeating: "长", count: 30)],
        ["1", "2", "", "３", "无"],
    ]

    @Test(arguments: [UInt64(1), 2, 3])
    func rowsGiveTheSameAloneAsAmongOthers(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let mapping = try Convert.mapping(Self.mapping)
        let header = Self.columns.joined(separator: ",") + "\n"
        let rows = (0..<400).map { _ in
            Self.values.map { Self.quoted($0.randomElement(using: &random) ?? "") }.joined(separator: ",") + "\n"
        }
        let together = try Convert.document(header + rows.joined(), mapping)
        var hashes: [SipHash128.Digest] = []
        var ids: [SipHash128.Digest] = []
        var findings: [String] = []
        for (index, row) in rows.enumerated() {
            let alone = try Convert.document(header + row, mapping)
            hashes += alone.hashes
            ids += alone.entries.map(\.id)
            findings += alone.summary.findings.findings.filter { $0.row != nil }
                .map { "\(index + 1) \($0.code) \($0.field ?? "") \($0.value ?? "")" }
        }
        let haveSameContent = together.hashes == hashes
        #expect(haveSameContent)
        let haveSameIDs = together.entries.map(\.id) == ids
        #expect(haveSameIDs)
        let told = together.summary.findings.findings.filter { $0.row != nil }
            .map { "\($0.row ?? 0) \($0.code) \($0.field ?? "") \($0.value ?? "")" }
        for (one, other) in zip(told, findings) where one != other { #expect(one == other) }
        #expect(told.count == findings.count)
        #expect(hashes.count > 100)
        #expect(findings.count > 100)
    }

    static func quoted(_ value: String) -> String { "\"\(value.replacing("\"", with: "\"\""))\"" }

    @Test func valuesOfEveryLengthAreToldApart() {
        var memo = ValueMemo(stepCount: 1)
        for _ in 0..<100 { memo.beginRow() }
        var random = SplitMix64(seed: 7)
        for length in 1...ValueMemo.longestValue {
            for _ in 0..<40 {
                let value = (0..<length).map { _ in UInt8.random(in: 0...1, using: &random) }
                var other = value
                other[Int.random(in: 0..<length, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
                guard let words = ValueWords(value.span), let otherWords = ValueWords(other.span) else {
                    Issue.record("\(value) has no words")
                    return
                }
                let place = memo.place(of: words, 0)
                var made = ValueMemo.Place()
                made.size = UInt8(length)
                memo.keep(words, made, at: place)
                let isHeld = memo.holds(words, at: place)
                let isOther = memo.holds(otherWords, at: place)
                let shorter = Array(value.dropLast())
                let isShorter = ValueWords(shorter.span).map { memo.holds($0, at: place) } ?? false
                #expect(isHeld && !isOther && !isShorter, "\(value) and \(other)")
            }
        }
        let isTooLong = ValueWords([UInt8](repeating: 1, count: ValueMemo.longestValue + 1).span) == nil
        let isNothing = ValueWords([UInt8]().span) == nil
        #expect(isTooLong && isNothing)
    }

    @Test func rememberingBeginsAfterSomeRows() {
        var memo = ValueMemo(stepCount: 1)
        memo.beginRow()
        let remembersFirst = memo.remembers(0)
        for _ in 0..<100 { memo.beginRow() }
        let remembersLater = memo.remembers(0)
        #expect(!remembersFirst && remembersLater)
    }

    @Test func stepsWhoseValuesHardlyReturnAreGivenUp() {
        var memo = ValueMemo(stepCount: 2)
        for number in 0..<10_000 {
            memo.beginRow()
            memo.miss(0)
            if number % 10 == 0 { memo.miss(1) }
        }
        let (first, second) = (memo.remembers(0), memo.remembers(1))
        #expect(!first)
        #expect(second)
    }
}
