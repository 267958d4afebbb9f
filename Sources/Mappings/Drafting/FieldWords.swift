import CSVRosters
import CanonicalRecords

/// A field that a column can be for: one of a record, or of a structure within it.
struct FieldTarget: Sendable {
    /// `place_text`, or `position.longitude`.
    var path: String
    var field: RecordField
    /// What converts its values, and judges those of a sample.
    let machine: ValueMachine
    /// Its own name and title.
    let names: Set<String>
    /// What else it is called.
    let terms: Set<String>
    /// The words among them that other words can end in.
    let endings: [String]

    var kind: ValueKind { machine.kind }

    init(
        path: String, field: RecordField, machine: ValueMachine = ValueMachine(.name), names: Set<String> = [],
        terms: Set<String> = []
    ) {
        self.path = path
        self.field = field
        self.machine = machine
        self.names = names
        self.terms = terms
        endings = names.union(terms).filter { $0.count >= 2 && !$0.utf8.allSatisfy { $0 < 0x80 } }.sorted()
    }
}

/// How well a column's name says that it is for a field.
enum NameMatch: Int, Comparable, Sendable {
    /// It does not.
    case none
    /// It ends in a word for the field: 监护人电话 in 电话. What stands before may change the meaning.
    case ending
    /// The last of its parts is a word for the field, but what is around it says something of its own.
    case inner
    /// The last of its parts is a word for the field.
    case last
    /// Another word for the field.
    case term
    /// The field's own name or title.
    case name

    static func < (left: NameMatch, right: NameMatch) -> Bool { left.rawValue < right.rawValue }
}

/// The dictionary of all record types: which words mean which fields. It is made from the schema alone.
struct FieldWords: Sendable {
    /// The fields of each record type that columns can be for, by the name of the type.
    let targets: [String: [FieldTarget]]
    /// The same for structures of which a record has several, by the name of the message.
    let lists: [String: [FieldTarget]]
    /// All words of all fields, and of levels of places.
    let all: Set<String>
    /// Names and titles of fields, but those that somebody may be: 联系人.
    private let titles: Set<String>
    /// What levels of places are called, with how far down they are: 街道 20, 社区 30, 网格 40.
    let placeLevels: [String: Int]
    // Words for values: 男, 群众, 楼长. A row that has some is no header.
    private let valueWords: Set<String>

    /// The words of the schema of this build, made once.
    static let canonical = FieldWords(.canonical)

    private init(_ schema: RecordSchema) {
        var machines: [String: ValueMachine] = [:]
        var targets: [String: [FieldTarget]] = [:]
        var lists: [String: [FieldTarget]] = [:]
        var all: Set<String> = []
        for type in schema.recordTypes {
            let list = Self.targets(of: type.shape, machines: &machines)
            targets[type.name] = list
            for target in list { all.formUnion(target.names.union(target.terms)) }
            for field in type.shape.fields where field.isRepeated {
                guard case .message(let shape) = field.shape else { continue }
                lists[shape.name] = Self.targets(of: shape, machines: &machines)
            }
        }
        var levels: [String: Int] = [:]
        for value in schema.enumeration(named: "PlaceType")?.values ?? [] where (10...70).contains(value.number) {
            for term in value.terms where term.count > 1 { levels[Self.normalised(term)] = value.number }
        }
        // Two levels that stand for each other in the names of columns.
        levels["村居"] = levels["社区"]
        self.targets = targets
        self.lists = lists
        titles = Set(
            targets.values.joined().flatMap { target in
                target.names.filter { target.kind != .personName || $0.hasSuffix("姓名") }
            })
        self.placeLevels = levels
        self.all = all.union(levels.keys)
        valueWords = Set(schema.enumerations.flatMap { $0.values.flatMap(\.terms) }.map(Self.normalised))
            .subtracting(self.all)
    }

    /// Whether a cell says what a column is called.
    func isKnown(_ cell: String) -> Bool {
        Self.name(ofColumn: cell).whole.contains { all.contains($0) }
    }

    /// Whether a cell says it by the name or title of a field.
    func isTitle(_ cell: String) -> Bool {
        Self.name(ofColumn: cell).whole.contains { titles.contains($0) }
    }

    /// Whether a cell holds a value of a list: it is below a header.
    func isValue(_ cell: String) -> Bool {
        valueWords.contains(Self.normalised(cell))
    }

    private static func targets(
        of shape: MessageShape, prefix: String = "", machines: inout [String: ValueMachine]
    ) -> [FieldTarget] {
        var targets: [FieldTarget] = []
        for field in shape.fields {
            if case .message(let inner) = field.shape {
                guard !field.isRepeated, prefix.isEmpty else { continue }
                targets += Self.targets(of: inner, prefix: field.name + ".", machines: &machines)
                continue
            }
            guard let kind = MappingCompiler.valueKind(of: field), MappingCompiler.wire(of: field) != nil else {
                continue
            }
            // A reference without a key of its own in the document: its name has a field beside it, as a rule.
            let beside = ["_name", "_text"].contains { shape.field(named: field.name + $0) != nil }
            if field.kind == .reference, beside { continue }
            var names: Set = [normalised(field.name), normalised(field.title)]
            for suffix in ["_name", "_text"] where field.name.hasSuffix(suffix) {
                let reference = shape.field(named: String(field.name.dropLast(suffix.count)))
                if let reference, reference.kind == .reference {
                    names.formUnion([normalised(reference.name), normalised(reference.title)])
                }
            }
            targets.append(
                FieldTarget(
                    path: prefix + field.name, field: field, machine: machine(kind, field, &machines), names: names,
                    terms: Set(field.terms.map(normalised))))
        }
        return targets
    }

    // One for each kind, and for each list.
    private static func machine(
        _ kind: ValueKind, _ field: RecordField, _ machines: inout [String: ValueMachine]
    ) -> ValueMachine {
        guard case .enumeration(let list) = field.shape, kind == .enumeration else {
            let machine = machines["\(kind)"] ?? ValueMachine(kind)
            machines["\(kind)"] = machine
            return machine
        }
        let machine = machines["list \(list.name)"] ?? ValueMachine(kind, terms: MappingCompiler.terms(of: list))
        machines["list \(list.name)"] = machine
        return machine
    }

    /// How well a name is one of a field's.
    static func match(_ name: SampleName, _ target: FieldTarget) -> NameMatch {
        if name.whole.contains(where: target.names.contains) { return .name }
        if name.whole.contains(where: target.terms.contains) { return .term }
        if name.last.contains(where: { target.names.contains($0) || target.terms.contains($0) }) { return .last }
        if name.inner.contains(where: { target.names.contains($0) || target.terms.contains($0) }) { return .inner }
        let ends = name.whole.contains { whole in target.endings.contains { whole.hasSuffix($0) } }
        return ends ? .ending : .none
    }

    /// The spellings of a column's name: without what stands in brackets behind it, and of a joined name the lower part.
    static func name(ofColumn column: String) -> SampleName {
        var whole: [String] = []
        for word in [normalised(column), normalised(withoutBrackets(column))] where !whole.contains(word) {
            whole.append(word)
        }
        guard let slash = column.lastIndex(of: "/") else { return SampleName(whole: whole, last: []) }
        let lower = String(column[column.index(after: slash)...])
        whole.append(normalised(column.replacing("/", with: "")))
        return SampleName(whole: whole, last: [normalised(lower), normalised(withoutBrackets(lower))])
    }

    private static func withoutBrackets(_ name: String) -> String {
        let name = HeaderName.normalised(name)
        guard let open = name.firstIndex(where: { "(（[【".contains($0) }), open != name.startIndex else { return name }
        return String(name[..<open])
    }

    /// A word as it is compared: half width, without blanks, `receivedAt` and `received-at` as `received_at`.
    static func normalised(_ word: String) -> String {
        var result = ""
        var wasLower = false
        for character in HeaderName.normalised(word) {
            if "*:：".contains(character) { continue }
            let isUpper = character.isASCII && character.isUppercase
            if isUpper, wasLower { result.append("_") }
            wasLower = character.isASCII && (character.isLowercase || character.isNumber)
            result += character == "-" ? "_" : character.lowercased()
        }
        return result
    }
}
