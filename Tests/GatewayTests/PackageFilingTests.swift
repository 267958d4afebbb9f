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

/// Signed packages through claim, verification, conversion, commit and receipt.
@Suite(.timeLimit(.minutes(4))) struct PackageFilingTests {
    /// One gateway around one filing.
    final class Stage {
        let scene: Scene
        let journal: Journal
        let intake: Intake

        init(_ signature: SignatureSettings = TestPackages.settings()) async throws {
            scene = try Scene(areaCode: "370827", signature: signature)
            journal = try await scene.journal()
            intake = scene.intake()
        }

        /// Files what is there and takes it all the way to its receipt.
        func file(
            _ files: [(name: String, bytes: [UInt8])], mappings: MappingSet = Forms.set(Forms.roster)
        ) async throws -> (prepared: PreparedFiling, outcome: CommitOutcome, receipt: Receipt) {
            for file in files { try scene.deliver(file.name, file.bytes) }
            let claim = try #require(try await intake.claimNext(limit: 1).first)
            let prepared = try await scene.preparation(journal).prepare(claim, with: mappings)
            let outcome = try #require(try await journal.commit([prepared.filing], at: Scene.now).first)
            let committer = scene.committer(journal)
            await scene.answering(journal, committer).answer(prepared, outcome)
            let ending = outcome.isDuplicate ? ".duplicate.receipt.xml" : ".receipt.xml"
            let name = "\(claim.name.displayed).\(prepared.inspection.hash.short)\(ending)"
            return (prepared, outcome, try scene.receipt(name))
        }

        func records() async throws -> [String] {
            try Toy.records(try await journal.everything()).map { try Toy.json($0) }
        }
    }

    static let roster = Forms.document(0..<3)

    // MARK: - Accepted

    struct Good: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var sm2 = false
        var files: @Sendable () throws -> [(name: String, bytes: [UInt8])]
    }

    static let good: [Good] = [
        Good(testDescription: "attached CMS") { [("roster.csv.p7m", try TestPackages.attached(roster))] },
        Good(testDescription: "document, then signature") {
            [("roster.csv", Array(roster.utf8)), ("roster.csv.p7s", try TestPackages.detached(roster))]
        },
        Good(testDescription: "signature, then document") {
            [("roster.csv.p7s", try TestPackages.detached(roster)), ("roster.csv", Array(roster.utf8))]
        },
        Good(testDescription: "signature called .sig") {
            [("roster.csv.sig", try TestPackages.detached(roster)), ("roster.csv", Array(roster.utf8))]
        },
        Good(testDescription: "ASiC-E") {
            [("rosters.asice", try TestPackages.asicE([("roster.csv", Array(roster.utf8))]))]
        },
        Good(testDescription: "GB/T 35275", sm2: true) {
            [("roster.csv.p7m", try TestPackages.attached(roster, by: "sm2-yutai-signer"))]
        },
        Good(testDescription: "RSA") {
            [("roster.csv.p7m", try TestPackages.attached(roster, by: "yutai-rsa-signer"))]
        },
        Good(testDescription: "the next certificate, while both are good") {
            [("roster.csv.p7m", try TestPackages.attached(roster, by: "yutai-signer-next"))]
        },
    ]

    @Test(arguments: good)
    func verifiedDocumentsBecomeRecordsWithTheirSigner(_ package: Good) async throws {
        let stage = try await Stage(TestPackages.settings(sm2: package.sm2))
        let (prepared, outcome, receipt) = try await stage.file(try package.files())
        #expect(prepared.filing.outcome == .accepted, "\(prepared.filing.findings.findings)")
        let records = try await stage.records()
        #expect(records.count == 3)
        for record in records {
            #expect(record.contains("\"document\":\"roster.csv\""))
            #expect(record.contains("\"signedAt\":\"2026-11-20T23:59:00Z\""))
            #expect(record.contains("\"organisationCode\":\"12370827MB0000000C\""))
            #expect(record.contains("\"filing\":\"\(prepared.filing.identity.hex)\""))
        }
        #expect(receipt.signature == .passed)
        #expect(receipt.reached == .business)
        let signer = try #require(receipt.signers.first)
        #expect(signer.verdict == .passed)
        #expect(signer.covers == ["roster.csv"])
        #expect(signer.fingerprint.count == 64)
        #expect(records[0].contains(signer.fingerprint))
        #expect(!signer.serial.isEmpty)
        #expect(package.sm2 == signer.algorithm.contains("SM2"))
        #expect(outcome.summary?.mapping?.id == "yutai.roster")
        let events = try await stage.journal.events(of: prepared.filing.identity)
        #expect(events.contains { $0.kind == .verified && $0.detail.contains(signer.fingerprint) })
        #expect(events.filter { $0.kind == .claimed }.count == 1)
        #expect(stage.scene.folder.files("state/quarantine") == [])
    }

    @Test func theSamePackageTwiceIsADuplicateWithItsSigner() async throws {
        let stage = try await Stage()
        let package = try TestPackages.attached(Self.roster)
        _ = try await stage.file([("a.csv.p7m", package)])
        let (_, outcome, receipt) = try await stage.file([("b.csv.p7m", package)])
        #expect(outcome.isDuplicate)
        #expect(receipt.duplicate?.fileName == "b.csv.p7m")
        #expect(receipt.signature == .passed)
        #expect(receipt.signers.first?.fingerprint.count == 64)
        #expect(try await stage.records().count == 3)
    }

    @Test func theSameDetachedPairTwiceIsADuplicate() async throws {
        let stage = try await Stage()
        let signature = try TestPackages.detached(Self.roster)
        let files = [("a.csv", Array(Self.roster.utf8)), ("a.csv.p7s", signature)]
        _ = try await stage.file(files)
        #expect(try await stage.file(files).outcome.isDuplicate)
        let day = "state/archive/test/2026-11-21"
        #expect(stage.scene.folder.files(day).map { String($0.dropFirst(13)) } == ["a.csv", "a.csv.p7s"])
    }

    @Test(arguments: [SignatureSettings.Demand.optional, .forbidden])
    func plainDocumentsPassWhereSignaturesAreNotRequired(_ demand: SignatureSettings.Demand) async throws {
        let stage = try await Stage(TestPackages.settings(demand))
        let (prepared, _, receipt) = try await stage.file([("roster.csv", Array(Self.roster.utf8))])
        #expect(prepared.filing.outcome == .accepted)
        #expect(receipt.signature == .notSigned)
        #expect(try await stage.journal.verdict(of: prepared.filing.identity) == nil)
    }

    @Test func optionalSignaturesMustVerifyAllTheSame() async throws {
        let stage = try await Stage(TestPackages.settings(.optional))
        _ = try await stage.file([("a.csv.p7m", try TestPackages.attached(Self.roster))])
        let (prepared, _, _) = try await stage.file(
            [("b.csv.p7m", try TestPackages.attached(Self.roster, by: "other-signer"))])
        #expect(prepared.filing.outcome == .rejected)
        #expect(try await stage.records().count == 3)
    }

    // MARK: - Refused

    struct Bad: Sendable, CustomTestStringConvertible {
        var code: String
        var testDescription: String
        var settings: SignatureSettings = TestPackages.settings()
        var stage: Receipt.Stage = .signature
        var files: @Sendable () throws -> [(name: String, bytes: [UInt8])]

        init(
            _ code: String, _ name: String, settings: SignatureSettings = TestPackages.settings(),
            stage: Receipt.Stage = .signature, files: @escaping @Sendable () throws -> [(name: String, bytes: [UInt8])]
        ) {
            self.code = code
            testDescription = name
            self.settings = settings
            self.stage = stage
            self.files = files
        }
    }

    static let bad: [Bad] = [
        Bad("package.not-signed", "unsigned", stage: .transport) { [("roster.csv", Array(roster.utf8))] },
        Bad("package.not-signed", "bundle of certificates", stage: .transport) {
            [("c.p7b", PackageCreator.bundle([try TestPackages.certificate("test-root")]))]
        },
        Bad("package.signature-forbidden", "forbidden", settings: TestPackages.settings(.forbidden), stage: .transport)
        {
            [("roster.csv.p7m", try TestPackages.attached(roster))]
        },
        Bad("package.document-digest", "content changed") {
            [("roster.csv", Array(Forms.document(0..<4).utf8)), ("roster.csv.p7s", try TestPackages.detached(roster))]
        },
        Bad("package.document-digest", "content of a container changed") {
            let changed = Array(Forms.document(1..<4).utf8)
            var bytes = try TestPackages.asicE([("roster.csv", Array(roster.utf8))])
            // Stored, so that only the digest and the checksum of the entry are wrong; the checksum comes first.
            guard let start = bytes.firstRange(of: Array(roster.utf8))?.lowerBound else { return [] }
            bytes.replaceSubrange(start..<(start + changed.count), with: changed)
            return [("rosters.asice", bytes)]
        },
        Bad("package.wrong-signer", "wrong signer") {
            [("roster.csv.p7m", try TestPackages.attached(roster, by: "other-signer"))]
        },
        Bad("package.certificate-expired", "expired") {
            [("roster.csv.p7m", try TestPackages.attached(roster, by: "expired-signer"))]
        },
        Bad("package.certificate-revoked", "revoked") {
            [("roster.csv.p7m", try TestPackages.attached(roster, by: "revoked-signer"))]
        },
        Bad("package.unknown-root", "unknown root") {
            [("roster.csv.p7m", try TestPackages.attached(roster, by: "unknown-signer"))]
        },
        Bad("package.certificate-missing", "nobody is trusted", settings: SignatureSettings()) {
            [("roster.csv.p7m", try TestPackages.attached(roster))]
        },
        Bad("package.detached-content-missing", "signature without its document") {
            [("roster.csv.p7s", try TestPackages.detached(roster))]
        },
        Bad("package.malformed", "no package in spite of its name") { [("roster.csv.p7m", Array(roster.utf8))] },
    ]

    @Test(arguments: bad)
    func refusedPackagesLeaveNothingBehind(_ package: Bad) async throws {
        let stage = try await Stage(package.settings)
        let files = try package.files()
        let (prepared, outcome, receipt) = try await stage.file(files)
        #expect(prepared.filing.outcome == .rejected)
        let codes = Set(prepared.filing.findings.findings.map(\.code))
        if package.testDescription.hasPrefix("content of a container") {
            // The damage is seen in the container already, or in the digest of the manifest.
            #expect(!codes.isEmpty)
        } else {
            #expect(codes.contains(package.code), "\(codes)")
        }
        #expect(prepared.filing.findings.gravest == .fatal)
        #expect(try await stage.records().isEmpty)
        #expect(stage.journal.lastPosition == 0)
        #expect(outcome.summary?.outcome == .rejected)
        #expect(receipt.outcome == .rejected)
        #expect(receipt.reached == package.stage)
        #expect(receipt.findings.contains { codes.contains($0.code) })
        let kept = stage.scene.folder.files("state/quarantine").filter { !$0.hasSuffix(".reason.txt") }
        #expect(kept.count == files.count)
        #expect(stage.scene.folder.files("state/archive") == [])
        if package.stage == .signature {
            #expect(receipt.signature != .passed && receipt.signature != .notSigned)
            #expect(receipt.signers.contains { !$0.checks.isEmpty })
            #expect(try await stage.journal.verdict(of: prepared.filing.identity) != nil)
        }
    }
}
