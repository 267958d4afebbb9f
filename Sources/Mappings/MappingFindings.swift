public import Findings

extension FindingKind {
    /// No mapping reads such a document. Arguments: why not, in Chinese and in English. Reported by whoever asked ``MappingSet/matching(_:)``.
    public static let mappingNone = FindingKind(
        "mapping.none", .fatal,
        chinese: "没有任何映射能读取这份文件：{0}",
        english: "no mapping reads this document: {1}")
    /// Several mappings read the document. Reported by whoever asked ``MappingSet/matching(_:)``.
    public static let mappingAmbiguous = FindingKind(
        "mapping.ambiguous", .fatal,
        chinese: "有多个映射都能读取这份文件：{0}；请在来源设置中指定一个",
        english: "several mappings read this document: {0}; name one in the settings of the source")
    /// The document has another root element than the mapping reads.
    public static let mappingMismatch = FindingKind(
        "mapping.mismatch", .fatal,
        chinese: "文件与映射 {0} 不符：根元素是 {1}，而映射读取的是 {2}",
        english: "the document does not fit the mapping {0}: its root element is {1}, and the mapping reads {2}")
    /// A column that a key or a required field needs is not there.
    public static let mappingColumnRequired = FindingKind(
        "mapping.column-required", .fatal,
        chinese: "缺少必需的列 {0}（用于 {1}）",
        english: "the required column {0} is missing; it is read for {1}")
    /// A column that the mapping reads is not there.
    public static let mappingColumnMissing = FindingKind(
        "mapping.column-missing", .warning,
        chinese: "缺少列 {0}（用于 {1}），该字段将为空",
        english: "the column {0} is missing; {1} stays empty")
    /// A path that the mapping reads is in no row of many, and something that it does not read is in its place. Arguments:
    /// the path, the number of rows, the field, what is there instead, in Chinese and in English.
    public static let mappingPathMissing = FindingKind(
        "mapping.path-missing", .warning,
        chinese: "{1} 行中都没有 {0}（用于 {2}），该字段为空；同一位置有映射没有读取的 {3}，来源可能改了名称",
        english:
            "{0} is in none of the {1} rows and {2} stays empty; in its place there is {4}, which the mapping does not read: the source may have renamed it"
    )
    /// A required field has no value.
    public static let mappingValueRequired = FindingKind(
        "mapping.value-required", .error,
        chinese: "{0} 没有值，该行被搁置",
        english: "{0} has no value; the row is set aside")
    /// An element that gives a single value is there several times.
    public static let mappingValueRepeated = FindingKind(
        "mapping.value-repeated", .warning,
        chinese: "{0} 出现多次，只采用第一个",
        english: "{0} is there more than once; the first is used")
    /// A value is in no line of a mapping's inline table.
    public static let mappingValueUnlisted = FindingKind(
        "mapping.value-unlisted", .warning,
        chinese: "{0} 的值不在映射的对照表中",
        english: "the value of {0} is not in the table of the mapping")
    /// A value is longer than a field may be.
    public static let mappingValueTooLong = FindingKind(
        "mapping.value-too-long", .warning,
        chinese: "{0} 的值超过 {1} 字节",
        english: "the value of {0} is longer than {1} bytes")
    /// A record is larger than records may be.
    public static let mappingRecordTooLarge = FindingKind(
        "mapping.record-too-large", .error,
        chinese: "记录 {0} 超过 {1} 字节，该行被搁置",
        english: "the record {0} is larger than {1} bytes; the row is set aside")
    /// A count differs from the number that is declared for it.
    public static let mappingControlDiffers = FindingKind(
        "mapping.control-differs", .warning,
        chinese: "控制数不符：{0}，申报 {1}，实有 {2}",
        english: "control total differs: {0}, declared {1}, found {2}")
    /// The document does not give the number that a count is compared with.
    public static let mappingControlMissing = FindingKind(
        "mapping.control-missing", .warning,
        chinese: "没有找到控制数：{0}，实有 {1}",
        english: "the declared number is missing: {0}, found {1}")
    /// The document says about how many there are, and no count can be held against that.
    public static let mappingControlApproximate = FindingKind(
        "mapping.control-approximate", .warning,
        chinese: "控制数 {0} 的申报数是约数（约 {1}），未作核对，实有 {2}",
        english: "the declared number is approximate and was not compared: {0}, declared about {1}, found {2}")
    /// A value of the document's head is there a second time, or behind the records that need it.
    public static let mappingHeaderLate = FindingKind(
        "mapping.header-late", .warning,
        chinese: "{0} 出现在记录之后，没有用于这些记录",
        english: "{0} comes behind the records and was not used for them")
    /// A snapshot does not say which set it replaces before its records come.
    public static let mappingScopeMissing = FindingKind(
        "mapping.scope-missing", .fatal,
        chinese: "记录之前没有可用的 {0}，无法确定这份全量名册替换哪一部分数据，整份文件被拒收",
        english:
            "{0} has no usable value before the records, so nobody knows which set this snapshot replaces; the filing is rejected"
    )
    /// More rows were set aside than the mapping allows.
    public static let mappingThreshold = FindingKind(
        "mapping.threshold", .fatal,
        chinese: "被搁置的行数 {0}（共 {1} 行）超过了映射允许的上限 {2}，整份文件被拒收",
        english: "{0} of {1} rows were set aside, more than the {2} that the mapping allows; the filing is rejected")
    /// The mapping allows no bad row.
    public static let mappingRowRefused = FindingKind(
        "mapping.row-refused", .fatal,
        chinese: "第 {0} 行有错误，而映射要求整份文件正确，整份文件被拒收",
        english: "row {0} is bad and the mapping accepts no bad row; the filing is rejected")
    /// The document is complete and holds no row.
    public static let mappingNoRows = FindingKind(
        "mapping.no-rows", .warning,
        chinese: "文件中没有任何数据行",
        english: "the document holds no rows")
}

/// The findings of mapping documents to records.
public enum MappingFindings {
    /// All kinds that this module declares, for the generated documentation; those of single values included.
    public static let all: [FindingKind] =
        [
            .mappingNone, .mappingAmbiguous, .mappingMismatch, .mappingColumnRequired,
            .mappingColumnMissing, .mappingPathMissing, .mappingValueRequired, .mappingValueRepeated,
            .mappingValueUnlisted, .mappingValueTooLong, .mappingRecordTooLarge, .mappingControlDiffers,
            .mappingControlMissing, .mappingControlApproximate, .mappingHeaderLate, .mappingScopeMissing,
            .mappingThreshold, .mappingRowRefused,
            .mappingNoRows,
        ] + ValueFindings.all
}
