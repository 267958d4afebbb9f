public import Findings
public import FoundationEssentials

/// Something that happened to a filing.
public struct FilingEvent: Sendable, Hashable {
    /// When.
    public var at: Date
    /// What.
    public var kind: FilingEventKind
    /// Anything to add, without personal data.
    public var detail: String

    /// Notes an event.
    public init(at: Date, kind: FilingEventKind, detail: String = "") {
        self.at = at
        self.kind = kind
        self.detail = detail
    }
}

/// A stable word for a kind of event. Other words may be used; these are common.
public struct FilingEventKind: Sendable, Hashable, RawRepresentable {
    /// The word.
    public var rawValue: String

    /// Names a kind.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The bytes were claimed. Noted by the journal for each arrival.
    public static let claimed = FilingEventKind(rawValue: "claimed")
    /// Its signatures were looked at; the detail is the outcome and who signed.
    public static let verified = FilingEventKind(rawValue: "verified")
    /// The mapping was through with it.
    public static let converted = FilingEventKind(rawValue: "converted")
    /// It was committed; the detail is the outcome. Noted by the journal.
    public static let journaled = FilingEventKind(rawValue: "journaled")
    /// The same bytes arrived again. Noted by the journal.
    public static let duplicate = FilingEventKind(rawValue: "duplicate")
    /// It was committed again after a rejection; the detail is the outcome. Noted by the journal.
    public static let retried = FilingEventKind(rawValue: "retried")
    /// A receipt was written. Noted by the journal.
    public static let receipt = FilingEventKind(rawValue: "receipt")
    /// A route has passed its last record; the detail is the route. Noted by the journal.
    public static let delivered = FilingEventKind(rawValue: "delivered")
    /// Someone approved what its snapshot deletes. Noted by the journal.
    public static let approved = FilingEventKind(rawValue: "approved")
    /// Its records were pruned. Noted by the journal.
    public static let pruned = FilingEventKind(rawValue: "pruned")
}

/// A receipt that has to be written.
public struct ReceiptDue: Sendable, Hashable {
    /// What to hand to ``Journal/markReceiptsWritten(_:at:)`` afterwards.
    public var number: ReceiptNumber
    /// The filing.
    public var filing: FilingSummary
    /// The name of the arrival that is answered, which for a duplicate can differ from the filing's.
    public var name: [UInt8]
    /// When that arrival was claimed.
    public var receivedAt: Date
    /// The claim that was committed with it.
    public var claim: String?
    /// Whether the receipt is marked duplicate.
    public var isDuplicate: Bool
}

/// The findings of a filing: the first ones whole, all of them counted.
public struct JournaledFindings: Sendable, Hashable {
    /// The findings that were kept, in the order in which they were reported.
    public var findings: [Finding]
    /// How many there were of each code, kept or not.
    public var counts: [String: Int]

    /// What the journal gives of a filing that was journaled with this log.
    public init(_ log: FindingLog) {
        self.init(findings: log.findings, counts: log.counts)
    }

    init(findings: [Finding], counts: [String: Int]) {
        self.findings = findings
        self.counts = counts
    }

    /// How many were counted but not kept.
    public var dropped: Int { counts.values.reduce(0, +) - findings.count }
}
