/// A schema laid out for walking over bytes: flat tables, looked up by number, without text or reference counts.
final class WirePlan: Sendable {
    /// The plan of the schema of this build.
    static let canonical = WirePlan(RecordSchema.canonical)

    /// The index of the envelope among the messages.
    let record: Int
    /// For each message, where its fields start in `fields`; they stand there by their numbers, from 0 on.
    private let firstFields: [Int]
    private let fields: [WirePlanField]
    // For each enum, where its values start in `valueNames`; they stand there by their numbers, from 0 on.
    private let firstValues: [Int]
    private let valueNames: [Range<Int>]
    // The JSON of names: `,"name":` of fields, `"NAME"` of values.
    private let text: [UInt8]

    init(_ schema: RecordSchema) {
        var builder = WirePlanBuilder(schema)
        for shape in schema.shapes { builder.add(shape) }
        for enumeration in schema.enumerations { builder.add(enumeration) }
        record = builder.index(ofMessage: schema.record.name)
        firstFields = builder.firstFields + [builder.fields.count]
        fields = builder.fields
        firstValues = builder.firstValues + [builder.valueNames.count]
        valueNames = builder.valueNames
        text = builder.text
    }

    /// How many places `fieldIndex` can name.
    var fieldCount: Int { fields.count }

    /// How many messages there are; they are numbered from 0 on.
    var messageCount: Int { firstFields.count - 1 }

    /// The places of a message's fields, with gaps among them.
    func places(of message: Int) -> Range<Int> { firstFields[message]..<firstFields[message + 1] }

    /// Where the field stands among all fields; nil when the message has no such field, or none of that wire type.
    @inline(__always)
    func fieldIndex(of field: WireField, in message: Int) -> Int? {
        let index = firstFields[message] &+ field.number
        guard index < firstFields[message &+ 1], fields[index].accepts(field.wireType) else { return nil }
        return index
    }

    /// The field at an index.
    @inline(__always)
    subscript(index: Int) -> WirePlanField { fields[index] }

    /// The JSON name of an enum value; nil for numbers that are no value.
    @inline(__always)
    func valueName(_ number: Int32, of enumeration: Int) -> Range<Int>? {
        let first = firstValues[enumeration]
        guard number >= 0, Int(number) < firstValues[enumeration &+ 1] &- first else { return nil }
        let name = valueNames[first &+ Int(number)]
        return name.isEmpty ? nil : name
    }

    /// Appends the JSON of a name.
    @inline(__always)
    func appendText(_ range: Range<Int>, to out: inout RecordBuffer) {
        let text = text
        out.append(text.span.extracting(range))
    }

    /// The index of the field that is called so, e.g. `("Person", "mobile")`.
    func fieldIndex(of field: RecordField, in shape: MessageShape, schema: RecordSchema) -> Int? {
        schema.shapes.firstIndex { $0 === shape }.map { firstFields[$0] + field.number }
    }
}

/// What walking over bytes needs to know of a field.
struct WirePlanField: Sendable {
    /// How a value is encoded; `absent` fills the gaps between field numbers.
    enum Form: UInt8, Sendable {
        case absent, string, bytes, bool, int32, int64, uint64, double, enumeration, message, map
    }

    var form = Form.absent
    var isRepeated = false
    var hasPresence = false
    var isInOneof = false
    var masking: Masking?
    /// The index of the message or enum, for fields that have one.
    var child = 0
    /// `,"name":` in the text of the plan.
    var key = 0..<0

    /// Whether several fields on the wire make one value in JSON.
    @inline(__always)
    var isGathered: Bool { isRepeated || form == .map }

    /// Whether the wire type is one that the field is written with; others are unknown fields.
    @inline(__always)
    func accepts(_ wireType: WireType) -> Bool {
        switch form {
        case .absent: false
        case .string, .bytes, .message, .map: wireType == .lengthDelimited
        case .double: wireType == .fixed64 || (isRepeated && wireType == .lengthDelimited)
        case .bool, .int32, .int64, .uint64, .enumeration:
            wireType == .varint || (isRepeated && wireType == .lengthDelimited)
        }
    }

    /// Whether a value of this field stands alone on the wire, rather than in a packed list.
    @inline(__always)
    func isPacked(_ field: WireField) -> Bool {
        switch form {
        case .bool, .int32, .int64, .uint64, .enumeration, .double: field.wireType == .lengthDelimited
        default: false
        }
    }

    /// Whether JSON leaves the value out because it says nothing.
    @inline(__always)
    func isDefault(_ field: WireField) -> Bool {
        guard !hasPresence else { return false }
        return switch form {
        case .string, .bytes: field.payload.isEmpty
        case .int32, .enumeration: UInt32(truncatingIfNeeded: field.value) == 0
        case .bool, .int64, .uint64, .double: field.value == 0
        case .absent, .message, .map: false
        }
    }
}

/// Fills the tables of a plan.
private struct WirePlanBuilder {
    let schema: RecordSchema
    var firstFields: [Int] = []
    var fields: [WirePlanField] = []
    var firstValues: [Int] = []
    var valueNames: [Range<Int>] = []
    var text: [UInt8] = []

    init(_ schema: RecordSchema) {
        self.schema = schema
    }

    func index(ofMessage name: String) -> Int {
        guard let index = schema.shapes.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("A schema lists every message that its fields hold; \(name) is missing")
        }
        return index
    }

    mutating func add(_ shape: MessageShape) {
        firstFields.append(fields.count)
        var table = [WirePlanField](repeating: WirePlanField(), count: (shape.fields.last?.number ?? 0) + 1)
        for field in shape.fields { table[field.number] = planField(field) }
        fields += table
    }

    mutating func add(_ enumeration: Enumeration) {
        firstValues.append(valueNames.count)
        let highest = enumeration.values.map(\.number).max() ?? 0
        var names = [Range<Int>](repeating: 0..<0, count: highest + 1)
        for value in enumeration.values where value.number >= 0 { names[value.number] = keep("\"\(value.name)\"") }
        valueNames += names
    }

    private mutating func planField(_ field: RecordField) -> WirePlanField {
        var plan = WirePlanField()
        plan.isRepeated = field.isRepeated
        plan.hasPresence = field.hasPresence
        plan.isInOneof = field.oneof != nil
        plan.masking = field.masking
        plan.key = keep(",\"\(field.jsonName)\":")
        switch field.shape {
        case .string: plan.form = .string
        case .bytes: plan.form = .bytes
        case .bool: plan.form = .bool
        case .int32: plan.form = .int32
        case .int64: plan.form = .int64
        case .uint64: plan.form = .uint64
        case .double: plan.form = .double
        case .map: plan.form = .map
        case .message(let shape):
            plan.form = .message
            plan.child = index(ofMessage: shape.name)
        case .enumeration(let enumeration):
            plan.form = .enumeration
            plan.child = schema.enumerations.firstIndex { $0.name == enumeration.name } ?? 0
        }
        return plan
    }

    private mutating func keep(_ name: String) -> Range<Int> {
        let start = text.count
        text.append(contentsOf: name.utf8)
        return start..<text.count
    }
}
