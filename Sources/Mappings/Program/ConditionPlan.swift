/// One line of `when`: a condition on the raw value of a column or path.
struct ConditionPlan: Sendable {
    enum Test: Sendable {
        /// The value is one of the terms, spelling evened out.
        case oneOf(TermIndex)
        case present
    }

    /// Alternatives; the first that the document has is tested.
    var slots: [Int]
    var test: Test
    var isNegated: Bool

    /// Whether having no value meets the condition.
    var holdsForNothing: Bool { isNegated }

    /// Whether the value meets the condition. A value of blanks, and a word such as 无, count as not present.
    func holds(for value: Span<UInt8>) -> Bool {
        let met: Bool
        switch test {
        case .oneOf(let terms):
            met = terms.number(for: TextValue.trimBlanks(value)) != nil
        case .present:
            let folded = FoldedValue(value)
            met = folded.overflowed || !(folded.isEmpty || NullWords.contains(folded))
        }
        return met != isNegated
    }
}
