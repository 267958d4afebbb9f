public import Findings

extension FindingKind {
    /// A snapshot that would delete more than its guard allows. Arguments: deletions, records that are there.
    public static let snapshotHeld = FindingKind(
        "snapshot.too-many-deletes", .fatal,
        chinese: "这份全量名册将删除 {1} 条记录中的 {0} 条，超过允许的比例，已暂缓；确认无误后请批准并重试",
        english:
            "this snapshot would delete {0} of {1} records, more than its guard allows; approve and retry it if that is meant"
    )
}

extension FindingKind {
    /// Some rows of a snapshot were set aside, so nobody can say whose absence is meant. Argument: the rows.
    public static let snapshotDeletesWithheld = FindingKind(
        "snapshot.deletes-withheld", .warning,
        chinese: "有 {0} 行被搁置，无法确定哪些记录确实已不存在，因此本次不删除任何记录；请改正后重新报送",
        english:
            "{0} rows were set aside, so what is missing may be among them; nothing is deleted this time: mend them and file again"
    )
}

extension FindingKind {
    /// A signed package from a source that may not sign. Argument: the name of the file.
    public static let packageSignatureForbidden = FindingKind(
        "package.signature-forbidden", .fatal,
        chinese: "“{0}”带有签名，但平台设置规定本来源不得报送带签名的文件；请直接报送文档，或请平台运维人员修改设置",
        english:
            "{0} is signed, and the settings of the gateway say that this source files nothing signed; file the document itself, or ask the operators to change the settings"
    )
}

/// The kinds of findings that the gateway itself reports.
public enum GatewayFindings {
    /// All of them.
    public static let all: [FindingKind] = [.packageSignatureForbidden, .snapshotDeletesWithheld, .snapshotHeld]
}
