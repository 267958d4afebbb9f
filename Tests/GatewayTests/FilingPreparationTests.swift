import CanonicalRecords
import Findings
import Foundation
import Inbound
import Journal
import Mappings
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(4))) struct FilingPreparationTests {
    let scene: Scene
    let journal: Journal

    init() async throws {
        scene = try Scene(areaCode: "370827")
        journal = try await scene.journal()
    }

    private func prepare(
        _ name: String, _ text: String, _ mappings: MappingSet, limits: GatewayLimits = GatewayLimits(),
        source: SourceSettings? = nil, by intake: Intake? = nil
    ) async throws -> PreparedFiling {
        let claim = try await scene.claim(name, text, by: intake ?? scene.intake())
        let preparation = FilingPreparation(
            journal: journal, source: source ?? scene.source, limits: limits, identityKey: .published,
            trust: scene.trust, crashHook: nil, logger: scene.logger, now: { Scene.now })
        return try await preparation.prepare(claim, with: mappings)
    }

    private func bytes(_ records: FilingRecords) -> [UInt8]? {
        guard case .chunks(let chunks) = records else { return nil }
        return chunks.flatMap(\.bytes)
    }

    @Test func acceptedFilingCarriesItsRecordsAndCounts() async throws {
        let prepared = try await prepare("roster.csv", Forms.document(0..<3), Forms.set(Forms.roster))
        let filing = prepared.filing
        #expect(filing.outcome == .accepted)
        #expect(filing.identity.hex == prepared.inspection.hash.hexadecimal)
        #expect(filing.identity.source == "test")
        #expect(filing.claim == prepared.claim.id.description)
        #expect(filing.name == Array("roster.csv".utf8))
        #expect(filing.size == Int64(Forms.document(0..<3).utf8.count))
        #expect(filing.encoding == "UTF-8")
        #expect(filing.receivedAt == Scene.now)
        #expect(filing.mapping?.id == "yutai.roster")
        #expect(filing.counts.rowsReconcile)
        #expect(filing.counts.recordsByType == ["Person": 3])
        #expect(filing.findings.total == 0)
        #expect(filing.delivery.scope == "test/yutai.roster")
        let records = try Toy.records(try #require(bytes(filing.records)))
        #expect(records.count == 3)
        #expect(prepared.recordBytes == bytes(filing.records)?.count)
        let text = try Toy.json(records[0])
        #expect(text.contains("\"receivedAt\":\"2026-11-21T08:00:00+08:00\""))
        #expect(text.contains("\"areaCode\":\"370827\""))
        #expect(text.contains("\"document\":\"roster.csv\""))
        #expect(text.contains("\"filing\":\"\(filing.identity.hex)\""))
    }

    @Test func keysNameTheRecordsThatTheyBelongTo() async throws {
        let prepared = try await prepare("roster.csv", Forms.document(0..<3), Forms.set(Forms.roster))
        guard case .chunks(let chunks) = prepared.filing.records else {
            Issue.record("small filings are not staged")
            return
        }
        for chunk in chunks {
            #expect(chunk.keys.count == chunk.count)
            for key in chunk.keys {
                let record = try #require(try Toy.records(Array(chunk.bytes[key.range])).first)
                let summary = try Toy.summary(record)
                #expect(summary.id == key.id.description)
                #expect(summary.type == RecordSchema.canonical.recordType(bodyNumber: Int(key.bodyNumber))?.name)
            }
        }
    }

    @Test func eventsNeedNoKeysAndHaveNoScope() async throws {
        let prepared = try await prepare("roster.csv", Forms.document(0..<3), Forms.set(Forms.events))
        #expect(prepared.filing.delivery.scope == nil)
        guard case .chunks(let chunks) = prepared.filing.records else { return }
        #expect(chunks.allSatisfy { $0.keys.isEmpty })
    }

    @Test func badRowIsAFindingAndTheRestIsConverted() async throws {
        let document = Forms.document(0..<2, extra: Forms.badRow)
        let prepared = try await prepare("roster.csv", document, Forms.set(Forms.roster))
        #expect(prepared.filing.outcome == .acceptedWithFindings)
        #expect(prepared.filing.counts.rowsSetAside == 1)
        #expect(prepared.filing.counts.rowsReconcile)
        #expect(prepared.filing.findings.findings.map(\.code) == ["identity-number.checksum"])
    }

    struct Rejection: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var text: String
        var forms: [String]
        var code: String
        var limit = GatewayLimits().filingSize
        var allowed: [String] = []
    }

    static let rejections: [Rejection] = [
        Rejection(testDescription: "no bytes", text: "", forms: [Forms.roster], code: "filing.empty"),
        Rejection(
            testDescription: "too large", text: Forms.document(0..<3), forms: [Forms.roster],
            code: "filing.too-large", limit: 20),
        Rejection(testDescription: "no mapping", text: "a,b\n1,2\n", forms: [Forms.roster], code: "mapping.none"),
        Rejection(
            testDescription: "mapping that the source may not use", text: Forms.document(0..<3), forms: [Forms.roster],
            code: "mapping.none", allowed: ["another.form"]),
        Rejection(
            testDescription: "two mappings", text: Forms.document(0..<3),
            forms: [Forms.roster, Forms.roster.replacing("yutai.roster", with: "yutai.other")],
            code: "mapping.ambiguous"),
        Rejection(
            testDescription: "a bad row where none is allowed",
            text: Forms.document(0..<2, extra: Forms.badRow),
            forms: [Forms.roster + "on-error: filing\n"], code: "mapping.row-refused"),
    ]

    @Test(arguments: rejections) func rejectedFilingHasTheFindingLastAndNoRecords(_ row: Rejection) async throws {
        var source = scene.source
        source.mappings = row.allowed
        var limits = GatewayLimits()
        limits.filingSize = row.limit
        let files = row.forms.enumerated().map { MappingFile(path: "\($0.offset).yaml", bytes: Array($0.element.utf8)) }
        let load = MappingSet.load(files: files)
        #expect(load.problems.map(\.description) == [])
        let prepared = try await prepare("f.csv", row.text, load.set, limits: limits, source: source)
        #expect(prepared.filing.outcome == .rejected)
        let fatal = prepared.filing.findings.findings.filter { $0.severity == .fatal }
        #expect(fatal.map(\.code) == [row.code])
        #expect(bytes(prepared.filing.records) == [])
        let outcome = try await journal.commit([prepared.filing], at: Scene.now)
        #expect(outcome[0].summary?.outcome == .rejected)
        #expect(journal.lastPosition == 0)
    }

    @Test func aMappingThatTheSourceMayUseIsChosenAmongOthers() async throws {
        var source = scene.source
        source.mappings = ["yutai.other"]
        let other = Forms.roster.replacing("yutai.roster", with: "yutai.other")
        let files = [Forms.roster, other].enumerated().map {
            MappingFile(path: "\($0.offset).yaml", bytes: Array($0.element.utf8))
        }
        let prepared = try await prepare(
            "f.csv", Forms.document(0..<3), MappingSet.load(files: files).set, source: source)
        #expect(prepared.filing.mapping?.id == "yutai.other")
    }
}

// MARK: - Big filings

extension FilingPreparationTests {
    /// Rows enough to cross the threshold; the long name makes the records longer and the rows fewer.
    private static let bigName = String(repeating: "n", count: 150) + ".csv"
    private static let bigRows = 12_000

    /// The same document converted in memory.
    private func converted(
        _ claim: ClaimedFiling, _ inspection: FilingInspection, _ mapping: Mapping
    ) async throws -> [UInt8] {
        let context = FilingContext(
            source: "test", filing: inspection.hash.hexadecimal, document: claim.name.displayed,
            receivedAt: "2026-11-21T08:00:00+08:00", areaCode: "370827", identityKey: .published)
        var reader = claim.reader()
        var bytes: [UInt8] = []
        _ = try await FilingConverter(mappings: .empty, limits: GatewayLimits()).convert(
            &reader, with: mapping, context: context, inspection: inspection
        ) { batch, _ in
            bytes += batch.bytes
        }
        return bytes
    }

    @Test func bigFilingIsStagedAndGivesTheSameRecords() async throws {
        let mappings = Forms.set(Forms.roster)
        let prepared = try await prepare(Self.bigName, Forms.document(0..<Self.bigRows), mappings)
        guard case .staged = prepared.filing.records else {
            Issue.record("\(prepared.filing.outcome): \(prepared.recordBytes) bytes were not staged")
            return
        }
        #expect(prepared.filing.findings.counts == [:])
        #expect(prepared.recordBytes == 0)
        #expect(journal.lastPosition == 0)
        #expect(try await journal.everything().isEmpty)
        let outcome = try await journal.commit([prepared.filing], at: Scene.now)[0]
        #expect(outcome.summary?.changes == RecordChanges(new: Self.bigRows))
        #expect(outcome.summary?.reconciles == true)
        let expected = try await converted(prepared.claim, prepared.inspection, mappings.mappings[0])
        #expect(expected.count > FilingPreparation.stagingThreshold)
        #expect(try await journal.everything() == expected)
    }

    @Test func bigSnapshotDeletesWhatItNoLongerStates() async throws {
        let mappings = Forms.set(Forms.snapshot)
        let intake = scene.intake()
        let people = Self.bigRows - 1..<Self.bigRows + 1
        let small = try await prepare("small.csv", Forms.document(people), mappings, by: intake)
        try await journal.commit([small.filing], at: Scene.now)
        var big = try await prepare(Self.bigName, Forms.document(0..<Self.bigRows), mappings, by: intake)
        guard case .staged = big.filing.records, case .snapshot(var snapshot) = big.filing.delivery else {
            Issue.record("not staged as a snapshot")
            return
        }
        snapshot.guardShare = 1
        big.filing.delivery = .snapshot(snapshot)
        let outcome = try await journal.commit([big.filing], at: Scene.now)[0]
        #expect(outcome.summary?.changes == RecordChanges(new: Self.bigRows - 1, unchanged: 1, deleted: 1))
        let last = try #require(try Toy.records(await journal.everything()).last)
        let summary = try Toy.summary(last)
        #expect(summary.operation == .delete)
        #expect(summary.filing == big.inspection.hash.hexadecimal)
    }

    @Test func rejectedBigFilingLeavesNothingBehind() async throws {
        let form = Forms.set(Forms.roster + "on-error: filing\n")
        let document = Forms.document(0..<Self.bigRows, extra: Forms.badRow)
        let prepared = try await prepare(Self.bigName, document, form)
        #expect(prepared.filing.outcome == .rejected)
        #expect(bytes(prepared.filing.records) == [])
        try await journal.commit([prepared.filing], at: Scene.now)
        #expect(journal.lastPosition == 0)
        #expect(try await journal.removeAbandonedStagings() == 0)
    }

    /// Without mappings a conversion could only end in a rejection.
    @Test func duplicateOfABigFilingIsNotConvertedAgain() async throws {
        let document = "姓名,身份证号\n" + String(repeating: " ", count: FilingPreparation.stagingThreshold)
        let first = try await scene.claim("one.csv", document, by: scene.intake())
        let inspection = try first.inspect()
        let digest = try #require(FilingDigest(hex: inspection.hash.hexadecimal))
        var known = Toy.filing(1, [Toy.person(1)])
        known.identity = FilingIdentity(source: "test", digest: digest)
        known.mapping = MappingReference(id: "yutai.roster", version: "1")
        try await journal.commit([known], at: Scene.now)
        let prepared = try await scene.preparation(journal).prepare(first, with: .empty)
        #expect(prepared.filing.outcome == .accepted)
        #expect(prepared.filing.mapping == known.mapping)
        let outcome = try await journal.commit([prepared.filing], at: Scene.now)[0]
        #expect(outcome.isDuplicate)
        #expect(journal.lastPosition == 1)
    }

    @Test func rejectedBigFilingIsConvertedAgain() async throws {
        let document = "姓名,身份证号\n" + String(repeating: " ", count: FilingPreparation.stagingThreshold)
        let claim = try await scene.claim("one.csv", document, by: scene.intake())
        let digest = try #require(FilingDigest(hex: try claim.inspect().hash.hexadecimal))
        var known = Toy.filing(1, [])
        known.identity = FilingIdentity(source: "test", digest: digest)
        known.outcome = .rejected
        try await journal.commit([known], at: Scene.now)
        let prepared = try await scene.preparation(journal).prepare(claim, with: .empty)
        #expect(prepared.filing.findings.findings.map(\.code) == ["mapping.none"])
    }
}

// MARK: - After a crash

extension FilingPreparationTests {
    /// What the next start claims; an intake that is still letting go is waited out.
    private func nextStart() async throws -> ClaimedFiling {
        try #require(try await scene.intake().claimNext(limit: 1).first)
    }

    @Test func claimThatWasCommittedBeforeTheCrashIsNotConvertedAgain() async throws {
        do {
            let prepared = try await prepare("roster.csv", Forms.document(0..<3), Forms.set(Forms.roster))
            try await journal.commit([prepared.filing], at: Scene.now)
        }
        let claim = try await nextStart()
        #expect(claim.standing == .recovered)
        let prepared = try await scene.preparation(journal).prepare(claim, with: .empty)
        #expect(prepared.filing.outcome == .accepted)
        let outcome = try await journal.commit([prepared.filing], at: Scene.now)[0]
        guard case .repeated = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(journal.lastPosition == 3)
    }

    /// A power cut takes what the sender's program had not made durable. The records are there: what is left of the original is
    /// no filing of its own, and a roster that ends early deletes nobody.
    @Test(arguments: [0, 40]) func whatIsLeftOfACommittedOriginalIsNotFiled(length: Int) async throws {
        do {
            let prepared = try await prepare("roster.csv", Forms.document(0..<3), Forms.set(Forms.roster))
            try await journal.commit([prepared.filing], at: Scene.now)
        }
        let work = scene.source.inbound + "/.qiao/work"
        let names = scene.folder.files("in/.qiao/work").filter { $0.contains("roster.csv") }
        #expect(truncate(work + "/" + (try #require(names.first)), length) == 0)
        let claim = try await nextStart()
        let prepared = try await scene.preparation(journal).prepare(claim, with: Forms.set(Forms.roster))
        let outcome = try await journal.commit([prepared.filing], at: Scene.now)[0]
        guard case .repeated(let summary, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(summary.outcome == .accepted)
        #expect(journal.lastPosition == 3)
        #expect(try await journal.filings(FilingQuery(limit: 9)).count == 1)
        #expect(scene.trail.events.contains { $0.contains("its original is not what it was") })
    }

    @Test func filingThatEndsTheProcessTwiceIsRejectedUnread() async throws {
        do {
            let claim = try await scene.claim("roster.csv", Forms.document(0..<3), by: scene.intake())
            try claim.beginAttempt()
        }
        do {
            let claim = try await nextStart()
            #expect(claim.standing == .suspect)
            try claim.beginAttempt()
        }
        let claim = try await nextStart()
        #expect(claim.standing == .culprit)
        let prepared = try await scene.preparation(journal).prepare(claim, with: Forms.set(Forms.roster))
        #expect(prepared.filing.outcome == .rejected)
        #expect(prepared.filing.findings.findings.map(\.code) == ["filing.crashed"])
    }

    @Test func suspectThatConvertsWellIsAccepted() async throws {
        do {
            let claim = try await scene.claim("roster.csv", Forms.document(0..<3), by: scene.intake())
            try claim.beginAttempt()
        }
        do {
            let claim = try await nextStart()
            let prepared = try await scene.preparation(journal).prepare(claim, with: Forms.set(Forms.roster))
            #expect(prepared.filing.outcome == .accepted)
        }
        // Nothing speaks against it any more.
        #expect(try await nextStart().standing == .recovered)
    }
}
