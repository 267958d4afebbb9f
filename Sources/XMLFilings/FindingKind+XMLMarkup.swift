public import Findings

// The kinds about characters and markup.
extension FindingKind {
    /// Production [2] Char.
    public static let xmlCharacter = FindingKind(
        "xml.character", .fatal,
        chinese: "文档含有 XML 不允许的字符 {0}。",
        english: "The document holds the character {0}, which XML forbids.")

    /// Productions [4], [5].
    public static let xmlName = FindingKind(
        "xml.name", .fatal,
        chinese: "字符 {0} 不能出现在名称的这个位置。",
        english: "The character {0} may not stand here in a name.")

    /// Neither production [15] nor [18].
    public static let xmlMarkup = FindingKind(
        "xml.markup", .fatal,
        chinese: "“<!”之后的 {0} 不是注释或 CDATA 的开头。",
        english: "After “<!”, {0} begins neither a comment nor CDATA.")

    /// Productions [40], [42], [44].
    public static let xmlTag = FindingKind(
        "xml.tag", .fatal,
        chinese: "标签里有意外的字符 {0}。",
        english: "The tag has an unexpected character {0}.")

    /// Productions [25], [41], [10].
    public static let xmlAttribute = FindingKind(
        "xml.attribute", .fatal,
        chinese: "属性应写成 名称=\"值\"；这里却是 {0}。",
        english: "An attribute is written name=\"value\"; here is {0} instead.")

    /// Production [40].
    public static let xmlAttributeSpace = FindingKind(
        "xml.attribute-space", .fatal,
        chinese: "属性之间缺少空格。",
        english: "White space is missing between attributes.")

    /// Well-formedness constraint: No < in Attribute Values.
    public static let xmlAttributeLessThan = FindingKind(
        "xml.attribute-less-than", .fatal,
        chinese: "属性值中不能有“<”；请写成 &lt;。",
        english: "An attribute value may not hold “<”; write &lt;.")

    /// Unique Att Spec; by namespace, too: Namespaces in XML 1.0, section 6.3.
    public static let xmlAttributeDuplicate = FindingKind(
        "xml.attribute-duplicate", .fatal,
        chinese: "属性“{0}”在同一标签中重复出现。",
        english: "The attribute “{0}” comes twice in one tag.")

    /// Productions [66] to [68].
    public static let xmlReference = FindingKind(
        "xml.reference", .fatal,
        chinese: "“&”没有构成引用；如果是文字，请写成 &amp;。",
        english: "This “&” begins no reference; as a character, write &amp;.")

    /// Legal Character.
    public static let xmlCharacterReference = FindingKind(
        "xml.character-reference", .fatal,
        chinese: "字符引用 {0} 不正确，或者指向 XML 不允许的字符。",
        english: "The character reference {0} is malformed or means a character that XML forbids.")

    /// Entity Declared.
    public static let xmlEntity = FindingKind(
        "xml.entity", .fatal,
        chinese: "实体“{0}”没有定义；没有 DTD 时只有 amp、lt、gt、quot、apos。",
        english: "The entity “{0}” is not defined; without a DTD there are amp, lt, gt, quot and apos.")

    /// Production [14] CharData.
    public static let xmlCDATAEnd = FindingKind(
        "xml.cdata-end", .fatal,
        chinese: "文字中不能有“]]>”；请写成 ]]&gt;。",
        english: "Text may not hold “]]>”; write ]]&gt;.")

    /// Production [15].
    public static let xmlComment = FindingKind(
        "xml.comment", .fatal,
        chinese: "注释中不能有“--”。",
        english: "A comment may not hold “--”.")

    /// Production [16].
    public static let xmlInstruction = FindingKind(
        "xml.instruction", .fatal,
        chinese: "处理指令的名称之后应为空格或“?>”，这里却是 {0}。",
        english: "White space or “?>” must follow the target of a processing instruction; here is {0}.")

    /// Production [17]; no colon: Namespaces in XML 1.0, section 7.
    public static let xmlInstructionTarget = FindingKind(
        "xml.instruction-target", .fatal,
        chinese: "处理指令不能叫“{0}”。",
        english: "A processing instruction may not be called “{0}”.")

    /// Element Type Match.
    public static let xmlEndTag = FindingKind(
        "xml.end-tag-mismatch", .fatal,
        chinese: "结束标签 </{0}> 与尚未结束的 <{1}> 不一致。",
        english: "The end tag </{0}> does not match the open <{1}>.")
}
