import CSVRosters
import TextEncodings

/// A compiled mapping: what to read into which slot, and which steps write which bytes.
///
/// A *slot* is a place for the raw values of one column or path. A *scope* is an element (or the row) whose slots are
/// filled anew each time it begins; scope 0 is the document itself, with the values of its head.
struct MappingProgram: Sendable {
    var id = ""
    var title = ""
    var file = ""
    var format = DocumentFormat.csv
    var delivery = Delivery.event
    var onError = FailurePolicy.record
    var reads = ReadPlan()
    var scopes: [ScopePlan] = [ScopePlan(path: [])]
    var slots: [SlotPlan] = []
    /// In the order in which they run; an entry comes behind those whose ids it needs.
    var entries: [EntryPlan] = []
    var nested: [NestedPlan] = []
    var headers: [HeaderPlan] = []
    var controls: [ControlPlan] = []
    var areaCode: [UInt8]?
    var effective: EffectivePlan?
    /// The header value that names the scope of a snapshot.
    var snapshotScope: Int?
}

/// How the document is read before anything is mapped.
struct ReadPlan: Sendable {
    /// nil: as the survey found.
    var encoding: TextEncoding?
    // CSV
    /// The columns that the header must have, each under any of its names.
    var header: [[String]] = []
    var delimiter: CSVDelimiter?
    var totals: [String] = []
    var skip: [String] = []
    // XML
    var root: ElementName?

    /// The encoding that a document is read in: the one that is named, but UTF-16 in the order that the document has.
    func encoding(found: TextEncoding) -> TextEncoding {
        guard let encoding else { return found }
        let orders: [TextEncoding] = [.utf16LittleEndian, .utf16BigEndian]
        return orders.contains(encoding) && orders.contains(found) ? found : encoding
    }
}

/// An element or attribute name, with its prefix resolved.
struct ElementName: Sendable, Hashable {
    var namespace: String
    var local: String

    /// The name for people: `<local>`, and behind it the namespace where there is one, as in `<local> {urn:x}`.
    var displayed: String { namespace.isEmpty ? "<\(local)>" : "<\(local)> {\(namespace)}" }
}

/// A scope; see ``MappingProgram``.
struct ScopePlan: Sendable {
    /// From the root element (exclusive) to the scope's element; empty for the root itself.
    var path: [ElementName]
    /// Entries that a row of this scope gives, in running order.
    var entries: [Int] = []
    /// Nested messages that an instance of this scope gives to the record around it.
    var nested: [Int] = []

    /// Whether an instance of the scope is a row.
    var isRow: Bool { !entries.isEmpty }
}

/// What one slot holds.
struct SlotPlan: Sendable, Hashable {
    var scope: Int
    var source: SlotSource
    /// As the mapping writes it: a column's name or a path.
    var name: String
}

/// Where a slot's values come from.
enum SlotSource: Sendable, Hashable {
    case column(String)
    /// A column whose blank cells repeat the last value above.
    case filledColumn(String)
    /// Text behind a label in the rows above the header.
    case preamble(label: String)
    /// The text of the element at the path, which begins at the root element (exclusive).
    case text([ElementName])
    /// An attribute of the element at the path.
    case attribute([ElementName], ElementName)

    /// The label that its value stands behind, in the rows above the header.
    var label: String? {
        if case .preamble(let label) = self { label } else { nil }
    }
}

/// One entry of `gives`.
struct EntryPlan: Sendable {
    var name: String
    var typeName: String
    var bodyNumber: Int
    var scope: Int
    var conditions: [ConditionPlan] = []
    var deleteConditions: [ConditionPlan] = []
    var steps: [FieldStep] = []
    /// Indices into ``steps``; empty: every record is new.
    var key: [Int] = []
    var extensions: ExtensionPlan = .none
    var effective: EffectivePlan?
    var crossCheck: CrossCheckPlan?
}

/// A repeated message within a record, one per element.
struct NestedPlan: Sendable {
    var scope: Int
    /// The scope of the message around it; its instances collect those of this one.
    var parent: Int
    var steps: [FieldStep]
    /// The field as people know it: `events`.
    var name: String
}

/// What goes into the extension map.
enum ExtensionPlan: Sendable {
    case none
    /// Slots with the names under which they are kept.
    case slots([ExtensionSlot])
    /// Every column that no field reads.
    case rest
}

/// A column or path that is kept under a name.
struct ExtensionSlot: Sendable, Hashable {
    var name: String
    var slot: Int
}

/// A value of the document's head.
struct HeaderPlan: Sendable {
    var name: String
    var slot: Int
    var machine: ValueMachine
}

/// From when records hold.
enum EffectivePlan: Sendable {
    case constant([UInt8])
    case slots([Int], ValueMachine)
}

/// The steps whose values are held against the identity number.
struct CrossCheckPlan: Sendable {
    var identityNumber: Int
    var birthDate: Int?
    var sex: Int?
}

/// One line of `control`.
struct ControlPlan: Sendable {
    enum Declared: Sendable {
        case constant(Int)
        case header(Int)
        /// The first number of the totals row, or the number in one of its columns.
        case totals(column: String?)
    }

    var name: String
    var typeName: String
    /// The entries that are counted.
    var entries: [Int]
    /// By entry: step and the payload that its value must have.
    var conditions: [[ControlCondition]]
    var declared: Declared
    var isAtLeast: Bool
    var asOf = Day.none

    enum Day: Sendable {
        case none
        case constant(String)
        case header(Int)
    }
}

/// A step's value must be one of these payloads.
struct ControlCondition: Sendable {
    var step: Int
    var payloads: [[UInt8]]
}
