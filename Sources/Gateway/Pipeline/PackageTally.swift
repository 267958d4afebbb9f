import Findings
import Journal
import Mappings
import SignedPackages

/// What became of the documents of a package, in sum.
struct PackageTally {
    private(set) var counts = FilingCounts()
    private(set) var findings: FindingLog
    private var mappings: [JournalMappingReference] = []
    private var encodings: [String] = []
    // With one document everybody knows which one a finding is about.
    private let namesDocuments: Bool

    /// Begins with what the verification found noteworthy.
    init(_ verdict: PackageVerdict, findingLimit: Int) {
        findings = FindingLog(limit: findingLimit)
        namesDocuments = verdict.documents.count > 1
        for finding in verdict.findings { findings.report(finding) }
    }

    /// The mapping of all documents; several are named together, in the order in which they were used.
    var mapping: JournalMappingReference? {
        guard !mappings.isEmpty else { return nil }
        return JournalMappingReference(
            id: mappings.map(\.id).joined(separator: " + "), version: mappings.map(\.version).joined(separator: " + "))
    }

    /// The encoding of all documents; nil where there is none or they differ.
    var encoding: String? { encodings.count == 1 ? encodings[0] : nil }

    /// Takes a document that was converted, or rejected while it was.
    mutating func take(_ summary: ConversionSummary, of document: PackageDocument, _ mapping: Mapping, encoding: String)
    {
        let reference = JournalMappingReference(id: mapping.id, version: mapping.version)
        if !mappings.contains(reference) { mappings.append(reference) }
        if !encodings.contains(encoding) { encodings.append(encoding) }
        let named = namesDocuments ? summary.named(document) : summary
        add(FilingCounts(named))
        findings.merge(named.findings)
    }

    /// Takes a document of certificates; one that cannot be read counts as a row set aside.
    mutating func take(_ listing: CertificateListing, of document: PackageDocument) {
        let reference = JournalMappingReference(
            id: CertificateRecords.mapping.id, version: CertificateRecords.mapping.version)
        if !mappings.contains(reference) { mappings.append(reference) }
        let (good, bad) = (listing.certificates.count, listing.faults.count)
        add(
            FilingCounts(
                rowsRead: good + bad, rowsConverted: good, rowsSetAside: bad, rowsSkipped: 0,
                recordsByType: [CertificateRecords.recordType: good]))
        for fault in listing.faults {
            guard var finding = fault.finding(decisive: true) else { continue }
            finding.severity = .error
            findings.report(finding)
        }
    }

    /// Takes the reason for which a document rejects the filing.
    mutating func reject(_ document: PackageDocument, _ finding: Finding) {
        report(finding, in: document)
    }

    /// Reports a finding about a document.
    mutating func report(_ finding: Finding, in document: PackageDocument) {
        findings.report(namesDocuments ? finding.named(document) : finding)
    }

    private mutating func add(_ other: FilingCounts) {
        counts.rowsRead += other.rowsRead
        counts.rowsConverted += other.rowsConverted
        counts.rowsSetAside += other.rowsSetAside
        counts.rowsSkipped += other.rowsSkipped
        counts.recordsByType.merge(other.recordsByType, uniquingKeysWith: +)
        counts.controlTotals += other.controlTotals
    }
}
