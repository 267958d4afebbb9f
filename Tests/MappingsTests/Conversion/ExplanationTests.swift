import Findings
import Testing
import TextEncodings

@testable import Mappings

@Suite struct ExplanationTests {
    private func explain(_ yaml: String, _ text: String, row: Int? = nil, revealing: Bool = false) throws -> Explanation
    {
        try explain(yaml, bytes: Array(text.utf8), row: row, revealing: revealing)
    }

    private func explain(
        _ yaml: String, bytes: [UInt8], row: Int? = nil, revealing: Bool = false
    ) throws -> Explanation {
        var survey = EncodingSurvey()
        survey.survey(bytes.span)
        return Explanation.of(
            bytes, mapping: try Convert.mapping(yaml), context: Convert.context, encoding: survey.finish(), row: row,
            revealing: revealing)
    }

    /// As a conversion finds it: UTF-16 without a byte order mark, and ASCII whatever it is declared to be.
    @Test func encodingIsThatOfAConversion() throws {
        let wide = Forms.casesDocument.replacing("UTF-8", with: "UTF-16").utf16.flatMap {
            [UInt8($0 & 0xFF), UInt8($0 >> 8)]
        }
        let explanation = try explain(Forms.cases, bytes: wide)
        #expect(!explanation.summary.isRejected)
        #expect(explanation.records.count == 2)
        let plain = """
            <?xml version="1.0" encoding="GBK"?><a:appeals xmlns:a="urn:yutai:appeals:1"/>
            """
        #expect(try explain(Forms.cases, plain).summary.findings.counts["xml.encoding-contradiction"] == nil)
    }

    @Test func fieldsTellWhereTheyComeFromAndWhatWasDone() throws {
        let explanation = try explain(Forms.roster, Forms.rosterDocument, row: 2)
        #expect(explanation.records.map(\.recordType) == ["Person", "RoleAssignment"])
        #expect(explanation.records.allSatisfy { $0.row == 2 })
        let mobile = try #require(explanation.records[0].fields.first { $0.name == "mobile" })
        #expect(mobile.sources.map(\.name) == ["联系电话"])
        #expect(mobile.sources.first?.place?.line == 5)
        #expect(mobile.sources.first?.raw == "１３８****０００２")
        #expect(mobile.result == "138****0002")
        #expect(mobile.steps == ["kind mobile-number"])
        let role = try #require(explanation.records[1].fields.first { $0.name == "role" })
        #expect(role.result == "UNIT_CHIEF")
        let person = try #require(explanation.records[1].fields.first { $0.name == "person" })
        #expect(person.steps.first == "key of Person")
        let place = try #require(explanation.records[1].fields.first { $0.name == "place" })
        #expect(place.sources.map(\.raw) == ["湖畔", "1", "2"])
    }

    @Test func findingsStandAtTheirFieldAndRevealingShowsTheValue() throws {
        let text = Forms.rosterDocument.replacing("370827190001010014", with: "370827190001010015")
        let explanation = try explain(Forms.roster, text, row: 1, revealing: true)
        let number = try #require(explanation.records[0].fields.first { $0.name == "identity_number" })
        #expect(number.findings == ["identity-number.checksum"])
        #expect(number.sources.first?.raw == "370827190001010015")
        #expect(number.result == nil)
        #expect(explanation.summary.rowsSetAside == 1)
    }

    @Test func eventsAreShownWithinTheirCase() throws {
        let explanation = try explain(Forms.cases, Forms.casesDocument)
        let events = try #require(explanation.records[0].fields.last)
        #expect(events.result?.contains("stage: RECEIVED") == true)
        #expect(events.steps == ["each body/case/flow/step"])
        #expect(events.sources.map(\.raw).prefix(3) == ["受理", "2026-03-01T08:30:00+08:00", "热线"])
        #expect(explanation.records[0].fields.first?.sources.map(\.name) == ["@id"])
        #expect(explanation.records[1].fields.last?.sources.isEmpty == true)
    }

    @Test func naturalKeysOfPeopleAreMaskedInFindingsAndExplanations() throws {
        let yaml = """
            mapping: m
            reads: { format: csv, header: [证] }
            gives:
              - record: RoleAssignment
                key: person
                fields: { person: { key-of: Person, by: { identity_number: 证 } }, organisation_name: 位 }
            delivery: upsert

            """
        let explanation = try explain(yaml, "证,位\n370827190001010015,甲\n")
        #expect(explanation.records[0].fields[0].sources.map(\.raw) == ["370827********0015"])
        #expect(explanation.summary.findings.findings.first?.value == "370827********0015")
    }

    @Test func messagesWithinARecordMaskTheirOwnFields() throws {
        let yaml = """
            mapping: m
            reads: { format: csv, header: [号] }
            gives:
              - record: Case
                key: number
                fields: { number: 号, resolution: { fields: { responsible_name: 人, method: 式 } } }
            delivery: upsert

            """
        let explanation = try explain(yaml, "号,人,式\n1,王小明,调解\n")
        #expect(explanation.records[0].fields[1].sources.map(\.raw) == ["调解", "王**"])
        #expect(explanation.records[0].fields[1].result?.contains("王小明") == false)
    }
}
