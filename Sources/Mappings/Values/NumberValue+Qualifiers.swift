extension NumberValue {
    /// Skips the words in front of a number (约, 不少于, 共, ≥ …), notes what they say, and gives where the number begins.
    static func skipQualifiers(_ folded: FoldedValue, _ issues: inout ValueIssues) -> Int {
        var index = 0
        while let (word, end) = word(at: index, of: folded, among: CountWords.before) {
            if let issue = word.issue { issues.insert(issue) }
            index = end
        }
        return index
    }

    /// Reads what may follow a number, and gives the power of ten that 百, 千, 万, 亿 ask for; nil when something else stands there,
    /// such as 以下 or 成, which would change what the number means.
    static func readTail(_ folded: FoldedValue, from start: Int, _ issues: inout ValueIssues) -> Int? {
        var index = start
        var exponent = 0
        var units = 0
        while index < folded.count {
            if let (word, end) = word(at: index, of: folded, among: CountWords.after) {
                guard word.exponent == 0 || units == 0 else { return nil }
                if let issue = word.issue { issues.insert(issue) }
                exponent += word.exponent
                index = end
            } else {
                units += 1
                let unit = Scalars.next(in: folded.span, at: &index, end: folded.count)
                guard units <= 2, CountWords.units.contains(unit) else { return nil }
            }
        }
        return exponent <= 12 ? exponent : nil
    }

    /// What the words right beside a number say, where more stands around them than belongs to a count: 本页约2人（含代管）.
    static func qualifiers(beside range: Range<Int>, of folded: FoldedValue) -> ValueIssues {
        var issues: ValueIssues = []
        for start in 0..<range.lowerBound {
            guard let (word, end) = word(at: start, of: folded, among: CountWords.before) else { continue }
            if end == range.lowerBound, let issue = word.issue { issues.insert(issue) }
        }
        var index = range.upperBound
        while index < folded.count {
            if let (word, end) = word(at: index, of: folded, among: CountWords.after) {
                if let issue = word.issue { issues.insert(issue) }
                index = end
            } else {
                let unit = Scalars.next(in: folded.span, at: &index, end: folded.count)
                guard CountWords.units.contains(unit) else { break }
            }
        }
        return issues
    }

    private static func word(
        at index: Int, of folded: FoldedValue, among words: [CountWord]
    ) -> (word: CountWord, end: Int)? {
        for word in words where index + word.bytes.count <= folded.count {
            var matches = true
            for offset in 0..<word.bytes.count where folded[index + offset] != word.bytes[offset] { matches = false }
            if matches { return (word, index + word.bytes.count) }
        }
        return nil
    }
}

/// A word beside a number, and what it says.
struct CountWord: Sendable {
    var bytes: [UInt8]
    var issue: ValueIssue?
    var exponent = 0

    init(_ word: String, _ issue: ValueIssue? = nil, exponent: Int = 0) {
        bytes = Array(word.utf8)
        self.issue = issue
        self.exponent = exponent
    }
}

/// The words that may stand beside a count. Longer ones come before those that they begin with.
enum CountWords {
    /// In front of the number.
    static let before =
        ["不少于", "不低于", "至少", "超过", "多达", "达到", "达", "逾", ">=", "≥", "≧", ">"].map { CountWord($0, .countAtLeast) }
        + ["大约", "约", "将近", "近", "大概"].map { CountWord($0, .countApproximate) }
        + ["共计", "合计", "总计", "共"].map { CountWord($0) }
    /// Behind the number.
    static let after =
        ["以上", "多", "余", "餘", "+"].map { CountWord($0, .countAtLeast) }
        + ["左右", "上下"].map { CountWord($0, .countApproximate) }
        + [
            CountWord("百", exponent: 2), CountWord("千", exponent: 3), CountWord("万", exponent: 4),
            CountWord("亿", exponent: 8),
        ]
    /// Measure words: one or two of them may follow.
    static let units = Set("人名户个件栋处次场支条座间家位项辆套所批例起幢组片邻格站岗队期天月年岁级只份篇".unicodeScalars.map(\.value))
}
