import CanonicalRecords
import Findings
import Foundation
import Inbound
import Journal
import Mappings
import Receipts
import SignedPackages
import Testing

@testable import Gateway

/// What becomes of the documents of a package, and of the verdict on it.
@Suite(.timeLimit(.minutes(4))) struct PackageDocumentsTests {
    private typealias Stage = PackageFilingTests.Stage

    private static let roster = PackageFilingTests.roster

    // MARK: - Several documents

    @Test func documentsOfAPackageAreOneFiling() async throws {
        let stage = try await Stage()
        let documents = ["a.csv": Forms.document(0..<3), "b.csv": Forms.document(10..<14)]
        let package = try TestPackages.asicE(
            documents.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) })
        let (prepared, outcome, _) = try await stage.file([("rosters.asice", package)])
        #expect(prepared.filing.outcome == .accepted)
        #expect(prepared.filing.counts.recordsByType == ["Person": 7])
        #expect(outcome.summary?.reconciles == true)
        let records = try await stage.records()
        #expect(records.filter { $0.contains("\"document\":\"a.csv\"") }.count == 3)
        #expect(records.filter { $0.contains("\"document\":\"b.csv\"") }.count == 4)
        #expect(records.allSatisfy { $0.contains("\"signer\":{") })
    }

    /// Both have a number of the same name, and one of them differs.
    @Test func numbersOfAPackageSayWhichDocumentTheyAreOf() async throws {
        let stage = try await Stage()
        let yaml = Forms.roster + "control:\n  - { name: 人数, count: Person, equals: 3 }\n"
        let package = try TestPackages.asicE(
            [("a.csv", 0..<3), ("b.csv", 10..<14)].map { ($0.0, Array(Forms.document($0.1).utf8)) })
        let (prepared, _, receipt) = try await stage.file([("rosters.asice", package)], mappings: Forms.set(yaml))
        let totals = prepared.filing.counts.controlTotals
        #expect(totals.map(\.statement) == ["a.csv: 人数", "b.csv: 人数"])
        #expect(totals.map(\.holds) == [true, false])
        #expect(
            prepared.filing.findings.findings.map(\.message.english) == [
                "b.csv: control total differs: 人数, declared 3, found 4"
            ])
        #expect(receipt.controlTotals.map(\.name) == ["a.csv: 人数", "b.csv: 人数"])
        // With one document everybody knows.
        let alone = try TestPackages.attached(Forms.document(0..<5))
        let (single, _, _) = try await stage.file([("roster.csv.p7m", alone)], mappings: Forms.set(yaml))
        #expect(single.filing.counts.controlTotals.map(\.statement) == ["人数"])
    }

    @Test func snapshotsOfOneScopeStateItTogether() async throws {
        let stage = try await Stage()
        func package(_ ranges: [Range<Int>]) throws -> [UInt8] {
            try TestPackages.asicE(ranges.enumerated().map { ("\($0).csv", Array(Forms.document($1).utf8)) })
        }
        let mappings = Forms.set(Forms.snapshot)
        _ = try await stage.file([("a.asice", try package([0..<5, 5..<10]))], mappings: mappings)
        let (_, outcome, _) = try await stage.file([("b.asice", try package([0..<5, 5..<9]))], mappings: mappings)
        #expect(outcome.summary?.changes == RecordChanges(unchanged: 9, deleted: 1))
        let deletion = try #require(try await stage.records().last)
        #expect(deletion.contains("OPERATION_DELETE"))
        #expect(deletion.contains("\"document\":\"0.csv, 1.csv\""))
        #expect(deletion.contains("\"signedAt\":\"2026-11-20T23:59:00Z\""))
    }

    @Test func documentsOfSeveralMeaningsAreSeveralParts() async throws {
        let stage = try await Stage()
        let other = Forms.roster.replacing("yutai.roster", with: "yutai.posts").replacing("姓名", with: "人名")
            .replacing("delivery: upsert", with: "delivery: event")
        let load = MappingSet.load(files: [
            MappingFile(path: "a.yaml", bytes: Array(Forms.snapshot.utf8)),
            MappingFile(path: "b.yaml", bytes: Array(other.utf8)),
        ])
        let package = try TestPackages.asicE([
            ("a.csv", Array(Forms.document(0..<3).utf8)),
            ("b.csv", Array(Forms.document(0..<2).replacing("姓名", with: "人名").utf8)),
            ("c.cer", try TestPackages.certificate("yutai-signer")),
        ])
        let (prepared, outcome, _) = try await stage.file([("all.asice", package)], mappings: load.set)
        #expect(prepared.filing.outcome == .accepted, "\(prepared.filing.findings.findings)")
        #expect(prepared.filing.furtherParts.count == 2)
        #expect(outcome.summary?.counts.recordsByType == ["Person": 5, "Certificate": 1])
        #expect(outcome.summary?.mapping?.id == "yutai.roster + yutai.posts + qiao.certificates")
        #expect(outcome.summary?.reconciles == true)
        #expect(try await stage.records().count == 6)
    }

    @Test func oneBadDocumentRejectsThePackage() async throws {
        let stage = try await Stage()
        let package = try TestPackages.asicE([
            ("a.csv", Array(Self.roster.utf8)), ("b.csv", Array("甲,乙\n1,2\n".utf8)),
        ])
        let (prepared, _, receipt) = try await stage.file([("rosters.asice", package)])
        #expect(prepared.filing.outcome == .rejected)
        #expect(prepared.filing.findings.findings.last?.code == "mapping.none")
        #expect(prepared.filing.findings.findings.last?.message.english.hasPrefix("b.csv: ") == true)
        #expect(try await stage.records().isEmpty)
        // The signature was good, and the receipt says so.
        #expect(receipt.signature == .passed)
    }

    @Test func bigPackagesAreStaged() async throws {
        let stage = try await Stage()
        let people = 12_000
        let package = try TestPackages.attached(Forms.document(0..<people))
        let (prepared, outcome, _) = try await stage.file([("big.csv.p7m", package)])
        guard case .staged = prepared.filing.records else {
            Issue.record("small enough for memory: \(prepared.recordBytes)")
            return
        }
        #expect(outcome.summary?.changes.new == people)
        #expect(try await stage.journal.removeAbandonedStagings() == 0)
    }

    // MARK: - Certificates

    @Test func bundlesBecomeCertificateRecordsAndAreNeverTrusted() async throws {
        let stage = try await Stage(TestPackages.settings(.optional))
        let names = ["unknown-root", "sm2-yutai-signer"]
        let bundle = PackageCreator.bundle(try names.map(TestPackages.certificate))
        let (prepared, _, receipt) = try await stage.file([("certificates.p7b", bundle)])
        #expect(prepared.filing.outcome == .acceptedWithFindings)
        #expect(prepared.filing.counts.recordsByType == ["Certificate": 2])
        #expect(receipt.signature == .notSigned)
        let records = try await stage.records()
        #expect(records.contains { $0.contains("12370827MB0000000C") && $0.contains("SM2") })
        #expect(
            records.allSatisfy { $0.contains("\"mapping\":\"qiao.certificates\"") && $0.contains("\"content\":\"MII") })
        #expect(!records.contains { $0.contains("\"signer\"") })
        // What was filed as data opens no door.
        let (after, _, _) = try await stage.file(
            [("roster.csv.p7m", try TestPackages.attached(Self.roster, by: "unknown-signer"))])
        #expect(after.filing.findings.findings.contains { $0.code == "package.unknown-root" })
        // The same certificates again are not sent again.
        let again = PackageCreator.bundle(try (names + ["test-root"]).map(TestPackages.certificate))
        let (_, outcome, _) = try await stage.file([("more.p7b", again)])
        #expect(outcome.summary?.changes == RecordChanges(new: 1, unchanged: 2))
    }

    // MARK: - Verdicts that are kept

    @Test func aVerdictComesBackFromTheJournalWithAllItRestsOn() async throws {
        let stage = try await Stage()
        let (prepared, _, _) = try await stage.file([("roster.csv.p7m", try TestPackages.attached(Self.roster))])
        let kept = try await VerdictArchive(stage.journal).verdict(of: prepared.filing.identity)
        #expect(kept == prepared.verdict)
        #expect(kept?.policy.crls.count == 2)
        #expect(kept?.signatures.first?.evidence.chain.isEmpty == false)
    }

    @Test(arguments: [true, false])
    func anOldVerdictIsRepeatedFromWhatWasKept(_ isDetached: Bool) async throws {
        let stage = try await Stage()
        let files =
            isDetached
            ? [("roster.csv", Array(Self.roster.utf8)), ("roster.csv.p7s", try TestPackages.detached(Self.roster))]
            : [("roster.csv.p7m", try TestPackages.attached(Self.roster))]
        let (prepared, outcome, _) = try await stage.file(files)
        var settings = Settings(state: stage.scene.state.path, mappings: "/m", sources: [stage.scene.source])
        let summary = try #require(outcome.summary)
        let years = Date(timeIntervalSince1970: 2_700_000_000)
        let again = try #require(
            try await FilingReverification(journal: stage.journal, settings: settings).run(summary, now: years))
        #expect(again.isRepeated)
        #expect(again.then.at == prepared.verdict?.at)
        #expect(again.today.outcome == .failed)
        // Today nobody is trusted; the old verdict stands on what was kept.
        settings.sources = []
        let later = try await FilingReverification(journal: stage.journal, settings: settings)
            .run(summary, now: Scene.now)
        #expect(later?.isRepeated == true)
        #expect(later?.today.outcome == .passed)
    }
}
