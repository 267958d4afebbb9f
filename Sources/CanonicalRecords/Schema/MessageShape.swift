/// The fields of one message, and what it is about.
///
/// A class, so that shapes that refer to each other are shared rather than copied.
public final class MessageShape: Sendable {
    /// The name without its package, e.g. `Person`.
    public let name: String
    /// The name for people, in Chinese.
    public let title: String
    /// What else forms and their elements call it.
    public let terms: [String]
    /// The standard that it comes from; empty where there is none.
    public let clause: String
    /// What the comment in the `.proto` file says, in English, on one line.
    public let documentation: String
    /// The fields, in the order of their numbers.
    public let fields: [RecordField]

    private let indexByName: [String: Int]
    private let indexByNumber: [Int: Int]

    init(
        name: String, title: String, terms: [String] = [], clause: String, documentation: String, fields: [RecordField]
    ) {
        let ordered = fields.sorted { $0.number < $1.number }
        self.name = name
        self.title = title
        self.terms = terms
        self.clause = clause
        self.documentation = documentation
        self.fields = ordered
        self.indexByName = Dictionary(
            ordered.indices.map { (ordered[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
        self.indexByNumber = Dictionary(
            ordered.indices.map { (ordered[$0].number, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The field called `name` in the `.proto` file, e.g. `identity_number`.
    public func field(named name: String) -> RecordField? {
        indexByName[name].map { fields[$0] }
    }

    /// The field with this number.
    public func field(number: Int) -> RecordField? {
        indexByNumber[number].map { fields[$0] }
    }
}
