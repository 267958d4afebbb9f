import CanonicalRecords

/// Writes one field of a record or nested message.
struct FieldStep: Sendable {
    /// The field as people know it, `identity_number` or `position.longitude`.
    var name: String
    var number: Int
    var wire: WireForm
    /// Whether zero is written, too (a field with presence).
    var keepsZero: Bool
    var isRepeated: Bool
    /// Whether numbers must fit 32 bits.
    var is32Bit = false
    var source: StepSource
    var machine: ValueMachine
    /// Turns what the machine gave into something else; nil: it is the value.
    var lookup: LookupPlan?
    /// Written where the document has no value.
    var fallback: EncodedValue?
    var failure: FieldFailure
    var isRequired: Bool
    var masking: Masking?
}

/// How a field is encoded.
enum WireForm: Sendable, Hashable {
    case varint
    case double
    case text
    case message
}

/// Where a step's value comes from.
indirect enum StepSource: Sendable {
    /// The first of these slots that the document has.
    case slots([Int])
    /// The values of several slots (each with alternatives), joined; blank ones are passed over.
    case join([[Int]], separator: [UInt8])
    /// The pieces of a value.
    case split([Int], separators: [[UInt8]])
    case constant(EncodedValue)
    /// The id of the record that another entry gives for this row.
    case keyOf(entry: Int)
    /// The id of a record of some type, from the parts of its natural key.
    case identity(typeName: String, parts: [KeyPartPlan])
    /// The instances of a nested scope.
    case nested(Int)
    /// Messages that are written from the same scope, each left out when all its values are absent.
    case groups([[FieldStep]])
}

/// A part of the natural key of a record that is only referred to.
struct KeyPartPlan: Sendable {
    var field: String
    var source: StepSource
    var machine: ValueMachine
    var wire = WireForm.text
    var lookup: LookupPlan?
    var masking: Masking?
}

/// A table that stands between the document's value and the field's.
struct LookupPlan: Sendable {
    var table: TermIndex
    /// By the table's number; nil: deliberately nothing.
    var values: [EncodedValue?]
    /// For values that the table does not have; nil: they cannot be used.
    var otherwise: Otherwise?
    /// The table's name, nil for one that is written in the mapping.
    var name: String?

    enum Otherwise: Sendable {
        case value(EncodedValue?)
    }
}

/// What a value that cannot be used means.
enum FieldFailure: Sendable, Hashable {
    /// The field stays empty.
    case leaveOut
    /// The row is set aside.
    case row
    /// The filing is rejected.
    case filing
}
