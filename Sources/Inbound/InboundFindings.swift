public import Findings

extension FindingKind {
    /// Not one byte was filed.
    public static let filingEmpty = FindingKind(
        "filing.empty", .fatal,
        chinese: "文件是空的（0 字节）。请重新导出后再报送。",
        english: "The file is empty (0 bytes). Export it again and file it anew.")
    /// More bytes than one filing may have. Arguments: its size, the limit.
    public static let filingTooLarge = FindingKind(
        "filing.too-large", .fatal,
        chinese: "文件有 {0} 字节，超过上限 {1} 字节。请拆分后分批报送。",
        english: "The file has {0} bytes; the limit is {1}. Split it and file the parts.")
    /// The checksum sidecar says something else than the bytes. Arguments: declared and found SHA-256.
    public static let filingChecksumMismatch = FindingKind(
        "filing.checksum-mismatch", .fatal,
        chinese: "校验文件声明的 SHA-256 是 {0}，收到的内容是 {1}。传输可能不完整，请重新报送文件及校验文件。",
        english:
            "The checksum file declares SHA-256 {0}, what arrived has {1}. The transfer may be incomplete; file both anew."
    )
    /// The checksum sidecar holds no SHA-256.
    public static let filingChecksumUnreadable = FindingKind(
        "filing.checksum-unreadable", .fatal,
        chinese: "校验文件中找不到 SHA-256 值。请用 sha256sum 的格式重新生成，并与文件一起重新报送。",
        english: "The checksum file holds no SHA-256. Write it in the format of sha256sum and file both anew.")
    /// The conversion of this filing ended the process twice.
    public static let filingCrashed = FindingKind(
        "filing.crashed", .fatal,
        chinese: "处理此文件时程序两次异常退出，文件已隔离。请联系平台运维人员。",
        english:
            "Processing this file ended the program twice, so it was quarantined. Contact the operators of the gateway."
    )
    /// The file has more names than one, so its bytes can be changed through another.
    public static let filingHardLinked = FindingKind(
        "filing.hard-linked", .note,
        chinese: "此文件还有别的硬链接名称，收到后的内容仍可能被改动。请复制文件，不要用硬链接。",
        english:
            "This file has other hard-linked names through which it could still be changed. Copy files instead of linking them."
    )
}

/// The kinds of findings about a filing as a file.
public enum InboundFindings {
    /// All of them, in the order of their codes.
    public static let all: [FindingKind] = [
        .filingChecksumMismatch, .filingChecksumUnreadable, .filingCrashed, .filingEmpty, .filingHardLinked,
        .filingTooLarge,
    ]
}
