/// The words and signs with which people fill a cell that has nothing to say.
enum NullWords {
    /// The list, for the documentation; the comparison is by folded spelling, without regard to ASCII case.
    static let all = [
        "无", "空", "空白", "暂无", "没有", "不详", "未知", "未填", "未填写", "不适用", "待补", "待定", "/", "//", "\\", "-", "--", "---",
        "—", "——", "…", "……", "·", "*", "**", "***", "?", "??", "???", "null", "none", "nil", "n/a", "#n/a", "na",
        "blank",
        "(空)", "(空白)", "(blank)", "(无)", "无。",
    ]

    /// Bytes of the longest word, with a few blanks around it; longer values are not looked up.
    static let longest = 16

    private static let index = TermIndex(terms: all.map { ($0, 0) })

    /// Whether the folded value says that there is nothing.
    static func contains(_ folded: FoldedValue) -> Bool {
        folded.count <= longest && mayBegin(folded.span) && index.number(forExact: folded.span) != nil
    }

    /// Whether the value as filed says that there is nothing; a few nanoseconds for anything that does not.
    static func contains(_ raw: Span<UInt8>) -> Bool {
        guard raw.count <= longest, mayBegin(raw) else { return false }
        return contains(FoldedValue(raw))
    }

    // Names and places begin with none of these, so almost every text stops here.
    @inline(__always)
    private static func mayBegin(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 0 else { return false }
        let first = bytes[0]
        if first < 0x80 {
            switch first {
            case 0x30...0x39: return false
            case 0x41...0x5A, 0x61...0x7A: return first | 0x20 == 0x6E || first | 0x20 == 0x62
            default: return true
            }
        }
        guard bytes.count >= 3, first >= 0xE4, first < 0xEF else { return true }
        var index = 0
        switch Unicode.Scalar(Scalars.next(in: bytes, at: &index, end: bytes.count)) {
        case "无", "空", "暂", "没", "不", "未", "待": return true
        default: return false
        }
    }
}
