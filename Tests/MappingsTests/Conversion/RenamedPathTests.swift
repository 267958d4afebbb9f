import Findings
import Testing

@testable import Mappings

/// A path that no row of many has, while something that nobody reads is in its place.
@Suite struct RenamedPathTests {
    private static let yaml = """
        mapping: test.renamed
        reads: { format: xml, root: r }
        header: { on: head/@on }
        gives:
          - record: Case
            each: list/c
            key: number
            fields:
              number: "@n"
              title: [t, title]
              petitioner_name: p/name
              petitioner_mobile: p/@mobile
              events: { each: f/s, fields: { actor: a } }
        delivery: upsert

        """

    private func findings(_ rows: Int = 100, _ row: (Int) -> String) throws -> [String] {
        let body = (1...rows).map { "<c n='\($0)'>\(row($0))</c>" }.joined()
        let text = "<r><head on='2026-11-20'/><list>\(body)</list></r>"
        let result = try Convert.document(text, Convert.mapping(Self.yaml))
        #expect(result.cases.count == rows)
        return result.summary.findings.findings.map { "\($0.code) \($0.message.english)" }
    }

    private static func told(_ path: String, _ field: String, _ others: String) -> String {
        "mapping.path-missing \(path) is in none of the 100 rows and Case.\(field) stays empty; in its place there is "
            + "\(others), which the mapping does not read: the source may have renamed it"
    }

    private static let whole = "<t>一</t><p mobile='13800000001'><name>张三</name></p><f><s><a>甲</a></s></f>"

    @Test func whatIsReadIsNotMissing() throws {
        #expect(try findings { _ in Self.whole }.isEmpty)
        #expect(try findings { _ in Self.whole.replacing("<t>一</t>", with: "<title/>") + "<more/>" }.isEmpty)
        #expect(try findings { $0 == 50 ? Self.whole : "<more/>" }.isEmpty)
    }

    @Test(arguments: [
        ("t>", "header>", told("t/title", "title", "list/c/header")),
        ("name>", "xm>", told("p/name", "petitioner_name", "list/c/p/xm")),
        ("mobile", "phone", told("p/@mobile", "petitioner_mobile", "list/c/p/@phone")),
        ("a>", "who>", told("a", "events.actor", "list/c/f/s/who")),
        ("s>", "step>", told("a", "events.actor", "list/c/f/step")),
    ])
    func renamedOneIsTold(name: String, other: String, finding: String) throws {
        #expect(try findings { _ in Self.whole.replacing(name, with: other) } == [finding])
    }

    /// The element around them was renamed: that is what stands in their place.
    @Test func renamedGroupIsTold() throws {
        let row = Self.whole.replacing("<p ", with: "<person ").replacing("</p>", with: "</person>")
        let told = [("p/name", "petitioner_name"), ("p/@mobile", "petitioner_mobile")].map {
            Self.told($0.0, $0.1, "list/c/person")
        }
        #expect(try findings { _ in row } == told)
    }

    @Test func nothingIsToldWhereNothingElseIsInItsPlace() throws {
        #expect(try findings { _ in Self.whole.replacing(" mobile='13800000001'", with: "") }.isEmpty)
        #expect(try findings { _ in Self.whole.replacing(" mobile='13800000001'", with: "") + "<more/>" }.isEmpty)
        #expect(try findings { _ in Self.whole.replacing("mobile='13800000001'", with: "") + "<more a=''/>" }.isEmpty)
        #expect(try findings { _ in Self.whole.replacing("<t>", with: "<!--").replacing("</t>", with: "-->") }.isEmpty)
    }

    @Test func fewRowsTellNothing() throws {
        let row = Self.whole.replacing("name>", with: "xm>")
        #expect(try findings(99) { _ in row }.isEmpty)
        #expect(try findings(100) { _ in row }.count == 1)
    }

    /// Nobody makes a message long.
    @Test func onlySomeOfManyAreNamed() throws {
        let others = (1...20).map { "<x\($0)/>" }.joined()
        let told = Self.told("t/title", "title", "list/c/x1, list/c/x2, list/c/x3, list/c/x4, list/c/x5")
        #expect(try findings { _ in Self.whole.replacing("<t>一</t>", with: others) } == [told])
    }
}
