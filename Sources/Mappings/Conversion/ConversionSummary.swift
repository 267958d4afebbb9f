public import Findings

/// What became of one document, in numbers and findings.
///
/// The identity that always holds: ``rowsRead`` = ``rowsConverted`` + ``rowsSetAside`` + ``rowsSkipped``.
/// A row is a CSV row below the header (blank ones included), or an XML element that an `each` of the mapping names. A
/// converted row gives one record for each entry of `gives` whose conditions it meets, at least one, and all of them or
/// none; so the number of records can be larger than the number of rows, and ``recordCount`` is the sum of ``records``.
/// When ``isRejected``, the counts tell how far it came, and none of the records may be used.
public struct ConversionSummary: Sendable {
    /// Rows of the document so far.
    public var rowsRead = 0
    /// Rows that gave all their records.
    public var rowsConverted = 0
    /// Rows that gave nothing because something in them is wrong; each has a finding of severity error.
    public var rowsSetAside = 0
    /// Rows that are not meant to give anything, by reason.
    public var skipped = SkippedRows()
    /// Records given, by record type (`Person`).
    public var records: [String: Int] = [:]
    /// Everything that was found, from decoding to control totals.
    public var findings: FindingLog
    /// How the counts of the mapping's `control` compare; filled in when the document is complete.
    public var controlTotals: [ControlTotalResult] = []
    /// The rows above the header of a CSV roster, cells joined by a tab.
    public var preamble: [String] = []
    /// Values of the mapping's `header`, normalised; sensitive values do not belong there.
    public var header: [String: String] = [:]
    /// Columns, or element and attribute paths, of the document that the mapping does not read.
    public var unmapped: [String] = []
    /// Why nothing of the document may be used, if so; it is also the last of the fatal findings.
    public var rejection: Finding?
    /// With `delivery: snapshot`, names the set of records that this document replaces; nil for other deliveries.
    public var snapshotScope: String?

    /// Rows that give no record, by reason.
    public struct SkippedRows: Sendable, Hashable {
        /// Nothing in any cell.
        public var blank = 0
        /// Totals such as 合计; their numbers can be compared in `control`.
        public var totals = 0
        /// Remarks such as 填报人 or 备注, and rows of column numbers.
        public var remarks = 0
        /// Good rows that meet the conditions of no entry of `gives`.
        public var unselected = 0

        /// Starts at zero.
        public init() {}

        /// All of them.
        public var total: Int { blank + totals + remarks + unselected }
    }

    /// Starts a summary that keeps `findingLimit` findings whole.
    public init(findingLimit: Int = Limits.findingsPerFiling) {
        findings = FindingLog(limit: findingLimit)
    }

    /// Rows that gave nothing and need not.
    public var rowsSkipped: Int { skipped.total }
    /// Records of all types.
    public var recordCount: Int { records.values.reduce(0, +) }
    /// Whether nothing of the document may be used.
    public var isRejected: Bool { rejection != nil }
    /// Whether ``rowsRead`` is the sum of what became of the rows; false would be our error.
    public var reconciles: Bool { rowsRead == rowsConverted + rowsSetAside + rowsSkipped }
}

/// One line of a mapping's `control`, after counting.
public struct ControlTotalResult: Sendable, Hashable {
    /// What was counted, in the mapping's words, e.g. `RoleAssignment where role = UNIT_CHIEF`.
    public var name: String
    /// The record type that was counted.
    public var recordType: String
    /// The number that is declared, by the mapping or by the document; nil where the document should have said it and
    /// did not.
    public var declared: Int?
    /// Whether ``declared`` is a lower bound.
    public var isAtLeast: Bool
    /// The number of records that were found.
    public var found: Int
    /// The day for which the number was declared, `YYYY-MM-DD`, where the mapping says.
    public var asOf: String?

    /// Describes a comparison.
    public init(
        name: String, recordType: String, declared: Int?, isAtLeast: Bool = false, found: Int, asOf: String? = nil
    ) {
        self.name = name
        self.recordType = recordType
        self.declared = declared
        self.isAtLeast = isAtLeast
        self.found = found
        self.asOf = asOf
    }

    /// Whether what was found is what was declared.
    public var agrees: Bool {
        guard let declared else { return false }
        return isAtLeast ? found >= declared : found == declared
    }
}
