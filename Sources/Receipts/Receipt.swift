public import Findings

/// What is told to the source of a filing: what arrived, what became of it, and what to do next.
///
/// A receipt holds no personal data but masked. It is the same for the same filing and settings; a filing that comes again
/// gets the receipt of the first time, marked as a duplicate.
public struct Receipt: Sendable, Hashable {
    /// How far the filing came. Each step includes those before.
    public enum Stage: String, Sendable, Hashable, CaseIterable, Comparable {
        /// It arrived whole and has an identity.
        case transport = "R0"
        /// Its signature was looked at.
        case signature = "R1"
        /// Its structure was read: encoding, format, mapping.
        case structure = "R2"
        /// Its content was judged, record by record.
        case business = "R3"

        /// Stages are ordered by how far a filing came.
        public static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
    }

    /// What became of the filing.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// All of it was taken, with nothing to say.
        case accepted
        /// It was taken; some of it was set aside, or is worth a remark.
        case acceptedWithFindings = "accepted-with-findings"
        /// None of it was taken.
        case rejected
    }

    /// The SHA-256 of all its bytes, 64 lower-case hexadecimal digits.
    public var filing: String
    /// The source that filed it.
    public var source: String
    /// Its name, shown safely.
    public var fileName: String
    /// The bytes of its name in hexadecimal, when they are not UTF-8.
    public var fileNameBytes: String?
    /// Its size in bytes.
    public var size: Int
    /// When it was received for the first time: a date-time of RFC 3339 such as `2026-11-21T08:00:00+08:00`.
    public var receivedAt: String
    /// What became of it.
    public var outcome: Outcome
    /// How far it came.
    public var reached: Stage
    /// Says that this receipt answers the same bytes filed again; everything else is what the first receipt said.
    public var duplicate: Duplicate?
    /// What its signature showed.
    public var signature: Signature
    /// Who signed it, and what was found wrong with it, signature by signature.
    public var signers: [Signer] = []
    /// The mapping that read it, when one was found.
    public var mapping: MappingReference?
    /// The encoding in which it was read, e.g. `GB18030`.
    public var encoding: String?
    /// How many rows and records.
    public var counts: Counts
    /// The control totals and whether they agree, in the order of the mapping.
    public var controlTotals: [ControlTotal]
    /// How many findings of each code, in the order of codes.
    public var findingCounts: [FindingCount]
    /// The first findings; all that were kept are in the table beside the receipt.
    public var findings: [Finding]

    /// How many findings a receipt shows at most.
    public static let findingsShown = 100

    /// Fills in a receipt. `findings` are cut to ``findingsShown``.
    public init(
        filing: String, source: String, fileName: String, fileNameBytes: String? = nil, size: Int, receivedAt: String,
        outcome: Outcome, reached: Stage, duplicate: Duplicate? = nil, signature: Signature = .notSigned,
        mapping: MappingReference? = nil, encoding: String? = nil, counts: Counts = Counts(),
        controlTotals: [ControlTotal] = [], findingCounts: [FindingCount] = [], findings: [Finding] = []
    ) {
        self.filing = filing
        self.source = source
        self.fileName = fileName
        self.fileNameBytes = fileNameBytes
        self.size = size
        self.receivedAt = receivedAt
        self.outcome = outcome
        self.reached = reached
        self.duplicate = duplicate
        self.signature = signature
        self.mapping = mapping
        self.encoding = encoding
        self.counts = counts
        self.controlTotals = controlTotals
        self.findingCounts = findingCounts
        self.findings = Array(findings.prefix(Self.findingsShown))
    }

    /// Takes the counts and the first findings of a log.
    public mutating func take(_ log: FindingLog) {
        findings = Array(log.findings.prefix(Self.findingsShown))
        findingCounts = FindingCount.counts(of: log)
    }

    /// All findings, shown or not.
    public var findingTotal: Int { findingCounts.reduce(0) { $0 + $1.number } }

    /// The same receipt for the same bytes filed again.
    ///
    /// - Parameters:
    ///   - receivedAt: When they came this time, a date-time of RFC 3339.
    ///   - fileName: Their name this time, shown safely.
    public func markedDuplicate(receivedAt: String, fileName: String) -> Receipt {
        var copy = self
        copy.duplicate = Duplicate(receivedAt: receivedAt, fileName: fileName)
        return copy
    }
}
