/// The area codes that identity numbers carry.
///
/// A holder keeps the code of the county that issued the number, so there is no date window: a code that was ever valid is
/// valid (GB 11643, GB/T 2260 with its retired codes). The whole history of GB/T 2260 is not in these tables. They are
/// complete for the cities of the first forms (3704 枣庄, 3708 济宁, 5201 贵阳, with retired codes); elsewhere the province is
/// checked and the digits of city and county must not both be zero. Hence an unknown area is told and the number kept.
enum IdentityAreas {
    /// Whether the six digits can stand at the head of an identity number.
    static func isKnown(_ code: Int) -> Bool {
        guard code >= 0, code <= 999_999, isProvince(code / 10_000) else { return false }
        // Residence permits for people from Hong Kong, Macao and Taiwan carry 810000, 820000, 830000.
        if code % 10_000 == 0 { return code >= 810_000 }
        switch code / 100 {
        case 3704: return has(code % 100, in: zaozhuang)
        case 3708: return has(code % 100, in: jining)
        case 5201: return has(code % 100, in: guiyang)
        default: return true
        }
    }

    /// Whether the six digits are a county, or a statistical area of county rank, in the cities that the tables cover;
    /// nil where they cover nothing.
    static func isCounty(_ code: Int) -> Bool? {
        switch code / 100 {
        case 3704, 3708, 5201: code == 370_871 || isKnown(code)
        default: nil
        }
    }

    /// GB/T 2260 province codes, and 83 for residence permits of people from Taiwan.
    static func isProvince(_ code: Int) -> Bool {
        switch code {
        case 11...15, 21...23, 31...37, 41...46, 50...54, 61...65, 71, 81...83: true
        default: false
        }
    }

    private static func has(_ county: Int, in counties: [UInt8]) -> Bool {
        for known in counties where Int(known) == county { return true }
        return false
    }

    // 01 is 市辖区. 20 and 21 are retired: 枣庄市区 until 1983, 滕县 until 1988.
    private static let zaozhuang: [UInt8] = [1, 2, 3, 4, 5, 6, 20, 21, 81]
    // Retired: 02 市中区, 21 济宁县, 22 兖州县, 23 曲阜县, 24 泗水县, 25 邹县, 82 兖州市.
    private static let jining: [UInt8] = [1, 2, 11, 12, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 81, 82, 83]
    // Retired: 14 小河区.
    private static let guiyang: [UInt8] = [1, 2, 3, 11, 12, 13, 14, 15, 21, 22, 23, 81]
}
