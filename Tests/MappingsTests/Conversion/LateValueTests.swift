import CanonicalRecords
import Findings
import Testing

@testable import Mappings

/// Values of an element around the records: what comes behind records is not there for them.
@Suite struct LateValueTests {
    private static let yaml = """
        mapping: test.groups
        reads: { format: xml, root: r }
        gives:
          - record: Organisation
            each: g
            key: name
            fields: { name: n }
          - record: Place
            each: g/p
            key: code
            fields: { code: "@c", parent_name: ../n, address: ../h/@a }
          - record: Case
            each: g/c
            key: number
            fields: { number: "@c", events: { each: s, fields: { actor: ../w } } }
        delivery: upsert

        """

    private func filing(_ groups: String, blockSize: Int? = nil) throws -> ConvertedDocument {
        var limits = ConversionLimits()
        limits.blockSize = blockSize
        return try Convert.document("<r>\(groups)</r>", Convert.mapping(Self.yaml), limits: limits)
    }

    @Test(arguments: [nil, 1]) func valueBehindARecordIsTold(blockSize: Int?) throws {
        let result = try filing(
            "<g><p c='1'/><n>甲</n><p c='2'/><h a='一'/></g><g><n>乙</n><h a='二'/><p c='3'/></g>", blockSize: blockSize)
        #expect(result.records.filter { $0.place != .init() }.map(\.place.parentName) == ["", "甲", "乙"])
        #expect(result.findings == ["mapping.header-late@-:../n", "mapping.header-late@-:../h/@a"])
        let place = result.summary.findings.findings.first?.place
        #expect(place == SourcePlace(line: 1, column: 17, offset: 16))
    }

    @Test func valueBehindPartsOfARecordIsTold() throws {
        let result = try filing("<g><n>甲</n><c c='1'><s/><w>乙</w><s/></c></g>")
        #expect(result.findings == ["mapping.header-late@-:../w"])
    }

    private func alternatives(_ body: String) throws -> ConvertedDocument {
        let yaml = """
            mapping: test.alternatives
            reads: { format: xml, root: r }
            gives:
              - record: Place
                each: g/p
                key: code
                fields:
                  code: "@c"
                  parent_name: [../n, "../@n", ../m]
                  address: [a, ../a]
            delivery: upsert

            """
        return try Convert.document("<r>\(body)</r>", Convert.mapping(yaml))
    }

    /// A value that would have come after another one in the list is not missed.
    @Test(arguments: [
        ("<g><n>甲</n><p c='1'/><m>乙</m></g>", []),
        ("<g n='甲'><p c='1'/><m>乙</m></g>", []),
        ("<g><m>甲</m><p c='1'/><n>乙</n></g>", ["mapping.header-late@-:../n"]),
        ("<g><p c='1'/><n>甲</n><m>乙</m></g>", ["mapping.header-late@-:../n"]),
        ("<g><p c='1'/><m>乙</m></g>", ["mapping.header-late@-:../m"]),
        ("<g n='甲'><p c='1'/></g><g><p c='2'/><m>乙</m></g>", ["mapping.header-late@-:../m"]),
        ("<g><p c='1'><a>甲</a></p><a>乙</a></g>", ["mapping.header-late@-:../a"]),
    ])
    func onlyWhatWouldHaveBeenUsedIsTold(_ body: String, _ findings: [String]) throws {
        #expect(try alternatives(body).findings.filter { $0.contains("late") } == findings)
    }

    @Test(arguments: [
        "<g><n>甲</n><p c='1'/><p c='2'/></g>", "<g><c c='1'><w>乙</w><s/></c><n>甲</n><p c='1'/></g>",
        "<g><p c='1'/></g><g><n>乙</n></g>", "<g><c c='1'/><n>甲</n></g>",
    ])
    func othersAreNot(groups: String) throws {
        #expect(try filing(groups).findings.filter { $0.contains("late") } == [])
    }
}
