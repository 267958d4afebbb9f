import CanonicalRecords
import Findings
import Testing

@testable import Mappings

/// Degrees that no point of the earth has, and pairs the wrong way round.
@Suite struct CoordinateTests {
    struct Point: Sendable, CustomTestStringConvertible {
        var name: String
        var cells: String
        var kept: [Double?]
        var findings: [String]
        var testDescription: String { name }

        init(_ name: String, _ cells: String, kept: Double?..., told: String...) {
            self.name = name
            self.cells = cells
            self.kept = kept
            findings = told
        }
    }

    @Test(arguments: [
        Point("in China", "116.65,35.01", kept: 116.65, 35.01),
        Point("west and south", "-70.5,-33.4", kept: -70.5, -33.4),
        Point("at the edges", "180,-90", kept: 180, -90),
        Point("beyond the edges", "180.1,-90.01", kept: nil, nil, told: "range@1:经度", "range@1:纬度"),
        Point("latitude mistyped", "116.65,395", kept: 116.65, nil, told: "range@1:纬度"),
        Point("longitude mistyped", "1166.5,35.01", kept: nil, 35.01, told: "range@1:经度"),
        Point("a point to many", "116.65.1,35", kept: nil, 35, told: "format@1:经度"),
        Point("swapped", "28.2,121.1", kept: 28.2, nil, told: "swapped@1:经度", "swapped@1:纬度"),
        Point("swapped in the far west", "39.5,76", kept: 39.5, 76, told: "swapped@1:经度", "swapped@1:纬度"),
        Point("words for nothing", "无,/", kept: nil, nil),
    ])
    func degreesAreHeldAgainstTheEarth(_ point: Point) throws {
        let yaml = """
            mapping: test.places
            reads: { format: csv, header: [编码] }
            gives:
              - record: Place
                key: code
                fields: { code: 编码, position: { fields: { longitude: 经度, latitude: { from: 纬度, as: decimal } } } }
            delivery: upsert

            """
        let result = try Convert.document("编码,经度,纬度\n1,\(point.cells)\n", Convert.mapping(yaml))
        let position = try #require(result.records.first).place.position
        #expect(position.hasLongitude == (point.kept[0] != nil))
        #expect(position.hasLatitude == (point.kept[1] != nil))
        #expect(position.longitude == point.kept[0] ?? 0)
        #expect(position.latitude == point.kept[1] ?? 0)
        #expect(result.findings.map { String($0.drop { $0 != "." }.dropFirst()) } == point.findings)
        #expect(result.summary.findings.findings.allSatisfy { $0.severity == .warning })
    }
}
