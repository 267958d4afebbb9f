/// An enum: a code table with the words that people use for its values.
public struct Enumeration: Sendable {
    /// The name without its package, e.g. `PoliticalStatus`.
    public let name: String
    /// The name for people, in Chinese.
    public let title: String
    /// The standard whose codes the values carry; empty where the codes are Qiao's own.
    public let standard: String
    /// What the comment in the `.proto` file says, in English, on one line.
    public let documentation: String
    /// The values in the order of the `.proto` file; the first is the unspecified one, with number 0.
    public let values: [EnumerationValue]

    private let indexByNumber: [Int: Int]
    private let indexByName: [String: Int]
    private let indexByCode: [String: Int]
    private let indexByTerm: [String: Int]

    init(name: String, title: String, standard: String, documentation: String, values: [EnumerationValue]) {
        self.name = name
        self.title = title
        self.standard = standard
        self.documentation = documentation
        self.values = values
        func index(_ keys: (EnumerationValue) -> [String]) -> [String: Int] {
            let pairs = values.indices.flatMap { at in keys(values[at]).map { ($0, at) } }
            return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        }
        indexByNumber = Dictionary(
            values.indices.map { (values[$0].number, $0) }, uniquingKeysWith: { first, _ in first })
        indexByName = index { [$0.name, $0.shortName] }
        indexByCode = index { $0.code.isEmpty ? [] : [$0.code] }
        indexByTerm = index { $0.terms }
    }

    /// The value with this number.
    public func value(number: Int) -> EnumerationValue? {
        indexByNumber[number].map { values[$0] }
    }

    /// The value with this name, whole (`ROLE_UNIT_CHIEF`) or without the prefix (`UNIT_CHIEF`).
    public func value(named name: String) -> EnumerationValue? {
        indexByName[name].map { values[$0] }
    }

    /// The value with this code, exactly as the standard writes it, e.g. `01`.
    public func value(code: String) -> EnumerationValue? {
        indexByCode[code].map { values[$0] }
    }

    /// The value that people call so, e.g. `中共党员`. The text must be normalised already: no spaces, half width.
    public func value(term: String) -> EnumerationValue? {
        indexByTerm[term].map { values[$0] }
    }
}

/// One value of an enum.
public struct EnumerationValue: Sendable, Hashable {
    /// The number on the wire.
    public let number: Int
    /// The name in the `.proto` file, which JSON uses, e.g. `ROLE_UNIT_CHIEF`.
    public let name: String
    /// The name without the prefix that all values of the enum share, e.g. `UNIT_CHIEF`. Mappings use it.
    public let shortName: String
    /// The code in the standard; empty for the unspecified value.
    public let code: String
    /// The name in the standard, in Chinese; empty for the unspecified value.
    public let title: String
    /// What people write for it: the title first, then everyday words. No two values of an enum share a term.
    public let terms: [String]
    /// What the comment in the `.proto` file says, in English, on one line; often empty.
    public let documentation: String
}
