public import Findings

/// The kinds of findings that the value machines report, for the generated list of codes.
public enum ValueFindings {
    /// Every kind, in the order of ``ValueIssue``'s cases.
    public static let all: [FindingKind] = texts + identities + codes + dates + numbers + choices

    private static let texts: [FindingKind] = [
        .valueLostDigits, .textControlCharacter, .valueTooLong, .personNameCharacters,
    ]
    private static let identities: [FindingKind] = [
        .identityNumberLostDigits, .identityNumberMasked, .identityNumberLength, .identityNumberCharacters,
        .identityNumberDate, .identityNumberSequence, .identityNumberChecksum, .identityNumberArea,
        .identityNumberUpgraded, .identityNumberOtherDocument, .identityNumberBirthDate, .identityNumberSex,
        .identityDocumentUnknown,
    ]
    private static let codes: [FindingKind] = [
        .socialCreditCodeLength, .socialCreditCodeCharacters, .socialCreditCodeChecksum, .socialCreditCodeOrganisation,
        .mobileFormat, .mobileLandline, .mobileSeveral, .phoneFormat, .areaCodeFormat, .areaCodeUnknown,
        .areaCodeSeveral,
    ]
    private static let dates: [FindingKind] = [
        .dateFormat, .dateImpossible, .dateAmbiguous, .dateTwoDigitYear, .dateSerial, .dateLostZero, .dateTimeFormat,
        .dateTimeImpossible, .dateTimeDateOnly,
    ]
    private static let numbers: [FindingKind] = [
        .moneyFormat, .moneyPrecision, .numberFormat, .numberRange, .countAtLeast, .countApproximate, .percentageFormat,
        .percentageRange, .coordinateRange, .coordinateSwapped,
    ]
    private static let choices: [FindingKind] = [.booleanUnknown, .enumerationUnknown, .codeTableUnknown]
}

extension FindingKind {
    /// A spreadsheet has turned a long code into a rounded number.
    public static let valueLostDigits = FindingKind(
        "value.lost-digits", .warning,
        chinese: "该值被表格软件转成了科学计数法，末尾数字已丢失，未采用；请按文本格式重新填报",
        english:
            "a spreadsheet has turned this value into a rounded number and its last digits are lost; it was left out")
    /// Control characters were removed from a text.
    public static let textControlCharacter = FindingKind(
        "text.control-character", .warning,
        chinese: "文本中含有控制字符，已删除", english: "the text contained control characters; they were removed")
    /// A value longer than any value of its kind.
    public static let valueTooLong = FindingKind(
        "value.too-long", .warning,
        chinese: "该值过长，未采用", english: "the value is longer than any value of its kind; it was left out")
    /// A person's name with digits or symbols in it.
    public static let personNameCharacters = FindingKind(
        "person-name.characters", .warning,
        chinese: "姓名中含有数字或符号，已保留，请核对", english: "the name contains digits or symbols; it was kept, please check it")
    /// A boolean that is neither yes nor no.
    public static let booleanUnknown = FindingKind(
        "boolean.unknown", .warning,
        chinese: "无法判断为“是”或“否”，未采用", english: "the value is neither yes nor no; it was left out")
    /// A value that the standard's list does not have.
    public static let enumerationUnknown = FindingKind(
        "enum.unknown", .warning,
        chinese: "取值不在标准代码表中，未采用", english: "the value is not in the standard's list; it was left out")
    /// A value that the code table of the mapping does not have.
    public static let codeTableUnknown = FindingKind(
        "code-table.unknown", .warning,
        chinese: "取值不在映射所用的代码表中，未采用", english: "the value is not in the mapping's code table; it was left out")
}
