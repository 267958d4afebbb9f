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

/// The kinds of findings that the gateway itself reports.
public enum GatewayFindings {
    /// All of them.
    public static let all: [FindingKind] = [.snapshotHeld]
}
