/// What a mapping can say about how its values are written.
struct ValueOptions: Sendable, Hashable {
    /// Where date-times without a zone belong, and what they are written in.
    var zone = FixedZone.china
    /// Spreadsheet day numbers count from 1904-01-01 (files from old Macintosh spreadsheets).
    var uses1904Dates = false
    /// Line breaks within texts stay; otherwise they become spaces.
    var keepsLineBreaks = true
    /// Money without a unit: 10^`moneyExponent` yuan. 0 is 元, 4 is 万元, 8 is 亿元.
    var moneyExponent = 0

    init() {}
}

/// A fixed offset from UTC.
///
/// `Asia/Shanghai` is taken as +08:00 throughout: the summer times of 1986–1991 are not applied.
struct FixedZone: Sendable, Hashable {
    /// Minutes east of UTC.
    var minutes: Int

    /// +08:00.
    static let china = FixedZone(minutes: 480)

    init(minutes: Int) {
        self.minutes = minutes
    }

    /// The names that a mapping can use, for its error message.
    static let names = [
        "Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "Asia/Hong_Kong", "Asia/Macau", "Asia/Taipei", "PRC", "UTC",
    ]

    /// Reads one of ``names``, `Z`, or an offset such as `+08:00`, `+0800`, `+08`.
    init?(_ name: String) {
        switch name {
        case "UTC", "Z", "Etc/UTC": self.init(minutes: 0)
        case _ where Self.names.contains(name): self = .china
        default:
            let bytes = Array(name.utf8)
            let digits = bytes.dropFirst().filter { $0 != 0x3A }
            guard let sign = bytes.first, sign == 0x2B || sign == 0x2D, digits.count == 2 || digits.count == 4,
                digits.allSatisfy({ $0 &- 0x30 <= 9 })
            else { return nil }
            let number = digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
            let minutes = digits.count == 2 ? number * 60 : number / 100 * 60 + number % 100
            guard minutes <= 14 * 60, digits.count == 2 || number % 100 < 60 else { return nil }
            self.init(minutes: sign == 0x2B ? minutes : -minutes)
        }
    }
}
