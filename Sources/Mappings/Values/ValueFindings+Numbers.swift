public import Findings

extension FindingKind {
    /// A form of date that is not known.
    public static let dateFormat = FindingKind(
        "date.format", .warning, chinese: "无法识别的日期写法，未采用",
        english: "this is no form of date that is known; it was left out")
    /// A date that the calendar does not have.
    public static let dateImpossible = FindingKind(
        "date.impossible", .warning, chinese: "日历中没有这一天，未采用", english: "the calendar has no such date; it was left out")
    /// Day, month and year cannot be told apart.
    public static let dateAmbiguous = FindingKind(
        "date.ambiguous", .warning,
        chinese: "无法区分年、月、日的顺序，未采用；请写成 2026-11-21",
        english: "day, month and year cannot be told apart; it was left out; write 2026-11-21")
    /// A year of two digits was completed.
    public static let dateTwoDigitYear = FindingKind(
        "date.two-digit-year", .note, chinese: "两位年份已补全世纪，请核对",
        english: "the century of a two-digit year was supplied; please check it")
    /// A spreadsheet's day number was converted.
    public static let dateSerial = FindingKind(
        "date.serial", .note, chinese: "表格软件的日期序号已换算为日期", english: "a spreadsheet's day number was converted to a date")
    /// `1985.1` can be what is left of `1985.10`.
    public static let dateLostZero = FindingKind(
        "date.lost-zero", .note,
        chinese: "按 1 月读取；若原为“10 月”，末位 0 可能已被表格软件去掉，请核对",
        english: "read as January; if it was October, a spreadsheet has dropped the last 0; please check it")
    /// A form of date and time that is not known.
    public static let dateTimeFormat = FindingKind(
        "date-time.format", .warning, chinese: "无法识别的日期时间写法，未采用",
        english: "this is no form of date and time that is known; it was left out")
    /// A time that no day has.
    public static let dateTimeImpossible = FindingKind(
        "date-time.impossible", .warning, chinese: "没有这样的日期或时间，未采用",
        english: "there is no such date or time; it was left out")
    /// A date where a date and time was expected.
    public static let dateTimeDateOnly = FindingKind(
        "date-time.date-only", .note, chinese: "只有日期，没有时间，按日期保留",
        english: "a date without a time; it was kept as a date")
    /// No amount of money.
    public static let moneyFormat = FindingKind(
        "money.format", .warning, chinese: "金额写法不符，未采用", english: "this is no amount of money; it was left out")
    /// Less than a fen.
    public static let moneyPrecision = FindingKind(
        "money.precision", .warning, chinese: "金额精确到分以下，未采用（不作舍入）",
        english: "the amount has a fraction of a fen; it was left out, never rounded")
    /// No number.
    public static let numberFormat = FindingKind(
        "number.format", .warning, chinese: "不是数字，未采用", english: "this is no number; it was left out")
    /// A number that is too big, or negative where none can be.
    public static let numberRange = FindingKind(
        "number.range", .warning, chinese: "数值超出范围，未采用", english: "the number is out of range; it was left out")
    /// 60多, 60余, 60以上, 60+.
    public static let countAtLeast = FindingKind(
        "count.at-least", .note, chinese: "原文表示“不少于”，按下限取数",
        english: "the document says \"at least\"; the lower bound was taken")
    /// 约60, 60左右, 近60.
    public static let countApproximate = FindingKind(
        "count.approximate", .note, chinese: "原文为约数，按所写数字取数",
        english: "the document says \"about\"; the number was taken as written")
    /// No percentage.
    public static let percentageFormat = FindingKind(
        "percentage.format", .warning, chinese: "百分比写法不符，未采用", english: "this is no percentage; it was left out")
    /// Above 100 %, which some shares are and most are not.
    public static let percentageRange = FindingKind(
        "percentage.range", .warning, chinese: "百分比超过 100%，已保留，请核对",
        english: "the percentage is above 100 %; it was kept, please check it")
    /// Degrees that there are not.
    public static let coordinateRange = FindingKind(
        "coordinate.range", .warning,
        chinese: "坐标超出范围（经度 -180 至 180，纬度 -90 至 90），未采用",
        english: "a longitude is from -180 to 180 degrees, a latitude from -90 to 90; it was left out")
    /// A longitude of China for a latitude, or the other way round.
    public static let coordinateSwapped = FindingKind(
        "coordinate.swapped", .warning,
        chinese: "经度和纬度可能填反（中国的经度在 73 至 136 之间，纬度在 3 至 54 之间），请核对；超过 90 的纬度未采用",
        english:
            "longitude and latitude seem to be swapped (China lies from 73 to 136 east and from 3 to 54 north); please check; a latitude above 90 was left out"
    )
}
