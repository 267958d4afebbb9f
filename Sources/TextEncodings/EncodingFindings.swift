public import Findings

extension FindingKind {
    /// Bytes that are no character of the document's encoding. Arguments: bytes in hexadecimal, encoding.
    public static let encodingInvalidBytes = FindingKind(
        "encoding.invalid-bytes", .warning,
        chinese: "字节 {0} 不是有效的 {1} 编码，请核对原文件的该处，并用同一种编码重新导出",
        english: "bytes {0} are not valid {1}; please check that place of the original, and export it in one encoding")
    /// The document ends inside a character. Arguments: bytes in hexadecimal, encoding.
    public static let encodingCutAtEnd = FindingKind(
        "encoding.cut-at-end", .warning,
        chinese: "文件在一个 {1} 字符中间结束（剩余字节 {0}），文件可能不完整",
        english: "the document ends inside a {1} character (bytes {0}); it may be incomplete")
    /// A private-use character in the output. Arguments: bytes in hexadecimal, encoding.
    public static let encodingPrivateUse = FindingKind(
        "encoding.private-use", .note,
        chinese: "字节 {0} 是 {1} 的自造字（私用区），其他系统可能无法显示",
        english: "bytes {0} are a private-use character of {1}; other systems may not be able to show it")
}

/// Every kind of finding about encodings, for the generated documentation.
public enum EncodingFindings {
    /// In the order in which they are documented.
    public static let all: [FindingKind] = [.encodingInvalidBytes, .encodingCutAtEnd, .encodingPrivateUse]
}

extension DecodingFault {
    /// The kind of finding that this fault is told as.
    public var findingKind: FindingKind {
        switch kind {
        case .invalid: .encodingInvalidBytes
        case .cutAtEnd: .encodingCutAtEnd
        case .privateUse: .encodingPrivateUse
        }
    }

    /// The finding for this fault.
    ///
    /// - Parameters:
    ///   - encoding: The encoding that the document was decoded from.
    ///   - place: Line and column where they are known; its offset should be ``originalOffset``.
    public func finding(in encoding: TextEncoding, at place: SourcePlace? = nil) -> Finding {
        Finding(findingKind, at: place, arguments: [hexadecimalBytes, encoding.rawValue])
    }
}
