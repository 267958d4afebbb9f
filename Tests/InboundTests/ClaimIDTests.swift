import Testing

@testable import Inbound

@Suite struct ClaimIDTests {
    @Test func textIsTimeAndCounter() {
        let id = ClaimID(microseconds: Scene.time + 123_456, counter: 255)
        #expect(id.description == "20261121T000000123456Z-000000ff")
        #expect(ClaimID(id.description) == id)
    }

    @Test(arguments: [
        (0, "1970-01-01"), (8 * 3600, "1970-01-01"), (-3600, "1969-12-31"),
    ])
    func dayDependsOnTheOffset(offset: Int, day: String) {
        #expect(ClaimID(microseconds: 0, counter: 1).day(offset: offset) == day)
    }

    @Test func dayOfReceiptIsThatOfTheOffset() {
        // 2024-02-29T23:30:00Z is already March in China.
        let id = ClaimID(microseconds: 1_709_249_400_000_000, counter: 1)
        #expect(id.day(offset: 0) == "2024-02-29")
        #expect(id.day(offset: 8 * 3600) == "2024-03-01")
    }

    @Test(arguments: [
        "", "20261121T000000123456Z", "20261321T000000123456Z-00000001", "20261121T000000123456Z-0000000G",
        "20261121T000000123456Z-000000FF", "20261121T250000123456Z-00000001", "20261121T000000123456Z-00000001.1",
        "x0261121T000000123456Z-00000001", "+0261121T000000123456Z-00000001",
    ])
    func otherTextsAreNoIDs(text: String) {
        #expect(ClaimID(text) == nil)
    }

    @Test func orderOfTextIsOrderOfTime() {
        var random = SplitMix64(seed: 11)
        let ids = (0..<500).map { _ in
            ClaimID(
                microseconds: Int64.random(in: 0...4_000_000_000_000_000, using: &random),
                counter: UInt32.random(in: 0...UInt32.max, using: &random))
        }
        #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
        #expect(ids.allSatisfy { ClaimID($0.description) == $0 })
    }
}
