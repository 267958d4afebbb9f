import CanonicalRecords
import Findings
import Testing
import TextEncodings

@testable import Mappings

@Suite struct FilingConversionTests {
    @Test func casesOfTheDocumentationAreReadWithTheirEvents() throws {
        let result = try Convert.document(Forms.casesDocument, Convert.mapping(Forms.cases))
        #expect(result.cases.map(\.number) == ["AJ-001", "AJ-002"])
        #expect(result.cases.map(\.channel) == [.call, .online])
        #expect(result.cases[0].receivedAt == "2026-03-01T08:30:00+08:00")
        #expect(result.cases[1].receivedAt == "2026-03-03T09:00:00+08:00")
        #expect(result.cases[0].events.map(\.stage) == [.received, .handling])
        #expect(result.cases[0].events.map(\.actor) == ["热线", "水务&供暖"])
        #expect(result.cases[0].events.map(\.at) == ["2026-03-01T08:30:00+08:00", "2026-03-02T10:00:00+08:00"])
        #expect(result.cases[1].events.isEmpty)
        #expect(result.records.map(\.provenance.line) == [5, 9])
        #expect(result.records.map(\.provenance.row) == [1, 2])
        #expect(result.summary.controlTotals.map(\.declared) == [2])
        #expect(result.summary.controlTotals.map(\.agrees) == [true])
        #expect(result.summary.header == ["declared": "2"])
        #expect(result.summary.rowsRead == 2)
    }

    @Test(arguments: [
        ("</a:case>", "</a:cas>"), ("<a:body>", "<a:body"), ("</a:appeals>", ""), ("&amp;", "&nope;"),
        ("<a:appeals", "<!DOCTYPE x><a:appeals"),
    ])
    func malformedXMLRejectsWhole(found: String, replacement: String) throws {
        let text = Forms.casesDocument.replacing(found, with: replacement)
        let result = try Convert.document(text, Convert.mapping(Forms.cases))
        #expect(result.summary.isRejected)
        #expect(result.summary.rejection?.place != nil)
        #expect(result.records.isEmpty)
    }

    @Test func otherRootIsAMismatch() throws {
        let result = try Convert.document("<b/>", Convert.mapping(Forms.cases))
        #expect(result.summary.rejection?.code == "mapping.mismatch")
        #expect(
            result.summary.rejection?.message.english.hasSuffix(
                "its root element is <b>, and the mapping reads <appeals> {urn:yutai:appeals:1}") == true)
    }

    @Test func declaredCountThatDiffersIsAFinding() throws {
        let text = Forms.casesDocument.replacing("<a:count>2<", with: "<a:count>3<")
        let result = try Convert.document(text, Convert.mapping(Forms.cases))
        #expect(result.codes.last == "mapping.control-differs")
        #expect(result.records.count == 2)
    }

    @Test func missingDeclaredCountIsAFinding() throws {
        let text = Forms.casesDocument.replacing("<a:count>2</a:count>", with: "")
        let result = try Convert.document(text, Convert.mapping(Forms.cases))
        #expect(result.codes.last == "mapping.control-missing")
    }

    @Test func valuesOfElementsAroundARecordCanBeUsed() throws {
        let yaml = """
            mapping: m
            reads: { format: xml, root: r }
            gives:
              - record: Place
                each: community
                key: code
                fields: { code: "@code", name: name }
              - record: Person
                each: community/person
                key: identity_number
                fields:
                  name: .
                  identity_number: "@id"
                  residence: ../@code
                  workplace: ../name
            delivery: event

            """
        let text = """
            <r><community code="370827001"><name>甲</name><person id="370827190001010014">张三</person></community>
            <community code="370827002"><person id="370827190001010057">李四</person><name>乙</name></community></r>
            """
        let result = try Convert.document(text, Convert.mapping(yaml))
        #expect(result.persons.map(\.name) == ["张三", "李四"])
        #expect(result.persons.map(\.workplace) == ["甲", ""])
        let places = result.records.filter { if case .place? = $0.body { true } else { false } }
        #expect(places.map(\.provenance.id) == result.persons.map(\.residence))
        #expect(places.map(\.place.name) == ["甲", "乙"])
        #expect(result.records.map(\.provenance.row) == [2, 1, 4, 3])
    }

    @Test func repeatedElementsFillListsAndSingleFieldsTakeTheFirst() throws {
        let yaml = """
            mapping: m
            reads: { format: xml, root: r }
            gives:
              - record: Case
                each: c
                key: number
                fields: { number: n, assisting_units: unit, title: t, parties: { from: p, split: [、, "，"] } }
            delivery: event

            """
        let text = "<r><c><n>1</n><unit>甲</unit><unit>乙</unit><t>一</t><t>二</t><p>张三、李四，王五</p></c></r>"
        let result = try Convert.document(text, Convert.mapping(yaml))
        #expect(result.cases.first?.assistingUnits == ["甲", "乙"])
        #expect(result.cases.first?.title == "一")
        #expect(result.cases.first?.parties == ["张三", "李四", "王五"])
        #expect(result.findings == ["mapping.value-repeated@1:t"])
    }

    /// Of a text that is joined, and of a natural key, only the first value is taken, too.
    @Test(arguments: [
        "title: { join: [p, q], with: \"/\" }", "title: { join: [p, q], with: \"——\" }",
        "title: { join: [[x, p], q], with: \"/\" }",
        "place: p", "place: { join: [p, q], with: \"/\" }", "place: { key-of: Place, by: { code: p } }",
        "place: { key-of: Place, by: { code: { join: [p, q] } } }",
    ])
    func repeatedPartsAreTold(_ field: String) throws {
        let yaml = """
            mapping: m
            reads: { format: xml, root: r }
            gives: [{ record: Case, each: c, key: number, fields: { number: n, \(field) } }]
            delivery: event

            """
        let mapping = try Convert.mapping(yaml)
        let result = try Convert.document("<r><c><n>1</n><p>甲</p><p>乙</p><q>丙</q></c></r>", mapping)
        #expect(result.findings == ["mapping.value-repeated@1:p"])
        #expect(result.summary.findings.findings.first?.place?.column == 23)
        let single = try Convert.document("<r><c><n>1</n><p>甲</p><q>丙</q></c></r>", mapping)
        #expect(single.findings == [])
        #expect(single.cases == result.cases)
    }

    @Test func requiredFieldOfAnEventSetsTheCaseAside() throws {
        let yaml = Forms.cases.replacing("stage: \"@stage\"", with: "stage: { from: \"@stage\", required: true }")
        let text = Forms.casesDocument.replacing("stage=\"办理\"", with: "stage=\"某某\"")
        let result = try Convert.document(text, Convert.mapping(yaml))
        #expect(result.cases.map(\.number) == ["AJ-002"])
        #expect(result.summary.rowsSetAside == 1)
        #expect(result.findings.first == "enum.unknown@1:@stage")
    }

    @Test func headValueBehindTheRecordsThatNeedItIsTold() throws {
        let yaml = Forms.cases.replacing("channel: a:channel", with: "channel: { header: declared }")
        let text = Forms.casesDocument.replacing("<a:head><a:count>2</a:count></a:head>", with: "")
            .replacing("</a:appeals>", with: "<a:head><a:count>2</a:count></a:head></a:appeals>")
        let result = try Convert.document(text, Convert.mapping(yaml))
        #expect(result.codes == ["mapping.header-late"])
        #expect(result.summary.controlTotals.map(\.agrees) == [true])
    }

    @Test func unmappedElementsAndAttributesAreListedOnce() throws {
        let text = Forms.casesDocument.replacing(
            "<a:channel>", with: "<a:phone k=\"1\">x<a:deep/></a:phone><a:channel lang=\"zh\">")
        let result = try Convert.document(text, Convert.mapping(Forms.cases))
        #expect(result.summary.unmapped == ["body/case/phone", "body/case/channel/@lang"])
    }

    @Test func valuesOverTheFieldLimitAreLeftOut() throws {
        let text = Forms.casesDocument.replacing("热线", with: String(repeating: "热", count: 200))
        let result = try Convert.document(text, Convert.mapping(Forms.cases), limits: ConversionLimits(fieldSize: 300))
        #expect(result.cases[0].events[0].actor == "")
        #expect(result.findings == ["mapping.value-too-long@1:a:handler"])
    }

    @Test func recordWithEndlessValuesIsSetAside() throws {
        let steps = String(repeating: "<a:step stage=\"受理\" at=\"2026-03-01\"/>", count: 2_000)
        let text = Forms.casesDocument.replacing("<a:flow>", with: "<a:flow>" + steps)
        let result = try Convert.document(
            text, Convert.mapping(Forms.cases), limits: ConversionLimits(recordSize: 10_000))
        #expect(result.cases.map(\.number) == ["AJ-002"])
        #expect(result.codes.filter { $0 == "mapping.record-too-large" }.count == 1)
    }

    /// Elements that nobody reads nest in themselves, beside empty ones: they are told apart by their depth.
    @Test func elementsThatNestInThemselvesAreNoOthers() throws {
        let nested = """
            <d><d>x</d></d><e></e><f/><d><d>x</d></d><g xmlns="urn:other"></g><f/><d><d><d><d>x</d></d></d></d><f/>
            """
        let text = Forms.casesDocument.replacing("<a:flow>", with: nested + "<a:flow>")
        let mapping = try Convert.mapping(Forms.cases)
        let expected = try Convert.document(Forms.casesDocument, mapping)
        let result = try Convert.document(text, mapping)
        #expect(result.findings == expected.findings)
        #expect(result.cases == expected.cases)
    }

    /// What a document says once for all of its records, it says once: another value is told, wherever it stands.
    @Test(arguments: [
        ("<a:head><a:count>2</a:count>", "<a:head><a:count>2</a:count><a:count>9</a:count><a:count>9</a:count>"),
        ("</a:appeals>", "<a:head><a:count>9</a:count></a:head></a:appeals>"),
    ])
    func secondValueOfTheHeadIsTold(found: String, replacement: String) throws {
        let one = Forms.casesDocument.replacing(/<a:head>\s*<a:count>/, with: "<a:head><a:count>")
        let result = try Convert.document(one.replacing(found, with: replacement), Convert.mapping(Forms.cases))
        #expect(result.findings == ["mapping.value-repeated@-:a:head/a:count"])
        #expect(result.summary.controlTotals.map(\.declared) == [2])
        #expect(result.summary.controlTotals.map(\.agrees) == [true])
    }

    @Test func encodingThatTheDeclarationDeniesIsTold() throws {
        let text = Forms.casesDocument.replacing("encoding=\"UTF-8\"", with: "encoding=\"GBK\"")
        let result = try Convert.document(text, Convert.mapping(Forms.cases))
        #expect(result.codes == ["xml.encoding-contradiction"])
        #expect(result.cases.count == 2)
    }

    /// Nearly all bytes mean something in GB18030: texts in Big5 would come out as other characters.
    @Test func unknownEncodingIsNotGuessed() throws {
        let text = Forms.casesDocument.replacing("encoding=\"UTF-8\"", with: "encoding=\"Big5\"")
        let bytes = GB18030.encode(text)
        let guessed = try Convert.document(bytes, Convert.mapping(Forms.cases), encoding: .gb18030)
        #expect(guessed.summary.rejection?.code == "xml.encoding-unsupported")
        #expect(guessed.records.isEmpty)
        let yaml = Forms.cases.replacing("format: xml", with: "format: xml\n  encoding: gb18030")
        let named = try Convert.document(bytes, Convert.mapping(yaml), encoding: .gb18030)
        #expect(named.codes == ["xml.encoding-unknown"])
        #expect(named.cases.count == 2)
    }
}
