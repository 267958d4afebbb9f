/// What became of one filing of a commit.
public enum CommitOutcome: Sendable, Hashable {
    /// It was written; a receipt is due. Also said of a rejected filing, which has no records.
    case journaled(FilingSummary, receipt: ReceiptNumber)
    /// The same bytes were accepted from the same source before; only this arrival was noted. A receipt marked duplicate
    /// is due.
    case duplicate(of: FilingSummary, receipt: ReceiptNumber)
    /// This very claim was committed before; nothing was written. Finish what was interrupted; the receipt is due unless it
    /// has been marked as written, which `receipt` tells by being `nil`.
    case repeated(FilingSummary, receipt: ReceiptNumber?)
    /// The snapshot would delete more than its guard allows; nothing was written and a staging is gone. Commit it again
    /// when it has been approved, or as rejected.
    case held(wouldDelete: Int, of: Int)
    /// Another filing changed the scope since the staging began; nothing was written and the staging is gone. Stage again.
    case overtaken

    /// The filing as the journal has it, where it does.
    public var summary: FilingSummary? {
        switch self {
        case .journaled(let summary, _), .duplicate(let summary, _), .repeated(let summary, _): summary
        case .held, .overtaken: nil
        }
    }
}

/// Names one receipt that the journal wants written; see ``Journal/receiptsDue(limit:)``.
public struct ReceiptNumber: Sendable, Hashable, Comparable, RawRepresentable {
    /// The number; later arrivals have higher ones.
    public var rawValue: Int64

    /// Names a receipt.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// In the order of arrivals.
    public static func < (left: ReceiptNumber, right: ReceiptNumber) -> Bool {
        left.rawValue < right.rawValue
    }
}
