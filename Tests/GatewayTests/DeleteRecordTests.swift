import CanonicalRecords
import Findings
import Inbound
import Journal
import Mappings
import Testing

@testable import Gateway

@Suite struct DeleteRecordTests {
    private func json(_ bytes: [UInt8]) throws -> [String] {
        try Toy.records(bytes).map { try Toy.json($0) }
    }

    private let key = RecordKey(
        bodyNumber: Int32(RecordSchema.canonical.recordType(named: "Person")?.bodyNumber ?? 0),
        id: Fingerprint(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210),
        content: Fingerprint(high: 1, low: 2), range: 0..<0)

    @Test func isOneDelimitedRecordThatNamesWhatIsGone() throws {
        var context = DeleteContext.none
        context.source = "test"
        context.mapping = "yutai.roster"
        context.mappingVersion = "0123456789abcdef"
        context.filing = String(repeating: "ab", count: 32)
        context.document = "名册.csv"
        context.receivedAt = "2026-11-21T08:00:00+08:00"
        context.areaCode = "370827"
        let written = try json(DeleteRecord.bytes(for: key, context))
        #expect(
            written == [
                """
                {"provenance":{"id":"0123456789abcdeffedcba9876543210","source":"test","mapping":"yutai.roster",\
                "mappingVersion":"0123456789abcdef","filing":"\(context.filing)","document":"名册.csv",\
                "operation":"OPERATION_DELETE","receivedAt":"2026-11-21T08:00:00+08:00","areaCode":"370827"},\
                "person":{}}
                """
            ])
    }

    @Test func summaryTellsTypeAndOperationForEveryRecordType() throws {
        for type in RecordSchema.canonical.recordTypes {
            var key = key
            key.bodyNumber = Int32(type.bodyNumber)
            let record = try #require(try Toy.records(DeleteRecord.bytes(for: key, .none)).first)
            let summary = try Toy.summary(record)
            #expect(summary.type == type.name)
            #expect(summary.operation == .delete)
            #expect(summary.id == key.id.description)
        }
    }

    /// The id of a deletion is that of the record it deletes, whatever the journal did to it in between.
    @Test func snapshotWithoutAPersonDeletesThatPerson() async throws {
        let scene = try Scene(areaCode: "370827")
        let journal = try await scene.journal()
        let intake = scene.intake()
        let mappings = Forms.set(Forms.snapshot)
        for (name, people) in [("one.csv", 0..<10), ("two.csv", 1..<10)] {
            let claim = try await scene.claim(name, Forms.document(people), by: intake)
            let prepared = try await scene.preparation(journal).prepare(claim, with: mappings)
            try await journal.commit([prepared.filing], at: Scene.now)
        }
        let records = try Toy.records(await journal.everything())
        #expect(records.count == 11)
        let last = try Toy.summary(records[10])
        #expect(last.operation == .delete)
        #expect(last.id == (try Toy.summary(records[0]).id))
        #expect(last.areaCode == "370827")
        try journal.close()
    }
}
