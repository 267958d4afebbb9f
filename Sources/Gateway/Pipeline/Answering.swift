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
    private let places: Mutex<[String: SourcePlaces]>
    private let signer: Mutex<ReceiptSigner?>
    // Receipts that could not be written when it was their time.
    private let owed = Mutex<Set<ReceiptNumber>>([])
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
        places = Mutex(Self.places(sources))
        self.signer = Mutex(signer)
    }

    /// Takes the receipt folders of the sources as they are now.
    func serve(_ sources: [SourceSettings]) {
        places.withLock { $0.merge(Self.places(sources)) { $1 } }
    }

    /// Signs receipts with this from now on; nil leaves them unsigned.
    func sign(with signer: ReceiptSigner?) {
        self.signer.withLock { $0 = signer }
    }

    private static func places(_ sources: [SourceSettings]) -> [String: SourcePlaces] {
        Dictionary(sources.map { ($0.name, SourcePlaces(inbound: $0.inbound, receipts: ReceiptPlace($0.receipts))) }) {
            $1
        }
    }

    private struct SourcePlaces {
        var inbound: String
        var receipts: ReceiptPlace
    }

    // One receipt is written at a time: those of a file that is filed twice have the same name.
    private final class ReceiptPlace: Sendable {
        private let folder: ReceiptFolder
        private let lock = Mutex(())

        init(_ path: String) { folder = ReceiptFolder(path: path) }

        var path: String { folder.path }

        func write(
            _ receipt: Receipt, findings log: FindingLog?, sign: (([UInt8]) throws -> [UInt8])?
        ) throws {
            try lock.withLock { _ in _ = try folder.write(receipt, findings: log, sign: sign) }
        }
    }

    /// Writes the receipt of a committed filing, then moves the original to the archive or into quarantine.
    ///
    /// - Returns: Whether the original is there. A receipt that cannot be written now is owed, see ``writeOwedReceipts()``.
    @discardableResult
    func answer(_ prepared: PreparedFiling, _ outcome: CommitOutcome) async -> Bool {
        guard let summary = outcome.summary else { return true }
        var isAnswered = true
        if let number = outcome.receiptNumber {
            let duplicate = outcome.isDuplicate ? prepared.claim : nil
            // The first receipt is made of what is at hand; others of what the journal has kept.
            let substance: Substance =
                if case .journaled = outcome {
                    .atHand(JournaledFindings(prepared.filing.findings), prepared.verdict)
                } else {
                    .inJournal
                }
            isAnswered = await write(
                number, summary, duplicate: duplicate.map { ($0.name.displayed, $0.receivedAt) }, substance)
        }
        let isKept = dispose(prepared, summary)
        log(prepared, summary, isDuplicate: outcome.isDuplicate, isAnswered: isAnswered)
        return isKept
    }

    /// Writes the receipts that the last run owed when it ended. What cannot be written now is owed by this one.
    func writeDueReceipts() async throws {
        // What cannot be written (a folder that is away) holds up no other.
        while true {
            let failed = owed.withLock { $0 }
            let due = try await journal.receiptsDue(limit: 500 + failed.count).filter { !failed.contains($0.number) }
            guard !due.isEmpty else { return }
            let sources = Set(due.map(\.filing.identity.source))
            // The last run may have committed them before their originals were safe, and a receipt says that they are.
            await synchronise(inboundFolders(of: sources))
            var written: [ReceiptNumber] = []
            for receipt in due {
                if await put(receipt) { written.append(receipt.number) }
            }
            guard !written.isEmpty else { continue }
            guard await synchronise(receiptFolders(of: sources)) else {
                owed.withLock { $0.formUnion(written) }
                continue
            }
            try await journal.markReceiptsWritten(written, at: now())
            logger.notice("Receipts that the last run owed are written", metadata: ["receipts": "\(written.count)"])
        }
    }

    /// Tries again to write the receipts that could not be written when it was their time, for each source until one cannot be.
    func writeOwedReceipts() async {
        let numbers = owed.withLock { $0 }
        let limit = min(numbers.count + 1000, Self.owedLimit)
        guard !numbers.isEmpty, let due = try? await journal.receiptsDue(limit: limit) else { return }
        var written: [ReceiptNumber] = []
        // Folders that are away hold up no others.
        var away: Set<String> = []
        for receipt in due where numbers.contains(receipt.number) && !away.contains(receipt.filing.identity.source) {
            if await put(receipt, isAgain: true) {
                written.append(receipt.number)
            } else {
                away.insert(receipt.filing.identity.source)
            }
        }
        guard !written.isEmpty else { return }
        owed.withLock { $0.subtract(written) }
        committer.markWritten(written, in: receiptFolders(of: Set(due.map(\.filing.identity.source))))
        logger.notice("Receipts that were owed are written", metadata: ["receipts": "\(written.count)"])
    }

    // Receipts that are looked at in one go; those behind them have their turn when these are written.
    private static let owedLimit = 10_000

    private func put(_ receipt: ReceiptDue, isAgain: Bool = false) async -> Bool {
        let again = (FileName(bytes: receipt.name)?.displayed ?? "", receipt.receivedAt)
        return await put(
            receipt.number, receipt.filing, duplicate: receipt.isDuplicate ? again : nil, isAgain: isAgain)
    }

    @discardableResult
    private func synchronise(_ folders: Set<String>) async -> Bool {
        do {
            // The start of the gateway waits for this.
            try await FileSystems.synchronise(folders, atMost: .seconds(10))
            return true
        } catch {
            logger.error(
                "What the last run left may not be safe on the disk; its records are", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func inboundFolders(of sources: Set<String>) -> Set<String> {
        places.withLock { places in Set(sources.compactMap { places[$0]?.inbound }) }
    }

    private func receiptFolders(of sources: Set<String>) -> Set<String> {
        places.withLock { places in Set(sources.compactMap { places[$0]?.receipts.path }) }
    }

    // What a receipt says beside the summary.
    private enum Substance {
        case atHand(JournaledFindings, PackageVerdict?)
        case inJournal
    }

    private func write(
        _ number: ReceiptNumber, _ summary: FilingSummary, duplicate: (name: String, at: Date)?, _ substance: Substance
    ) async -> Bool {
        guard await put(number, summary, duplicate: duplicate, substance) else { return false }
        committer.markWritten([number], in: receiptFolders(of: [summary.identity.source]))
        return true
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

    // False when it could not be written, and is owed.
    private func put(
        _ number: ReceiptNumber, _ summary: FilingSummary, duplicate: (name: String, at: Date)?,
        _ substance: Substance = .inJournal, isAgain: Bool = false
    ) async -> Bool {
        guard let folder = places.withLock({ $0[summary.identity.source]?.receipts }) else {
            owed.withLock { _ = $0.insert(number) }
            return false
        }
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
            try folder.write(receipt, findings: duplicate == nil ? log : nil, sign: sign)
            return true
        } catch {
            owed.withLock { _ = $0.insert(number) }
            logger.log(
                level: isAgain ? .debug : .error, "The receipt could not be written; it is written when it can be",
                metadata: [
                    "source": "\(summary.identity.source)", "filing": "\(summary.identity.hex)", "error": "\(error)",
                ])
            return false
        }
    }

    private func dispose(_ prepared: PreparedFiling, _ summary: FilingSummary) -> Bool {
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
            return true
        } catch {
            logger.log(
                level: prepared.claim.standing == .recovered ? .info : .error,
                "The original could not be moved to where it is kept; it stays in the work folder, and is tried again",
                metadata: ["source": "\(summary.identity.source)", "filing": "\(hash)", "error": "\(error)"])
            return false
        }
    }

    private func log(
        _ prepared: PreparedFiling, _ summary: FilingSummary, isDuplicate: Bool, isAnswered: Bool
    ) {
        logger.info(
            isDuplicate
                ? "Filing was filed before"
                : isAnswered ? "Filing is journaled and answered" : "Filing is journaled; its receipt is owed",
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
