/// What a file beside the journal is called, and holds.
enum SegmentName: Sendable, Hashable {
    /// The chunks of the batch.
    case chunks(Int64)
    /// The leaves of a scope, as the batch has left them.
    case leaves(Int64)

    private static let leavesSuffix = ".keys"

    /// The name of the file.
    var text: String {
        switch self {
        case .chunks(let batch): "\(batch)"
        case .leaves(let batch): "\(batch)\(Self.leavesSuffix)"
        }
    }

    /// What a file is; `nil` when it is none of ours.
    init?(_ text: String) {
        let isLeaves = text.hasSuffix(Self.leavesSuffix)
        let digits = isLeaves ? text.dropLast(Self.leavesSuffix.count) : text[...]
        guard let batch = Int64(digits), batch >= 0 else { return nil }
        self = isLeaves ? .leaves(batch) : .chunks(batch)
    }
}
