import Foundation
import Testing

@testable import Gateway

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("the beginning of counting", 0, "1970-01-01T08:00:00+08:00"),
            ("a second before it", -1, "1970-01-01T07:59:59+08:00"),
            ("less than a second before it", -0.25, "1970-01-01T07:59:59+08:00"),
            ("a part of a second is dropped", 1_795_219_199.999, "2026-11-21T07:59:59+08:00"),
            ("on the second", 1_795_219_200, "2026-11-21T08:00:00+08:00"),
            ("leap day", 1_709_164_800, "2024-02-29T08:00:00+08:00"),
            ("day after the leap day", 1_709_222_400, "2024-03-01T00:00:00+08:00"),
            ("new year here before Greenwich", 1_767_196_800, "2026-01-01T00:00:00+08:00"),
            ("last second of a century", 4_102_415_999, "2099-12-31T23:59:59+08:00"),
        ] as [(String, Double, String)])
    func moments(_ name: String, _ seconds: Double, _ text: String) {
        #expect(Timestamp.text(Date(timeIntervalSince1970: seconds)) == text)
    }

    @Test func agreesWithFoundationOnRandomMoments() throws {
        let zone = try #require(TimeZone(secondsFromGMT: 8 * 3600))
        let style = Date.ISO8601FormatStyle(timeZoneSeparator: .colon, timeZone: zone)
        var random = SplitMix64(state: 1)
        for _ in 0..<2000 {
            let date = Date(timeIntervalSince1970: Double(Int64.random(in: 0..<253_402_300_000, using: &random)))
            #expect(Timestamp.text(date) == date.formatted(style))
        }
    }
}
