public import Findings

extension Receipt.Outcome {
    /// What became of the filing, for people.
    public var text: BilingualText {
        switch self {
        case .accepted: BilingualText(chinese: "已接收，全部数据已转换。", english: "Accepted; all of it was converted.")
        case .acceptedWithFindings:
            BilingualText(chinese: "已接收，但有问题需要查看。", english: "Accepted, with findings to look at.")
        case .rejected:
            BilingualText(chinese: "未接收，本次报送没有任何数据入库。", english: "Rejected; nothing of this filing was taken.")
        }
    }
}

extension Receipt {
    /// What the source should do next, most important first; never empty.
    public var next: [BilingualText] {
        var steps: [BilingualText] = []
        if duplicate != nil {
            steps.append(
                BilingualText(
                    chinese: "相同内容此前已经报送，本次没有重复处理，以下是首次的结果。",
                    english:
                        "The same bytes were filed before and were not processed again; this is the result of the first time."
                ))
        }
        switch outcome {
        case .rejected:
            steps.append(
                BilingualText(
                    chinese: "请按下列问题修改文件后重新报送。原文件已隔离保存，没有删除。",
                    english:
                        "Mend the file as the findings say and file it again. The original is kept in quarantine, not deleted."
                ))
        case .acceptedWithFindings:
            if counts.setAside > 0 {
                steps.append(
                    BilingualText(
                        chinese: "有 {0} 行未转换。请打开问题清单（.findings.csv），改正这些行后重新报送。",
                        english:
                            "Rows set aside: {0}. Open the findings table (.findings.csv), correct these rows and file again."
                    ).filled(with: ["\(counts.setAside)"]))
            } else {
                steps.append(
                    BilingualText(
                        chinese: "请查看问题清单（.findings.csv），没有行被舍弃。",
                        english: "Look through the findings table (.findings.csv); no row was set aside."))
            }
        case .accepted:
            steps.append(BilingualText(chinese: "无需操作。", english: "Nothing is to be done."))
        }
        if controlTotals.contains(where: { !$0.agrees }) {
            steps.append(
                BilingualText(
                    chinese: "控制总数与实际数量不符，请核对。",
                    english: "A control total differs from what was found; check which of them is right."))
        }
        return steps
    }
}

extension Severity {
    /// The word for people, in both languages.
    var text: BilingualText {
        switch self {
        case .note: BilingualText(chinese: "提示", english: "note")
        case .warning: BilingualText(chinese: "警告", english: "warning")
        case .error: BilingualText(chinese: "错误", english: "error")
        case .fatal: BilingualText(chinese: "拒收", english: "fatal")
        }
    }
}
