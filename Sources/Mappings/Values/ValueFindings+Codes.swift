public import Findings

extension FindingKind {
    /// GB 11643: scientific notation, or the last three digits rounded to 000.
    public static let identityNumberLostDigits = FindingKind(
        "identity-number.lost-digits", .warning,
        chinese: "身份证号被表格软件按数字保存，末尾数字已丢失，未采用（不作修补）；请把该列设为文本后重新填报",
        english:
            "a spreadsheet stored the identity number as a number and its last digits are lost; it was left out, never repaired"
    )
    /// The number was masked before it was filed.
    public static let identityNumberMasked = FindingKind(
        "identity-number.masked", .warning,
        chinese: "身份证号已被脱敏（含 *），未采用", english: "the identity number was masked before filing; it was left out")
    /// Neither 18 nor 15 characters.
    public static let identityNumberLength = FindingKind(
        "identity-number.length", .warning,
        chinese: "身份证号应为 18 位（旧证 15 位），未采用",
        english: "an identity number has 18 characters (15 on old cards); it was left out")
    /// Something other than 17 digits and a digit or X.
    public static let identityNumberCharacters = FindingKind(
        "identity-number.characters", .warning,
        chinese: "身份证号含有不应出现的字符，未采用", english: "the identity number contains characters that none has; it was left out")
    /// The date of birth within the number does not exist.
    public static let identityNumberDate = FindingKind(
        "identity-number.date", .warning,
        chinese: "身份证号中的出生日期不存在，未采用",
        english: "the date of birth within the identity number does not exist; it was left out")
    /// The sequence is 000, which is never issued.
    public static let identityNumberSequence = FindingKind(
        "identity-number.sequence", .warning,
        chinese: "身份证号的顺序码为 000，未采用",
        english: "the sequence of the identity number is 000, which is never issued; it was left out")
    /// GB 11643, ISO 7064 MOD 11-2.
    public static let identityNumberChecksum = FindingKind(
        "identity-number.checksum", .warning,
        chinese: "身份证号校验码不符，号码有误，未采用", english: "the check character of the identity number is wrong; it was left out")
    /// The first six digits were never a county code, as far as our tables go.
    public static let identityNumberArea = FindingKind(
        "identity-number.area", .warning,
        chinese: "身份证号前六位不是已知的行政区划代码，已保留，请核对",
        english: "the first six digits of the identity number are no known county code; it was kept, please check it")
    /// A 15-digit number was converted to 18.
    public static let identityNumberUpgraded = FindingKind(
        "identity-number.upgraded", .note,
        chinese: "15 位身份证号已按 GB 11643 升为 18 位",
        english: "a 15-digit identity number was converted to 18 digits as GB 11643 says")
    /// The value looks like another kind of document.
    public static let identityNumberOtherDocument = FindingKind(
        "identity-number.other-document", .warning,
        chinese: "该号码像是其他证件（护照、军官证、通行证等），不是身份证号，未采用",
        english:
            "this looks like another document (passport, officer's card, permit), not an identity number; it was left out"
    )
    /// The birth date that was filed contradicts the number.
    public static let identityNumberBirthDate = FindingKind(
        "identity-number.birth-date", .warning,
        chinese: "填报的出生日期与身份证号不一致，两者均保留", english: "the birth date contradicts the identity number; both were kept")
    /// The sex that was filed contradicts the number.
    public static let identityNumberSex = FindingKind(
        "identity-number.sex", .warning,
        chinese: "填报的性别与身份证号不一致，两者均保留", english: "the sex contradicts the identity number; both were kept")
    /// A document number of no pattern we know.
    public static let identityDocumentUnknown = FindingKind(
        "identity-document.unknown", .note,
        chinese: "无法识别证件类型，号码按原样保留", english: "the kind of document is not recognised; its number was kept as it is")
    /// Not 18 characters.
    public static let socialCreditCodeLength = FindingKind(
        "uscc.length", .warning,
        chinese: "统一社会信用代码应为 18 位，未采用", english: "a unified social credit code has 18 characters; it was left out")
    /// A character outside the 31 of GB 32100.
    public static let socialCreditCodeCharacters = FindingKind(
        "uscc.characters", .warning,
        chinese: "统一社会信用代码含有不应出现的字符（不使用 I、O、S、V、Z），未采用",
        english:
            "the unified social credit code contains characters that none has (I, O, S, V, Z are not used); it was left out"
    )
    /// GB 32100; issued codes that fail exist.
    public static let socialCreditCodeChecksum = FindingKind(
        "uscc.checksum", .warning,
        chinese: "统一社会信用代码校验码不符，已保留，请核对",
        english: "the check character of the unified social credit code is wrong; it was kept, please check it")
    /// The organisation code within, GB 11714.
    public static let socialCreditCodeOrganisation = FindingKind(
        "uscc.organisation-code", .note,
        chinese: "统一社会信用代码中的组织机构代码校验码不符，已保留",
        english:
            "the check character of the organisation code within the unified social credit code is wrong; it was kept")
    /// Not 1[3-9] and nine digits.
    public static let mobileFormat = FindingKind(
        "mobile.format", .warning,
        chinese: "手机号应为 1 开头的 11 位数字，未采用", english: "a mobile number has 11 digits from 13 to 19; it was left out")
    /// A landline in a column for mobile numbers.
    public static let mobileLandline = FindingKind(
        "mobile.landline", .warning,
        chinese: "该号码是固定电话，不是手机号，未采用", english: "this is a landline, not a mobile number; it was left out")
    /// More than one number in a cell.
    public static let mobileSeveral = FindingKind(
        "mobile.several", .warning,
        chinese: "一格中有多个号码，未采用；请在映射中拆分",
        english: "several numbers in one cell; they were left out; let the mapping split them")
    /// No telephone number of any form.
    public static let phoneFormat = FindingKind(
        "phone.format", .warning, chinese: "电话号码格式不符，未采用", english: "this is no telephone number; it was left out")
    /// Not 6, 9 or 12 digits.
    public static let areaCodeFormat = FindingKind(
        "area-code.format", .warning,
        chinese: "区划代码应为 6、9 或 12 位数字，未采用", english: "an area code has 6, 9 or 12 digits; it was left out")
    /// A county that our tables do not have although they cover its city or province.
    public static let areaCodeUnknown = FindingKind(
        "area-code.unknown", .warning,
        chinese: "区划代码不在已知的代码表中，已保留，请核对", english: "the area code is not in the tables; it was kept, please check it")
    /// More than one code in a cell.
    public static let areaCodeSeveral = FindingKind(
        "area-code.several", .warning,
        chinese: "一格中有多个区划代码，未采用；请每格只填一个",
        english: "several area codes in one cell; they were left out; write one per cell")
}
