import Findings
import Foundation
import Glibc
import Inbound
import Journal
import Mappings
import Receipts
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(3))) struct AnsweringTests {
    let scene: Scene
    let journal: Journal
    let intake: Intake

    init() async throws {
        scene = try Scene()
        journal = try await scene.journal()
        intake = scene.intake()
    }

    private func prepared(_ name: String, _ text: String) async throws -> PreparedFiling {
        let claim = try await scene.claim(name, text, by: intake)
        return try await scene.preparation(journal).prepare(claim, with: Forms.set(Forms.roster))
    }

    private func commit(_ filing: PreparedFiling) async throws -> CommitOutcome {
        try #require(try await journal.commit([filing.filing], at: Scene.now).first)
    }

    /// Commits, answers, and lets the committer mark what is written.
    private func answer(_ filing: PreparedFiling, _ outcome: CommitOutcome) async {
        let committer = scene.committer(journal)
        await scene.answering(journal, committer).answer(filing, outcome)
        committer.finish()
        await committer.run()
    }

    @Test func acceptedFilingGetsOneReceiptAndGoesToTheArchive() async throws {
        let filing = try await prepared("roster.csv", Forms.document(0..<3))
        await answer(filing, try await commit(filing))
        let short = filing.inspection.hash.short
        #expect(scene.folder.files("receipts") == ["roster.csv.\(short).receipt.xml"])
        #expect(scene.folder.files("state/archive") == ["test/2026-11-21/\(short)-roster.csv"])
        #expect(scene.folder.files("state/quarantine") == [])
        #expect(try await journal.receiptsDue(limit: 9).isEmpty)
        let receipt = try scene.receipt("roster.csv.\(short).receipt.xml")
        #expect(receipt.filing == filing.inspection.hash.hexadecimal)
        #expect(receipt.source == "test")
        #expect(receipt.fileName == "roster.csv")
        #expect(receipt.size == Forms.document(0..<3).utf8.count)
        #expect(receipt.receivedAt == "2026-11-21T08:00:00+08:00")
        #expect(receipt.outcome == .accepted)
        #expect(receipt.reached == .business)
        #expect(receipt.mapping?.id == "yutai.roster")
        #expect(receipt.encoding == "UTF-8")
        #expect(receipt.duplicate == nil)
        #expect(receipt.counts.rowsRead == 3)
        #expect(receipt.counts.converted == 3)
        #expect(receipt.counts.records.map(\.number) == [3])
        #expect(receipt.counts.changes == Receipt.Changes(new: 3, changed: 0, unchanged: 0, deleted: 0))
        #expect(receipt.findingTotal == 0)
    }

    @Test func findingsLieInATableBesideTheReceipt() async throws {
        let filing = try await prepared("roster.csv", Forms.document(0..<2, extra: Forms.badRow))
        await answer(filing, try await commit(filing))
        let stem = "roster.csv.\(filing.inspection.hash.short)"
        #expect(scene.folder.files("receipts") == ["\(stem).findings.csv", "\(stem).receipt.xml"])
        let receipt = try scene.receipt("\(stem).receipt.xml")
        #expect(receipt.outcome == .acceptedWithFindings)
        #expect(receipt.counts.setAside == 1)
        #expect(receipt.findings.map(\.code) == ["identity-number.checksum"])
        #expect(try scene.folder.text("receipts/\(stem).findings.csv").contains("identity-number.checksum"))
    }

    @Test func rejectedFilingGetsAReceiptAndGoesToQuarantine() async throws {
        let filing = try await prepared("other.csv", "a,b\n1,2\n")
        await answer(filing, try await commit(filing))
        let short = filing.inspection.hash.short
        let place = "test/2026-11-21/\(short)-other.csv"
        #expect(scene.folder.files("state/quarantine") == [place, place + ".reason.txt"])
        #expect(scene.folder.files("state/archive") == [])
        #expect(try scene.folder.text("state/quarantine/\(place).reason.txt").hasPrefix("mapping.none: "))
        let receipt = try scene.receipt("other.csv.\(short).receipt.xml")
        #expect(receipt.outcome == .rejected)
        #expect(receipt.reached == .transport)
        #expect(receipt.findings.map(\.code) == ["mapping.none"])
    }

    @Test func duplicateGetsAReceiptThatSaysSo() async throws {
        let first = try await prepared("roster.csv", Forms.document(0..<3))
        await answer(first, try await commit(first))
        let again = try await prepared("again.csv", Forms.document(0..<3))
        let outcome = try await commit(again)
        #expect(outcome.isDuplicate)
        await answer(again, outcome)
        let short = first.inspection.hash.short
        #expect(
            scene.folder.files("receipts") == [
                "again.csv.\(short).duplicate.receipt.xml", "roster.csv.\(short).receipt.xml",
            ])
        let receipt = try scene.receipt("again.csv.\(short).duplicate.receipt.xml")
        #expect(receipt.duplicate?.fileName == "again.csv")
        #expect(receipt.duplicate?.receivedAt == "2026-11-21T08:00:00+08:00")
        #expect(receipt.outcome == .accepted)
        #expect(receipt.counts.rowsRead == 3)
        #expect(scene.folder.files("in") == [])
        #expect(try await journal.receiptsDue(limit: 9).isEmpty)
    }

    @Test func repeatedClaimIsAnsweredAndPutAwayWithoutASecondReceipt() async throws {
        let filing = try await prepared("roster.csv", Forms.document(0..<3))
        let first = try await commit(filing)
        let again = try await commit(filing)
        guard case .repeated(_, let receipt?) = again else {
            Issue.record("\(again)")
            return
        }
        #expect(receipt == first.receiptNumber)
        await answer(filing, again)
        #expect(scene.folder.files("receipts").count == 1)
        #expect(scene.folder.files("state/archive").count == 1)
        #expect(try await journal.receiptsDue(limit: 9).isEmpty)
        let last = try await commit(filing)
        #expect(last.receiptNumber == nil)
    }

    @Test func heldSnapshotIsNotAnsweredYet() async throws {
        let filing = try await prepared("roster.csv", Forms.document(0..<3))
        await answer(filing, .held(wouldDelete: 3, of: 4))
        await answer(filing, .overtaken)
        #expect(scene.folder.files("receipts") == [])
        #expect(scene.folder.files("state/archive") == [])
    }

    /// The process died between the commit and the receipt: the next start writes the same receipt.
    @Test func receiptsThatAreDueAfterACrashAreTheSame() async throws {
        let filing = try await prepared("roster.csv", Forms.document(0..<2, extra: Forms.badRow))
        let outcome = try await commit(filing)
        let again = try await prepared("again.csv", Forms.document(0..<2, extra: Forms.badRow))
        let duplicate = try await commit(again)
        #expect(try await journal.receiptsDue(limit: 9).count == 2)
        let answering = scene.answering(journal, scene.committer(journal))
        try await answering.writeDueReceipts()
        let files = scene.folder.files("receipts")
        let texts = try files.map { try scene.folder.text("receipts/\($0)") }
        #expect(files.count == 3)
        #expect(try await journal.receiptsDue(limit: 9).isEmpty)
        #expect(scene.trail.events == ["notice: Receipts that the last run owed are written"])
        await answering.answer(filing, outcome)
        await answering.answer(again, duplicate)
        #expect(scene.folder.files("receipts") == files)
        #expect(try files.map { try scene.folder.text("receipts/\($0)") } == texts)
    }

    /// A full disk, or a folder that is away for a while: nobody has to restart anything.
    @Test func receiptsThatCannotBeWrittenAreOwedUntilTheyCan() async throws {
        try scene.folder.write([UInt8](), to: "receipts")
        let filing = try await prepared("roster.csv", Forms.document(0..<3))
        let committer = scene.committer(journal)
        let answering = scene.answering(journal, committer)
        #expect(await answering.answer(filing, try await commit(filing)))
        await answering.writeOwedReceipts()
        #expect(try await journal.receiptsDue(limit: 9).count == 1)
        #expect(unlink(scene.folder.path + "/receipts") == 0)
        await answering.writeOwedReceipts()
        await answering.writeOwedReceipts()
        committer.finish()
        await committer.run()
        #expect(scene.folder.files("receipts") == ["roster.csv.\(filing.inspection.hash.short).receipt.xml"])
        #expect(try await journal.receiptsDue(limit: 9).isEmpty)
        #expect(
            scene.trail.events.filter { !$0.hasPrefix("info:") && !$0.hasPrefix("debug:") } == [
                "error: The receipt could not be written; it is written when it can be",
                "notice: Receipts that were owed are written",
            ])
    }

    @Test func nothingDueSaysNothing() async throws {
        try await scene.answering(journal, scene.committer(journal)).writeDueReceipts()
        #expect(scene.trail.events == [])
    }

    @Test func receiptsThatCannotBeWrittenStayDueAndTheRestIsWritten() async throws {
        try await journal.commit((1...600).map { Toy.filing($0, [], source: "gone") }, at: Scene.now)
        let filing = try await prepared("roster.csv", Forms.document(0..<3))
        _ = try await commit(filing)
        try await scene.answering(journal, scene.committer(journal)).writeDueReceipts()
        #expect(scene.folder.files("receipts").count == 1)
        #expect(try await journal.receiptsDue(limit: 999).count == 600)
    }

    @Test func receiptFolderThatIsAwayIsToldOfAndTheOriginalIsPutAway() async throws {
        try scene.folder.write("", to: "receipts")
        let filing = try await prepared("roster.csv", Forms.document(0..<3))
        await answer(filing, try await commit(filing))
        #expect(
            scene.trail.events == [
                "error: The receipt could not be written; it is written when it can be",
                "info: Filing is journaled; its receipt is owed",
            ])
        #expect(try await journal.receiptsDue(limit: 9).count == 1)
        #expect(scene.folder.files("state/archive").count == 1)
    }

    @Test func archiveThatCannotBeWrittenLeavesTheOriginalInTheWorkFolder() async throws {
        try scene.folder.write("", to: "state/archive")
        let filing = try await prepared("roster.csv", Forms.document(0..<3))
        await answer(filing, try await commit(filing))
        #expect(
            scene.trail.events.first
                == "error: The original could not be moved to where it is kept; it stays in the work folder, and is tried again"
        )
        #expect(try filing.claim.size > 0)
    }
}
