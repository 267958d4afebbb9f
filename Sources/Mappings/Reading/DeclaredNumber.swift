/// A number that a document declares for its records, and how it means it.
struct DeclaredNumber: Sendable, Hashable {
    enum Meaning: Sendable, Hashable {
        case exact
        /// 余, 多, 不少于, ≥: a lower bound.
        case atLeast
        /// 约, 近, 左右: nobody can say which number agrees with it.
        case approximate
    }

    var number: Int
    var meaning: Meaning

    init(_ number: Int, _ issues: ValueIssues = []) {
        self.number = number
        meaning =
            issues.contains(.countApproximate) ? .approximate : issues.contains(.countAtLeast) ? .atLeast : .exact
    }

    /// Reads a text as a count; nil where it is none.
    ///
    /// - Parameter issues: What is known of it already.
    init?(_ text: Span<UInt8>, _ issues: ValueIssues = []) {
        let outcome = NumberValue.convertCount(text)
        guard outcome.result == .number, let number = Int(exactly: outcome.number) else { return nil }
        self.init(number, issues.union(outcome.issues))
    }
}
