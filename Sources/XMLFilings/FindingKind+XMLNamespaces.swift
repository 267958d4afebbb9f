public import Findings

// The kinds about namespaces and limits.
extension FindingKind {
    /// Namespaces in XML 1.0: Prefix Declared.
    public static let xmlPrefixUndeclared = FindingKind(
        "xml.prefix-undeclared", .fatal,
        chinese: "“{0}”的前缀没有声明命名空间。",
        english: "The prefix of “{0}” is not bound to a namespace.")

    /// Reserved Prefixes and Namespace Names.
    public static let xmlNamespaceReserved = FindingKind(
        "xml.namespace-reserved", .fatal,
        chinese: "“{0}”误用了保留的前缀 xml、xmlns 或它们的命名空间。",
        english: "“{0}” misuses the reserved prefixes xml and xmlns or their namespaces.")

    /// No Prefix Undeclaring.
    public static let xmlNamespaceEmpty = FindingKind(
        "xml.namespace-empty", .fatal,
        chinese: "“{0}”不能把前缀声明为空的命名空间。",
        english: "“{0}” may not bind a prefix to an empty namespace.")

    /// Namespaces in XML 1.0, production [7].
    public static let xmlQualifiedName = FindingKind(
        "xml.qualified-name", .fatal,
        chinese: "名称“{0}”中的冒号用法不正确。",
        english: "The name “{0}” has a colon where it may not.")

    /// See ``XMLLimits/depth``.
    public static let xmlLimitDepth = FindingKind(
        "xml.limit-depth", .fatal,
        chinese: "元素嵌套超过上限 {0} 层。",
        english: "Elements are nested deeper than the limit of {0}.")

    /// See ``XMLLimits/attributes``.
    public static let xmlLimitAttributes = FindingKind(
        "xml.limit-attributes", .fatal,
        chinese: "一个标签的属性超过上限 {0} 个。",
        english: "A tag has more attributes than the limit of {0}.")

    /// See ``XMLLimits/tagSize``.
    public static let xmlLimitTagSize = FindingKind(
        "xml.limit-tag-size", .fatal,
        chinese: "一个标签超过上限 {0} 字节。",
        english: "A tag is longer than the limit of {0} bytes.")

    /// See ``XMLLimits/valueSize``.
    public static let xmlLimitValueSize = FindingKind(
        "xml.limit-value-size", .fatal,
        chinese: "一个属性值超过上限 {0} 字节。",
        english: "An attribute value is longer than the limit of {0} bytes.")

    /// See ``XMLLimits/nameSize``.
    public static let xmlLimitNameSize = FindingKind(
        "xml.limit-name-size", .fatal,
        chinese: "一个名称、命名空间或引用超过上限 {0} 字节。",
        english: "A name, namespace or reference is longer than the limit of {0} bytes.")

    /// See ``XMLLimits/distinctNames``.
    public static let xmlLimitDistinctNames = FindingKind(
        "xml.limit-distinct-names", .fatal,
        chinese: "文档中不同的名称太多，超过上限 {0} 个。",
        english: "The document has too many different names; the limit is {0}.")
}
