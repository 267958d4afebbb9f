/// What became of one value: converted, absent or rejected, and what there is to say about it.
///
/// A trivial value of a few words, so that returning one costs nothing and allocates nothing.
struct ValueOutcome: Sendable, Hashable {
    /// What the converter did.
    var result: ValueResult
    /// What was noticed, as a set of ``ValueIssue``; empty on the normal path.
    var issues: ValueIssues
    /// The value of a ``ValueResult/number``: an integer, fen, an enumeration's number, 0 or 1, or the digits of a decimal.
    var number: Int64
    /// A decimal is ``number`` × 10^−`scale`; 0 for everything else.
    var scale: UInt8

    /// Bytes were appended to the output.
    static func text(_ issues: ValueIssues = []) -> ValueOutcome {
        ValueOutcome(result: .text, issues: issues, number: 0, scale: 0)
    }

    /// A number was found; nothing was appended.
    static func number(_ number: Int64, scale: UInt8 = 0, _ issues: ValueIssues = []) -> ValueOutcome {
        ValueOutcome(result: .number, issues: issues, number: number, scale: scale)
    }

    /// The value must not be used, for the reason given; nothing was appended.
    static func rejected(_ issue: ValueIssue) -> ValueOutcome {
        ValueOutcome(result: .rejected, issues: ValueIssues(issue), number: 0, scale: 0)
    }

    /// Nothing was filed: the value is empty or only blanks.
    static let empty = ValueOutcome(result: .empty, issues: [], number: 0, scale: 0)

    /// The filer wrote a word that means "nothing", such as 无 or `/`.
    static let nullWord = ValueOutcome(result: .nullWord, issues: [], number: 0, scale: 0)

    /// Whether there is no value, for either reason.
    var isAbsent: Bool { result == .empty || result == .nullWord }

    /// The nearest double of a ``ValueResult/number``, its scale applied.
    var double: Double {
        var divisor = 1.0
        for _ in 0..<scale { divisor *= 10 }
        return Double(number) / divisor
    }
}

/// The five things that can become of a value.
enum ValueResult: UInt8, Sendable {
    /// Normalised bytes were appended to the output.
    case text
    /// The value is ``ValueOutcome/number``.
    case number
    /// Empty or only blanks.
    case empty
    /// A word that means "nothing": 无, 空, 暂无, `/`, —, N/A, …
    case nullWord
    /// Not usable; ``ValueOutcome/issues`` says why.
    case rejected
}

/// A set of ``ValueIssue``, one bit each.
struct ValueIssues: OptionSet, Sendable, Hashable {
    let rawValue: UInt64

    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    init(_ issue: ValueIssue) {
        self.rawValue = 1 << UInt64(issue.rawValue)
    }

    /// Whether the set holds the issue.
    func contains(_ issue: ValueIssue) -> Bool {
        contains(ValueIssues(issue))
    }

    /// Adds an issue.
    mutating func insert(_ issue: ValueIssue) {
        insert(ValueIssues(issue))
    }

    /// The issues of the set, in declaration order. Allocates: for reporting, not for the normal path.
    var list: [ValueIssue] {
        ValueIssue.allCases.filter { contains($0) }
    }
}
