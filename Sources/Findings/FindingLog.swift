/// The findings of one filing: the first ones whole, all of them counted.
///
/// A roster with a million bad cells must not need memory for a million messages, and must not hide how many there were.
public struct FindingLog: Sendable {
    /// The findings that are kept, in the order in which they were reported.
    public private(set) var findings: [Finding] = []
    /// How many findings of each code there were, kept or not.
    public var counts: [String: Int] { Dictionary(uniqueKeysWithValues: codes) }
    /// How many findings of each severity there were, kept or not.
    public var severities: [Severity: Int] {
        Dictionary(uniqueKeysWithValues: zip(Severity.allCases, gravities)).filter { $0.value > 0 }
    }
    /// How many findings are kept at most, besides fatal ones: a filing that is rejected has one that says why.
    public let limit: Int

    // A filing has findings of a few codes at most, and may have millions: going over those is quicker than hashing.
    private var codes: [(code: String, number: Int)] = []
    // By the place of the severity among all of them.
    private var gravities = [Int](repeating: 0, count: Severity.allCases.count)

    /// Creates an empty log that keeps `limit` findings.
    public init(limit: Int = Limits.findingsPerFiling) {
        self.limit = limit
    }

    /// Takes up a log that was kept elsewhere: the findings that were kept, and how many there were of each code and
    /// severity.
    public init(findings: [Finding], counts: [String: Int], severities: [Severity: Int]) {
        limit = findings.count
        self.findings = findings
        for (code, number) in counts { count(code, number) }
        for (severity, number) in severities { gravities[severity.rank] += number }
    }

    /// How many findings were reported.
    public var total: Int { gravities.reduce(0, +) }

    /// How many findings were counted but not kept.
    public var dropped: Int { total - findings.count }

    /// The gravest severity that was reported.
    public var gravest: Severity? { gravities.lastIndex { $0 > 0 }.map { Severity.allCases[$0] } }

    /// Takes a finding; past the limit it is only counted, unless it is fatal.
    public mutating func report(_ finding: Finding) {
        count(code: finding.code, severity: finding.severity)
        if isKeeping || finding.severity == .fatal {
            findings.append(finding)
        }
    }

    /// Whether the next finding is kept whole.
    public var isKeeping: Bool { findings.count < limit }

    /// Counts a finding that is not kept, so that a flood costs counting alone.
    public mutating func count(_ kind: FindingKind, severity: Severity? = nil) {
        count(code: kind.code, severity: severity ?? kind.severity)
    }

    /// Adds what another log holds, as if it had been reported here.
    public mutating func merge(_ other: FindingLog) {
        for (code, number) in other.codes { count(code, number) }
        for (rank, number) in other.gravities.enumerated() { gravities[rank] += number }
        for finding in other.findings where isKeeping || finding.severity == .fatal { findings.append(finding) }
    }

    private mutating func count(code: String, severity: Severity) {
        count(code, 1)
        gravities[severity.rank] += 1
    }

    private mutating func count(_ code: String, _ number: Int) {
        for index in codes.indices where codes[index].code == code {
            codes[index].number += number
            return
        }
        codes.append((code, number))
    }
}
