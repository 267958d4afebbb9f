import CanonicalRecords
import Findings

/// Something to say about a row: all that is needed to make a finding of it, once the document's own offsets and the
/// number of findings so far are known.
struct RowProblem: Sendable {
    enum Role: UInt8, Sendable {
        case tells
        /// Tells nothing: the row gives no records.
        case setsAside
        /// The filing is not to be used because of this row.
        case rejectsFiling
    }

    var kind: FindingKind
    /// nil: the kind's own.
    var severity: Severity?
    /// The row, as an event of its block.
    var event: Int
    var role = Role.tells
    /// The value, or -1 for the row as a whole.
    var value = -1
    /// The slot that the value stands in, whose name is the field's; -1 for none.
    var slot = -1
    /// The value where it is made of several.
    var text: String?
    /// The field of the record, where no slot is named.
    var field: String?
    var masking: Masking?
    var isMasked: Bool { masking != nil }
    /// What the message needs besides the field.
    var arguments: [String] = []
}
