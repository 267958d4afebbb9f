/// How a filing ended, as far as its own content decides. That it is a duplicate is for the journal to say.
public enum FilingOutcome: String, Sendable, Hashable, CaseIterable {
    /// Everything was converted and nothing was found.
    case accepted = "accepted"
    /// What was good was converted; there are findings.
    case acceptedWithFindings = "accepted-with-findings"
    /// Nothing was journaled but the fact; the bytes are in quarantine.
    case rejected = "rejected"
}

/// The mapping that converted a filing.
public struct MappingReference: Sendable, Hashable {
    /// Its id, e.g. `yutai.liangzhang-roster`.
    public var id: String
    /// The version of its text and code tables.
    public var version: String

    /// Names a mapping.
    public init(id: String, version: String) {
        self.id = id
        self.version = version
    }
}

/// How many rows and records a filing had, by what became of them.
public struct FilingCounts: Sendable, Hashable {
    /// Data rows or record elements that were read.
    public var rowsRead: Int
    /// Rows that became records (one row can give several).
    public var rowsConverted: Int
    /// Rows that were set aside because of an error finding.
    public var rowsSetAside: Int
    /// Rows that are no data by the mapping's own rules: totals, blanks, remarks.
    public var rowsSkipped: Int
    /// Records by the name of their type, before unchanged ones are left out.
    public var recordsByType: [String: Int]
    /// What the control totals came to.
    public var controlTotals: [ControlTotalResult]

    /// States the counts.
    public init(
        rowsRead: Int = 0,
        rowsConverted: Int = 0,
        rowsSetAside: Int = 0,
        rowsSkipped: Int = 0,
        recordsByType: [String: Int] = [:],
        controlTotals: [ControlTotalResult] = []
    ) {
        self.rowsRead = rowsRead
        self.rowsConverted = rowsConverted
        self.rowsSetAside = rowsSetAside
        self.rowsSkipped = rowsSkipped
        self.recordsByType = recordsByType
        self.controlTotals = controlTotals
    }

    /// All records that were made of the rows.
    public var records: Int { recordsByType.values.reduce(0, +) }

    /// Whether every row that was read is accounted for: read = converted + set aside + skipped.
    public var rowsReconcile: Bool { rowsRead == rowsConverted + rowsSetAside + rowsSkipped }
}

/// One control total of a mapping, held against a filing.
public struct ControlTotalResult: Sendable, Hashable {
    /// What is counted, in the mapping's words, e.g. `RoleAssignment where role = UNIT_CHIEF`.
    public var statement: String
    /// The number that is stated; nil where the document should have said it and did not.
    public var expected: Int64?
    /// The number that was found.
    public var actual: Int64
    /// Whether the stated number is exact, or a lower bound (余, 多).
    public var isExact: Bool

    /// States a result.
    public init(statement: String, expected: Int64?, actual: Int64, isExact: Bool = true) {
        self.statement = statement
        self.expected = expected
        self.actual = actual
        self.isExact = isExact
    }

    /// Whether the number that was found agrees with the one that is stated.
    public var holds: Bool {
        guard let expected else { return false }
        return isExact ? actual == expected : actual >= expected
    }
}
