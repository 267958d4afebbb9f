/// Reads the keys of one YAML mapping and tells every key that nobody asked for.
///
/// Ask for each key that can be there, then call ``finish()``. All problems are collected; a getter that finds the
/// wrong type reports it and answers nil, so that reading goes on.
public struct KeyChecker {
    /// The mapping whose keys are read.
    public let node: MarkedYAML
    /// What is wrong so far.
    public private(set) var problems: [MappingProblem] = []
    private let noun: String
    private var asked: [String] = []

    /// Starts on a node.
    ///
    /// - Parameters:
    ///   - node: Should be a mapping; anything else is a problem.
    ///   - noun: What the node describes, for messages: `a mapping`, `a field`, `the settings`.
    public init(_ node: MarkedYAML, noun: String) {
        self.node = node
        self.noun = noun
        if node.pairs == nil {
            problems.append(.init(at: node, "\(noun) must be a mapping of keys to values, not \(node.kindName)"))
        }
    }

    /// The value of an optional key, whatever it holds.
    public mutating func optional(_ key: String) -> MarkedYAML? {
        asked.append(key)
        guard let value = node[key], !value.isNull else { return nil }
        return value
    }

    /// The value of a key that must be there.
    public mutating func required(_ key: String) -> MarkedYAML? {
        let value = optional(key)
        if value == nil, node.pairs != nil {
            problems.append(.init(at: node[key] ?? node, "“\(key)” is missing in \(noun)"))
        }
        return value
    }

    /// The text of a key.
    public mutating func text(_ key: String, isRequired: Bool = false) -> String? {
        guard let value = isRequired ? required(key) : optional(key) else { return nil }
        guard let text = value.text else {
            report(value, "“\(key)” must be a single value, not \(value.kindName)")
            return nil
        }
        return text
    }

    /// A single text or a list of texts, each with its node.
    public mutating func texts(_ key: String, isRequired: Bool = false) -> [MarkedYAML]? {
        guard let value = isRequired ? required(key) : optional(key) else { return nil }
        let items = value.items ?? [value]
        for item in items where item.text == nil {
            report(item, "“\(key)” must be a text or a list of texts, not \(item.kindName)")
        }
        if items.isEmpty { report(value, "“\(key)” must not be an empty list") }
        return items.filter { $0.text != nil }
    }

    /// A whole number within a range.
    public mutating func integer(_ key: String, in range: ClosedRange<Int> = 0...Int.max) -> Int? {
        guard let value = optional(key) else { return nil }
        guard let number = value.integer, range.contains(number) else {
            let upper = range.upperBound == .max ? "or more" : "to \(range.upperBound)"
            report(value, "“\(key)” must be a whole number, \(range.lowerBound) \(upper)")
            return nil
        }
        return number
    }

    /// `true` or `false`.
    public mutating func boolean(_ key: String) -> Bool? {
        guard let value = optional(key) else { return nil }
        guard let boolean = value.boolean else {
            report(value, "“\(key)” must be true or false")
            return nil
        }
        return boolean
    }

    /// One of a set of words.
    public mutating func word(_ key: String, of words: [String], isRequired: Bool = false) -> String? {
        guard let value = isRequired ? required(key) : optional(key) else { return nil }
        guard let word = value.text, words.contains(word) else {
            let suggestion = value.text.flatMap { Suggestion.nearest(to: $0, among: words) }
            report(value, "“\(key)” must be one of \(words.joined(separator: ", "))", suggestion: suggestion)
            return nil
        }
        return word
    }

    /// Reports a problem at a node.
    public mutating func report(_ node: MarkedYAML, _ message: String, suggestion: String? = nil) {
        problems.append(.init(at: node, message, suggestion: suggestion))
    }

    /// Tells the keys that were not asked for, each with the known key that is nearest, and hands over all problems.
    public mutating func finish() -> [MappingProblem] {
        for pair in node.pairs ?? [] {
            guard let key = pair.key.text else {
                report(pair.key, "a key of \(noun) must be a single word, not \(pair.key.kindName)")
                continue
            }
            guard !asked.contains(key) else { continue }
            report(
                pair.key, "unknown key “\(key)” in \(noun)", suggestion: Suggestion.nearest(to: key, among: asked))
        }
        return problems
    }
}
