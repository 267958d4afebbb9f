import Findings
import Foundation
import Inbound
import Journal
import Logging
import Receipts
import SignedPackages
import Synchronization

/// Answers the source of a committed filing and puts the original where it belongs.
///
/// The receipt is made from what the journal says, under a name that follows from the filing, so that making it again after
/// a crash gives the same file and not a second one.
final class Answering: Sendable {
    private let journal: Journal
    private let archive: KeepFolder
    private let quarantine: KeepFolder
    private let committer: Committer
    private let logger: Logger
    private let receiptFolders: Mutex<[String: String]>
    private let signer: Mutex<ReceiptSigner?>
    private let now: @Sendable () -> Date

    init(
        journal: Journal, state: StateFolder, committer: Committer, logger: Logger, sources: [SourceSettings],
        signer: ReceiptSigner? = nil, now: @escaping @Sendable () -> Date
    ) {
        self.journal = journal
        archive = KeepFolder(path: state.archive)
        quarantine = KeepFolder(path: state.quarantine)
        self.committer = committer
        self.logger = logger
        self.now = now
        receiptFolders = Mutex(Self.folders(sources))
        self.signer = Mutex(signer)
    }

    /// Takes the receipt folders of the sources as they are now.
    func serve(_ sources: [SourceSettings]) {
        receiptFolders.withLock { $0.merge(Self.folders(sources)) { $1 } }
    }

    /// Signs receipts with this from now on; nil leaves them unsigned.
    func sign(with signer: ReceiptSigner?) {
        self.signer.withLock { $0 = signer }
    }

    private static func folders(_ sources: [SourceSettings]) -> [String: String] {
        Dictionary(sources.map { ($0.name, $0.receipts) }) { $1 }
    }

    /// Writes the receipt of a committed filing, then moves the original to the archive or into quarantine.
    func answer(_ prepared: PreparedFiling, _ outcome: CommitOutcome) async {
        guard let summary = outcome.summary else { return }
        if let number = outcome.receiptNumber {
            let duplicate = outcome.isDuplicate ? prepared.claim : nil
            // The first receipt is made of what is at hand; others of what the journal has kept.
            let substance: Substance =
                if case .journaled = outcome {
                    .atHand(JournaledFindings(prepared.filing.findings), prepared.verdict)
                } else {
                    .inJournal
                }
            await write(number, summary, duplicate: duplicate.map { ($0.name.displayed, $0.receivedAt) }, substance)
        }
        dispose(prepared, summary, isDuplicate: outcome.isDuplicate)
        log(prepared, summary, isDuplicate: outcome.isDuplicate)
    }

    /// Writes the receipts that the last run owed when it ended.
    func writeDueReceipts() async throws {
        // What cannot be written now (a folder that is away) is tried again at the next start, and holds up no other.
        var failed: Set<ReceiptNumber> = []
        while true {
            let due = try await journal.receiptsDue(limit: 500 + failed.count).filter { !failed.contains($0.number) }
            guard !due.isEmpty else { return }
            var written: [ReceiptNumber] = []
            for receipt in due {
                let again = (FileName(bytes: receipt.name)?.displayed ?? "", receipt.receivedAt)
                if await put(receipt.filing, duplicate: receipt.isDuplicate ? again : nil) {
                    written.append(receipt.number)
                } else {
                    failed.insert(receipt.number)
                }
            }
            guard !written.isEmpty else { continue }
            try await journal.markReceiptsWritten(written, at: now())
            logger.notice("Receipts that the last run owed are written", metadata: ["receipts": "\(written.count)"])
        }
    }

    // What a receipt says beside the summary.
    private enum Substance {
        case atHand(JournaledFindings, PackageVerdict?)
        case inJournal
    }

    private func write(
        _ number: ReceiptNumber, _ summary: FilingSummary, duplicate: (name: String, at: Date)?, _ substance: Substance
    ) async {
        if await put(summary, duplicate: duplicate, substance) { committer.markWritten([number]) }
    }

    private func take(
        _ substance: Substance, of summary: FilingSummary
    ) async throws -> (JournaledFindings, PackageVerdict?) {
        switch substance {
        case .atHand(let findings, let verdict):
            return (findings, verdict)
        case .inJournal:
            let found = try await journal.findings(of: summary.identity)
            return (found, try await VerdictArchive(journal).outline(of: summary.identity))
        }
    }

    private func put(
        _ summary: FilingSummary, duplicate: (name: String, at: Date)?, _ substance: Substance = .inJournal
    ) async -> Bool {
        guard let folder = receiptFolders.withLock({ $0[summary.identity.source] }) else { return false }
        do {
            let (found, verdict) = try await take(substance, of: summary)
            var receipt = Receipt(summary, findings: found)
            if let verdict { receipt.take(verdict) }
            if let duplicate {
                receipt = receipt.markedDuplicate(
                    receivedAt: Timestamp.text(duplicate.at), fileName: duplicate.name)
            }
            let log = FindingLog(
                findings: found.findings, counts: found.counts, severities: summary.findingSeverities)
            let sign = signer.withLock { $0 }.map { [now] signer in { try signer.sign($0, at: now()) } }
            try ReceiptFolder(path: folder).write(receipt, findings: duplicate == nil ? log : nil, sign: sign)
            return true
        } catch {
            logger.error(
                "The receipt could not be written; it is written at the next start",
                metadata: [
                    "source": "\(summary.identity.source)", "filing": "\(summary.identity.hex)", "error": "\(error)",
                ])
            return false
        }
    }

    private func dispose(_ prepared: PreparedFiling, _ summary: FilingSummary, isDuplicate: Bool) {
        let hash = prepared.inspection.hash
        do {
            if summary.outcome == .rejected {
                let reason = prepared.filing.findings.findings.last { $0.severity == .fatal }
                try prepared.claim.quarantine(
                    into: quarantine, hash: hash,
                    reason: reason.map { "\($0.code): \($0.message.english)" } ?? "rejected; see the receipt")
            } else {
                try prepared.claim.archive(into: archive, hash: hash)
            }
        } catch {
            // It stays in the work folder and is taken up again at the next start.
            logger.error(
                "The original could not be moved to where it is kept; it stays in the work folder",
                metadata: ["source": "\(summary.identity.source)", "filing": "\(hash)", "error": "\(error)"])
        }
    }

    private func log(_ prepared: PreparedFiling, _ summary: FilingSummary, isDuplicate: Bool) {
        logger.info(
            isDuplicate ? "Filing was filed before" : "Filing is journaled and answered",
            metadata: [
                "source": "\(summary.identity.source)", "filing": "\(summary.identity.hex.prefix(12))",
                "file": "\(prepared.claim.name.displayed)", "outcome": "\(summary.outcome.rawValue)",
                "rows": "\(summary.counts.rowsRead)", "records": "\(summary.counts.records)",
                "findings": "\(summary.findings)",
            ])
    }
}

extension CommitOutcome {
    var receiptNumber: ReceiptNumber? {
        switch self {
        case .journaled(_, let receipt), .duplicate(_, let receipt): receipt
        case .repeated(_, let receipt): receipt
        case .held, .overtaken: nil
        }
    }

    var isDuplicate: Bool {
        if case .duplicate = self { true } else { false }
    }
}

extension Receipt {
    init(_ summary: FilingSummary, findings: JournaledFindings) {
        let name = FileName(bytes: summary.name)
        let counts = summary.counts
        self.init(
            filing: summary.identity.hex, source: summary.identity.source, fileName: name?.displayed ?? "",
            fileNameBytes: name?.hexadecimalWhenNotUTF8, size: Int(summary.size),
            receivedAt: Timestamp.text(summary.receivedAt), outcome: Outcome(summary.outcome),
            reached: summary.outcome == .rejected ? (summary.mapping == nil ? .transport : .structure) : .business,
            mapping: summary.mapping.map { MappingReference(id: $0.id, version: $0.version) },
            encoding: summary.encoding,
            counts: Counts(
                rowsRead: counts.rowsRead, converted: counts.rowsConverted, setAside: counts.rowsSetAside,
                skipped: counts.rowsSkipped,
                records: counts.recordsByType.sorted { $0.key < $1.key }.map {
                    RecordCount(type: $0.key, number: $0.value)
                },
                changes: Changes(
                    new: summary.changes.new, changed: summary.changes.changed, unchanged: summary.changes.unchanged,
                    deleted: summary.changes.deleted)),
            controlTotals: counts.controlTotals.map {
                ControlTotal(
                    name: $0.statement, declared: $0.expected.map(Int.init), found: Int($0.actual),
                    isAtLeast: !$0.isExact)
            },
            findingCounts: findings.counts.sorted { $0.key < $1.key }.map {
                FindingCount(code: $0.key, number: $0.value)
            },
            findings: findings.findings)
    }
}

extension Receipt.Outcome {
    init(_ outcome: FilingOutcome) {
        switch outcome {
        case .accepted: self = .accepted
        case .acceptedWithFindings: self = .acceptedWithFindings
        case .rejected: self = .rejected
        }
    }
}
