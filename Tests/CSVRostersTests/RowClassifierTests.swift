import CSVRosters
import Findings
import Testing

@Suite struct RowClassifierTests {
    @Test(arguments: [
        ("1,张三,370827190001010011,楼长", RowClass.data),
        ("张三", .data),
        ("", .blank), (",, ,\u{3000}", .blank),
        ("合计,3038,,", .total(label: "合计")), ("合　计,,3038", .total(label: "合计")), (",合 计：,3038", .total(label: "合计")),
        ("合计3038人", .total(label: "合计")), ("总计（人）,5", .total(label: "总计")), ("滨湖街道,小计,12", .total(label: "小计")),
        ("1,滨湖街道,共计,12", .total(label: "共计")),
        ("合计划社区,张三,楼长", .data), ("张三,合计划", .data), ("张三,合计：3,x", .data), ("a,b,c,合计", .data),
        ("1,2,3,4", .numbersOnly), ("１,２,3.5,-", .data), ("１,２,3.5%", .numbersOnly), ("3038", .numbersOnly),
        ("填报人：王五,,联系电话：138", .remark), ("填报人:王五", .remark), ("备注", .remark), ("备 注：以上数据截至六月", .remark),
        ("注：一户一票", .remark), ("说明,,", .remark),
        ("备注,张三,楼长", .data), ("注册志愿者,张三", .data), ("负责人,张三", .data),
    ])
    func classifies(line: String, expected: RowClass) {
        #expect(Self.classify(line) == expected)
    }

    @Test func labelsAreTheMappings() {
        let classifier = RowClassifier(totalLabels: ["汇总", ""], remarkLabels: ["附："])
        #expect(Self.classify("汇 总,1", with: classifier) == .total(label: "汇总"))
        #expect(Self.classify("合计,张三", with: classifier) == .data)
        #expect(Self.classify("填报人：张三", with: classifier) == .data)
    }

    @Test func theLongestLabelWins() {
        let classifier = RowClassifier(totalLabels: ["合计", "合计人数"])
        #expect(Self.classify("合计人数,5", with: classifier) == .total(label: "合计人数"))
    }

    static func classify(_ line: String, with classifier: RowClassifier = RowClassifier()) -> RowClass? {
        var reader = CSVReader(dialect: .comma)
        reader.append(Array((line + "\n").utf8).span)
        reader.endInput()
        guard reader.next() == .row else { return nil }
        return classifier.classify(reader.current)
    }
}
