import Findings
import Foundation
import Inbound
import Journal
import Logging
import Mappings
import SignedPackages
import TextEncodings

/// A claimed filing that has been converted, or found not to be convertible, and waits for its commit.
struct PreparedFiling: Sendable {
    var claim: ClaimedFiling
    var inspection: FilingInspection
    var filing: JournaledFiling
    /// What was decided about its signatures, where it is a package.
    var verdict: PackageVerdict?

    /// Bytes of its records that lie in memory; those that are staged do not.
    var recordBytes: Int {
        ([filing.records] + filing.furtherParts.map(\.records)).reduce(0) { sum, records in
            guard case .chunks(let chunks) = records else { return sum }
            return chunks.reduce(sum) { $0 + $1.bytes.count }
        }
    }

    /// About how many bytes of it lie in memory: records and findings.
    var size: Int { recordBytes + filing.findings.findings.count * Self.findingSize }

    // With its messages in two languages.
    private static let findingSize = 512

    /// The same without its records, which are of no use to its answer.
    var withoutRecords: PreparedFiling {
        var copy = self
        copy.filing.records = .chunks([])
        copy.filing.furtherParts = []
        return copy
    }
}

/// Takes a claimed filing up to the point where it can be committed: inspect, choose a mapping, convert.
///
/// The records of a small filing travel in memory; those of a big one are staged in the journal while it is converted, so
/// that memory does not grow with the filing.
struct FilingPreparation: Sendable {
    /// Record bytes of one filing that are kept in memory; what is larger is staged.
    static let stagingThreshold = 2 << 20

    let journal: Journal
    let source: SourceSettings
    let limits: GatewayLimits
    let identityKey: IdentityKey
    let trust: TrustStore
    let crashHook: String?
    let logger: Logger
    let now: @Sendable () -> Date
    /// What a filing that is staged waits for.
    var precedence = Precedence.none
    /// Is called again and again while a filing is converted.
    var beat: @Sendable () -> Void = {}

    /// Prepares a claim with the mappings of this moment.
    ///
    /// - Throws: `InboundError` when the file cannot be read or changed meanwhile, `JournalError` when staging fails; the
    ///   claim stays where it is.
    func prepare(_ claim: ClaimedFiling, with mappings: MappingSet) async throws -> PreparedFiling {
        if claim.standing == .culprit {
            let inspection = try claim.inspect(limit: limits.filingSize)
            return rejected(claim, inspection, Finding(.filingCrashed))
        }
        try claim.beginAttempt()
        let prepared = try await attempt(claim, with: mappings)
        try claim.endAttempt()
        return prepared
    }

    private func attempt(_ claim: ClaimedFiling, with mappings: MappingSet) async throws -> PreparedFiling {
        let inspection = try claim.inspect(limit: limits.filingSize)
        beat()
        crashIfAsked(claim)
        if let committed = try await committedFiling(claim, inspection) { return committed }
        if let fatal = inspection.findings.first(where: { $0.severity == .fatal }) {
            return rejected(claim, inspection, fatal)
        }
        if let known = try await knownFiling(claim, inspection) { return known }
        if let prepared = try await preparePackage(claim, inspection, with: mappings) { return prepared }
        let converter = FilingConverter(mappings: mappings, limits: limits)
        switch converter.choose(for: inspection, among: source.mappings) {
        case .rejected(let finding): return rejected(claim, inspection, finding)
        case .one(let mapping): return try await convert(claim, inspection, with: mapping, converter)
        }
    }

    // What the sender's program has not made durable can be gone after a power cut, though the records were committed: what is
    // left is not what was filed, and must not be taken for it.
    private func committedFiling(
        _ claim: ClaimedFiling, _ inspection: FilingInspection
    ) async throws -> PreparedFiling? {
        guard claim.standing != .fresh, try await journal.filing(identity(of: inspection)) == nil,
            let summary = try await journal.filing(claim: claim.id.description, of: source.name)
        else { return nil }
        logger.error(
            "A filing was committed before the machine stopped, and its original is not what it was; its records are safe",
            metadata: [
                "file": "\(claim.name.displayed)", "claim": "\(claim.id)",
                "filing": "\(summary.identity.digest)", "bytes": "\(inspection.size) of \(summary.size)",
                "next": "Ask the sender for the file again if the original is to be kept.",
            ])
        var filing = blank(claim, inspection, outcome: summary.outcome)
        filing.identity = summary.identity
        filing.mapping = summary.mapping
        return PreparedFiling(claim: claim, inspection: inspection, filing: filing)
    }

    // Converting a big filing again only to learn that it is a duplicate is not worth it; the commit decides all the same.
    private func knownFiling(_ claim: ClaimedFiling, _ inspection: FilingInspection) async throws -> PreparedFiling? {
        guard claim.standing != .fresh || inspection.size > Self.stagingThreshold else { return nil }
        let identity = identity(of: inspection)
        guard let summary = try await journal.filing(identity), summary.outcome != .rejected else { return nil }
        var filing = blank(claim, inspection, outcome: summary.outcome)
        filing.mapping = summary.mapping
        return PreparedFiling(claim: claim, inspection: inspection, filing: filing)
    }

    private func convert(
        _ claim: ClaimedFiling, _ inspection: FilingInspection, with mapping: Mapping, _ converter: FilingConverter
    ) async throws -> PreparedFiling {
        var gathering = RecordGathering(
            journal: journal, identity: identity(of: inspection), meaning: RecordMeaning(mapping), source: source.name,
            precedence: precedence, at: now())
        let context = FilingContext(
            source: source.name, filing: inspection.hash.hexadecimal, document: claim.name.displayed,
            receivedAt: Timestamp.text(claim.receivedAt), areaCode: source.areaCode, identityKey: identityKey)
        var reader = claim.reader()
        do {
            let summary = try await converter.convert(
                &reader, with: mapping, context: context, inspection: inspection
            ) { batch, scope in
                beat()
                try await gathering.take(batch, scope: scope)
            }
            if let rejection = summary.rejection {
                await gathering.discard()
                return rejected(claim, inspection, rejection, summary, mapping)
            }
            return try await accepted(claim, inspection, summary, mapping, &gathering)
        } catch {
            await gathering.discard()
            throw error
        }
    }

    private func accepted(
        _ claim: ClaimedFiling, _ inspection: FilingInspection, _ summary: ConversionSummary, _ mapping: Mapping,
        _ gathering: inout RecordGathering
    ) async throws -> PreparedFiling {
        let outcome: FilingOutcome = summary.findings.total == 0 ? .accepted : .acceptedWithFindings
        var filing = blank(claim, inspection, outcome: outcome)
        filing.mapping = JournalMappingReference(id: mapping.id, version: mapping.version)
        filing.counts = FilingCounts(summary)
        filing.findings = summary.findings
        filing.delivery = gathering.delivery(
            scope: summary.snapshotScope, context: DeleteContext(claim, inspection, source, mapping),
            deletes: summary.rowsSetAside == 0)
        if case .snapshot = mapping.delivery, summary.rowsSetAside > 0 {
            filing.findings.report(Finding(.snapshotDeletesWithheld, arguments: ["\(summary.rowsSetAside)"]))
        }
        filing.records = try await gathering.finish()
        return PreparedFiling(claim: claim, inspection: inspection, filing: filing)
    }

    /// The filing as rejected, with the finding that rejects it last of all.
    func rejected(
        _ claim: ClaimedFiling, _ inspection: FilingInspection, _ finding: Finding, _ summary: ConversionSummary? = nil,
        _ mapping: Mapping? = nil
    ) -> PreparedFiling {
        var filing = blank(claim, inspection, outcome: .rejected)
        filing.mapping = mapping.map { JournalMappingReference(id: $0.id, version: $0.version) }
        filing.findings = summary?.findings ?? FindingLog(limit: limits.findings)
        if summary == nil {
            for other in inspection.findings where other != finding { filing.findings.report(other) }
            filing.findings.report(finding)
        }
        filing.counts = summary.map(FilingCounts.init) ?? FilingCounts()
        return PreparedFiling(claim: claim, inspection: inspection, filing: filing)
    }

    func blank(
        _ claim: ClaimedFiling, _ inspection: FilingInspection, outcome: FilingOutcome
    ) -> JournaledFiling {
        JournaledFiling(
            identity: identity(of: inspection), claim: claim.id.description, name: claim.name.bytes,
            size: Int64(inspection.size), encoding: inspection.documentEncoding.rawValue, receivedAt: claim.receivedAt,
            outcome: outcome)
    }

    func identity(of inspection: FilingInspection) -> FilingIdentity {
        // A FilingHash has 32 bytes, which is all that a FilingDigest asks for.
        FilingIdentity(source: source.name, digest: FilingDigest(bytes: inspection.hash.bytes)!)
    }

    // The end-to-end tests need a filing that takes the process with it, whatever the converter can take.
    private func crashIfAsked(_ claim: ClaimedFiling) {
        guard let crashHook, claim.name.displayed.contains(crashHook) else { return }
        fatalError("QIAO_TEST_CRASH_ON asks for a crash")
    }
}

extension ClaimedFiling {
    /// The time of receipt.
    var receivedAt: Date { Date(timeIntervalSince1970: Double(id.microseconds) / 1_000_000) }
}

extension FilingCounts {
    init(_ summary: ConversionSummary) {
        self.init(
            rowsRead: summary.rowsRead, rowsConverted: summary.rowsConverted, rowsSetAside: summary.rowsSetAside,
            rowsSkipped: summary.rowsSkipped, recordsByType: summary.records,
            controlTotals: summary.controlTotals.map { total in
                JournalControlTotal(
                    statement: total.name, expected: total.declared.map(Int64.init), actual: Int64(total.found),
                    isExact: !total.isAtLeast)
            })
    }
}
