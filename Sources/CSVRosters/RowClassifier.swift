/// Tells totals, remarks and blank rows from data, on the bytes of the cells.
public struct RowClassifier: Sendable {
    private let totals: RowLabels
    private let remarks: RowLabels
    // A bit for each first character of a label: most cells begin with another one.
    private let beginnings: UInt64

    /// The usual labels of sums.
    public static let usualTotalLabels = ["合计", "小计", "总计", "共计"]
    /// The usual beginnings of the lines below the data.
    public static let usualRemarkLabels = [
        "填报人", "填表人", "制表人", "制表", "审核人", "审核", "审批人", "负责人", "填报单位", "填表单位", "填报日期", "填表日期",
        "填报时间", "填表时间", "联系人", "联系电话", "备注", "说明", "填表说明", "注",
    ]

    /// Makes a classifier.
    ///
    /// - Parameters:
    ///   - totalLabels: A row is a total when its first cell that is not blank is one of these, alone or followed by a
    ///     colon, a bracket or a number; or when its second or third is one of them alone.
    ///   - remarkLabels: A row is a remark when its first cell that is not blank is one of these followed by a colon, or
    ///     alone in its row.
    public init(
        totalLabels: [String] = RowClassifier.usualTotalLabels,
        remarkLabels: [String] = RowClassifier.usualRemarkLabels
    ) {
        totals = RowLabels(totalLabels)
        remarks = RowLabels(remarkLabels)
        beginnings = totals.firstCharacters | remarks.firstCharacters
    }

    /// Classifies a row. Costs a look at its first cells; for data, usually three.
    public func classify(_ row: CSVRow) -> RowClass {
        var filled = 0
        var hasText = false
        var isLoneRemark = false
        for index in 0..<row.fields.count {
            let field = row.fields[index]
            if field.start == field.end, !field.isRewritten { continue }
            if beginsWithSign(field, row) {
                filled += 1
                hasText = hasText || Self.beginsText(row.bytes[field.start])
                if filled >= 3, hasText { return .data }
                continue
            }
            let cell = row.text(field)
            let start = BlankText.skipBlanks(cell, from: 0)
            guard start < cell.count else { continue }
            filled += 1
            if filled <= 3, beginnings & RowLabels.bit(cell, at: start) != 0 {
                if let match = totals.match(cell, from: start) {
                    if match.next == .end || (filled == 1 && match.next != .text) { return .total(label: match.label) }
                }
                if filled == 1, let match = remarks.match(cell, from: start) {
                    if match.next == .colon { return .remark }
                    isLoneRemark = match.next == .end
                }
            }
            hasText = hasText || Self.beginsText(cell[start])
            if filled >= 3, hasText { return .data }
        }
        if filled == 0 { return .blank }
        if isLoneRemark, filled == 1 { return .remark }
        return hasText || !hasOnlyNumbers(row) ? .data : .numbersOnly
    }

    // Whether a cell begins with a sign of ASCII, as numbers do, and no label does.
    @inline(__always)
    private func beginsWithSign(_ field: CSVField, _ row: CSVRow) -> Bool {
        !field.isRewritten && row.bytes[field.start] &- 0x21 < 0x5E && beginnings & RowLabels.ascii == 0
    }

    // A letter, or the first byte of an ideograph: no number has them.
    @inline(__always)
    private static func beginsText(_ byte: UInt8) -> Bool {
        byte >= 0xE4 && byte <= 0xE9 || (byte | 0x20) &- 0x61 < 26
    }

    private func hasOnlyNumbers(_ row: CSVRow) -> Bool {
        for index in 0..<row.fields.count {
            let cell = row.text(row.fields[index])
            if !BlankText.isBlank(cell), !Self.isNumber(cell) { return false }
        }
        return true
    }

    // Digits of either width, with signs, separators and blanks among them.
    private static func isNumber(_ cell: Span<UInt8>) -> Bool {
        var digits = 0
        var index = 0
        while index < cell.count {
            switch cell[index] {
            case 0x30...0x39:
                digits += 1
                index += 1
            case 0x20, 0x25, 0x2B...0x2F:
                index += 1
            case let byte:
                let isFullWidth = byte == 0xEF && index + 2 < cell.count && cell[index + 1] == 0xBC
                if isFullWidth, (0x90...0x99).contains(cell[index + 2]) {
                    digits += 1
                    index += 3
                    continue
                }
                let length = BlankText.blankLength(cell, at: index)
                guard length > 0 else { return false }
                index += length
            }
        }
        return digits > 0
    }
}
