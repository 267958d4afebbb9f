/// What a form calls a column or element, in the spellings by which it is looked up.
struct SampleName: Sendable {
    /// The whole name: that of the column, or of all elements on the path put together.
    var whole: [String]
    /// The last part of it alone: below a merged cell, or within an element that only groups.
    var last: [String]
    /// The last part where the elements around it say something of their own, so that it means little alone.
    var inner: [String] = []
}

/// A column of a roster, or an element or attribute of each record of a filing, with its values.
struct SampleColumn: Sendable {
    /// What a mapping writes for it.
    var source: String
    var name: SampleName
    /// By row, as filed; empty where there is none.
    var values: [String]
    /// Whether a record has several.
    var isList = false
    /// Different values, blank ones and words for nothing left out, and how often each is there.
    let distinct: [(value: String, count: Int)]
    /// How many values there are.
    let filled: Int

    init(source: String, name: SampleName, values: [String], isList: Bool = false) {
        self.source = source
        self.name = name
        self.values = values
        self.isList = isList
        var counts: [String: Int] = [:]
        for value in values where !Self.isNothing(value) { counts[value, default: 0] += 1 }
        distinct = counts.map { ($0.key, $0.value) }.sorted { $0.value < $1.value }
        filled = counts.values.reduce(0, +)
    }

    private static func isNothing(_ value: String) -> Bool {
        var value = value
        return value.withUTF8 { bytes in
            let span = bytes.span
            return TextValue.isBlank(span) || NullWords.contains(span)
        }
    }

    static func isBlank(_ value: String) -> Bool {
        var value = value
        return value.withUTF8 { TextValue.isBlank($0.span) }
    }

    /// How many of the values a machine takes without complaint.
    func fit(_ machine: ValueMachine) -> ValueFit {
        var fit = ValueFit(values: filled, distinct: distinct.count)
        var output: [UInt8] = []
        for (value, count) in distinct {
            output.removeAll(keepingCapacity: true)
            let raw = Array(value.utf8)
            let outcome = machine.convert(raw.span, into: &output)
            guard outcome.result == .text || outcome.result == .number,
                outcome.issues.isDisjoint(with: .doubtful)
            else { continue }
            fit.good += count
            fit.goodDistinct += 1
        }
        return fit
    }

    /// The pieces of its values as values of their own; itself where nothing stands between them.
    func split(at separators: [String]) -> SampleColumn {
        guard !separators.isEmpty else { return self }
        let pieces = values.flatMap { value in
            value.split { separators.contains(String($0)) }.map(String.init)
        }
        return SampleColumn(source: source, name: name, values: pieces, isList: true)
    }

    /// Whether it is called `电话#2`: the header has the name before.
    var isSecondOfItsName: Bool {
        guard let mark = source.lastIndex(of: "#"), mark != source.startIndex else { return false }
        return Int(source[source.index(after: mark)...]).map { $0 >= 2 } ?? false
    }

    /// Whether the values count the rows: 1, 2, 3, …
    var countsRows: Bool {
        let numbers = values.compactMap { Int($0) }
        guard numbers.count >= 3, numbers[0] <= 1, numbers.count * 10 >= filled * 9 else { return false }
        let steps = zip(numbers, numbers.dropFirst()).filter { $1 == $0 + 1 }.count
        return steps * 10 >= (numbers.count - 1) * 9
    }
}

/// How many values of a column are good for a kind.
struct ValueFit: Sendable {
    var good = 0
    var values: Int
    var goodDistinct = 0
    var distinct: Int

    var share: Double { values == 0 ? 0 : Double(good) / Double(values) }
    /// `11 of 12 values are dates`
    func words(_ judged: String) -> String {
        guard values > 1 else { return good == 1 ? "its value" + Self.ofOne(judged) : "its value does not" }
        return (good == values ? "all \(values)" : "\(good) of \(values)") + " values \(judged)"
    }

    private static func ofOne(_ judged: String) -> String {
        judged.hasPrefix("pass") ? " passes the check digit" : " fits"
    }
}

extension ValueIssues {
    /// What is kept when it is converted, and yet says that the value may be something else.
    static let doubtful: ValueIssues = [
        ValueIssues(.personNameCharacters), ValueIssues(.socialCreditCodeChecksum), ValueIssues(.areaCodeUnknown),
        ValueIssues(.identityDocumentUnknown), ValueIssues(.percentageRange),
    ]
}
