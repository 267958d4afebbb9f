import Findings
import Testing

@testable import Mappings

/// Which set a snapshot replaces, as its head says.
@Suite struct SnapshotScopeTests {
    private func roster(_ head: String, as kind: String = "text") throws -> ConvertedDocument {
        let yaml = """
            mapping: test.places
            reads: { format: csv, header: [编码] }
            header:
              community: { after: 社区, as: \(kind) }
            gives:
              - record: Place
                key: code
                fields: { code: 编码, name: 名称 }
            delivery: { kind: snapshot, scope: header.community }

            """
        return try Convert.document("\(head)编码,名称\n1,一\n2,二\n", Convert.mapping(yaml))
    }

    private func filing(_ content: String) throws -> ConvertedDocument {
        let yaml = """
            mapping: test.places
            reads: { format: xml, root: r }
            header: { community: h/@name }
            gives:
              - record: Place
                each: p
                key: code
                fields: { code: "@code", name: "." }
            delivery: { kind: snapshot, scope: header.community }

            """
        return try Convert.document("<r>\(content)</r>", Convert.mapping(yaml))
    }

    @Test(arguments: ["社区：丙1,\n", "社 区: 丙１ ,\n", "社区,丙1\n"]) func valueIsEvenedOut(head: String) throws {
        let result = try roster(head)
        #expect(result.summary.snapshotScope == "test.places/丙1")
        #expect(result.records.count == 2)
        #expect(result.findings == [])
    }

    @Test(arguments: ["", "社区：,\n", "社区：无,\n"]) func rosterWithoutItIsRejected(head: String) throws {
        let result = try roster(head)
        #expect(result.summary.isRejected)
        #expect(result.records.isEmpty)
        #expect(result.findings == ["mapping.scope-missing@-:社区"])
    }

    @Test func valueThatCannotBeUsedIsNone() throws {
        #expect(try roster("社区：370827,\n", as: "area-code").summary.snapshotScope == "test.places/370827")
        #expect(try roster("社区：3708,\n", as: "area-code").findings == ["mapping.scope-missing@-:社区"])
    }

    @Test func filingSaysItBeforeItsRecords() throws {
        let result = try filing("<h name='甲'/><p code='1'>一</p><p code='2'>二</p>")
        #expect(result.summary.snapshotScope == "test.places/甲")
        #expect(result.records.count == 2)
        // An empty one, too.
        #expect(try filing("<h name='甲'/>").summary.snapshotScope == "test.places/甲")
    }

    @Test(arguments: ["<p code='1'>一</p><p code='2'>二</p>", "<p code='1'>一</p><h name='甲'/><p code='2'>二</p>", ""])
    func filingThatSaysItTooLateOrNotAtAllIsRejected(content: String) throws {
        let result = try filing(content)
        #expect(result.summary.isRejected)
        #expect(result.records.isEmpty)
        #expect(result.findings == ["mapping.scope-missing@-:h/@name"])
    }
}
