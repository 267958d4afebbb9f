import Testing

@testable import Gateway

@Suite struct SettingsTextTests {
    @Test(
        arguments: [
            ("0", 0), ("4096", 4096), ("4096B", 4096), ("64KiB", 64 << 10), ("64K", 64 << 10), ("256 MiB", 256 << 20),
            ("4GiB", 4 << 30), ("1T", 1 << 40), ("65_536", 65536), ("", nil), ("KiB", nil), ("-1", nil),
            ("1.5GiB", nil),
            ("4GB", nil), ("9999999999TiB", nil), ("99999999999999999999", nil), ("４", nil),
        ] as [(String, Int?)])
    func sizes(_ text: String, _ bytes: Int?) {
        #expect(SettingsText.bytes(text) == bytes)
    }

    @Test(
        arguments: [
            ("500ms", .milliseconds(500)), ("10s", .seconds(10)), ("1.5s", .milliseconds(1500)), ("5m", .seconds(300)),
            ("2h", .seconds(7200)), ("0s", .zero), ("10", nil), ("s", nil), ("-1s", nil), ("infs", nil), ("nans", nil),
            ("1e30h", nil), ("soon", nil), ("", nil),
        ] as [(String, Duration?)])
    func durations(_ text: String, _ duration: Duration?) {
        #expect(SettingsText.duration(text) == duration)
    }

    @Test(arguments: ["500ms", "1500ms", "10s", "90s", "5m", "36h", "7d", "400d"])
    func durationsAreWrittenInTheLargestUnit(_ text: String) {
        #expect(SettingsText.duration(text).map(SettingsText.text) == text)
    }
}
