public import Findings

// The kinds about the document as a whole and its declaration.
extension FindingKind {
    /// The document has no bytes, or a byte order mark alone.
    public static let xmlEmpty = FindingKind(
        "xml.empty", .fatal,
        chinese: "文档是空的，没有任何内容。",
        english: "The document is empty.")

    /// Production [1].
    public static let xmlNoRoot = FindingKind(
        "xml.no-root", .fatal,
        chinese: "文档没有根元素。",
        english: "The document has no root element.")

    /// The document ends inside an element or markup.
    public static let xmlTruncated = FindingKind(
        "xml.truncated", .fatal,
        chinese: "文档不完整：到末尾时 {0} 还没有结束。",
        english: "The document is cut short: {0} is not closed where it ends.")

    /// DTDs are refused by design.
    public static let xmlDoctype = FindingKind(
        "xml.doctype", .fatal,
        chinese: "文档含有 DOCTYPE；为了安全，不接收带 DTD 的文档。请去掉 DOCTYPE 后重新报送。",
        english: "The document has a DOCTYPE. Documents with a DTD are refused for safety; file it again without.")

    /// Production [1]: text, references, CDATA or a second element beside the root.
    public static let xmlContentOutsideRoot = FindingKind(
        "xml.content-outside-root", .fatal,
        chinese: "根元素之外有内容；文档只能有一个根元素。",
        english: "There is content outside the root element; a document has one root and nothing beside it.")

    /// Production [23].
    public static let xmlDeclaration = FindingKind(
        "xml.declaration", .fatal,
        chinese: "XML 声明的写法不正确。",
        english: "The XML declaration is malformed.")

    /// Production [22].
    public static let xmlDeclarationMisplaced = FindingKind(
        "xml.declaration-misplaced", .fatal,
        chinese: "XML 声明只能在文档的最开头。",
        english: "An XML declaration may stand only at the very start of the document.")

    /// Production [26].
    public static let xmlVersion = FindingKind(
        "xml.version", .fatal,
        chinese: "XML 版本“{0}”不受支持；应为 1.0。",
        english: "XML version “{0}” is not supported; it must be 1.0.")

    /// Production [81].
    public static let xmlEncodingName = FindingKind(
        "xml.encoding-name", .fatal,
        chinese: "XML 声明中的编码名称“{0}”不正确。",
        english: "The XML declaration names an impossible encoding “{0}”.")

    /// Production [32].
    public static let xmlStandalone = FindingKind(
        "xml.standalone", .fatal,
        chinese: "XML 声明中 standalone 只能是 yes 或 no，不能是“{0}”。",
        english: "In the XML declaration standalone is yes or no, not “{0}”.")

    /// The declared encoding and the bytes do not agree.
    public static let xmlEncodingContradiction = FindingKind(
        "xml.encoding-contradiction", .warning,
        chinese: "文档声明的编码是 {0}，实际是 {1}；按实际编码读取。",
        english: "The document declares the encoding {0} but is {1}; it was read as {1}.")

    /// The declared encoding is none that can be decoded, and the bytes do not say which one they have (4.3.3).
    public static let xmlEncodingUnsupported = FindingKind(
        "xml.encoding-unsupported", .fatal,
        chinese: "文档声明的编码“{0}”不受支持，内容也不是 UTF-8。请另存为 UTF-8 或 GB18030 后重新报送。",
        english:
            "The document declares an encoding “{0}” that is not supported, and it is not UTF-8. Save it as UTF-8 or GB18030 and file it again."
    )

    /// The declared encoding is none that can be decoded, and the bytes say which one they have.
    public static let xmlEncodingUnknown = FindingKind(
        "xml.encoding-unknown", .warning,
        chinese: "文档声明的编码“{0}”不认识；按 {1} 读取。",
        english: "The document declares an encoding “{0}” that is not known; it was read as {1}.")
}
