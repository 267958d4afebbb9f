import Testing

/// Documents that are not well-formed, by the rule they break, with the finding: `code line:column @offset`.
struct MalformedDocument: CustomTestStringConvertible, Sendable {
    var name: String
    var bytes: [UInt8]
    var fault: String

    init(_ name: String, _ document: String, _ fault: String) {
        self.init(name, bytes: Array(document.utf8), fault)
    }

    init(_ name: String, bytes: [UInt8], _ fault: String) {
        self.name = name
        self.bytes = bytes
        self.fault = fault
    }

    var testDescription: String { name }

    static let all = documents + declarations + characters + tags + attributes + references + namespaces

    static let documents: [MalformedDocument] = [
        .init("empty document", "", "xml.empty 1:1 @0"),
        .init("byte order mark alone", "\u{FEFF}", "xml.empty 1:2 @3"),
        .init("white space alone", " \n ", "xml.no-root 2:2 @3"),
        .init("declaration alone", "<?xml version='1.0'?>", "xml.no-root 1:22 @21"),
        .init("comment alone", "<!-- a -->", "xml.no-root 1:11 @10"),
        .init("text alone", "text", "xml.content-outside-root 1:1 @0"),
        .init("text before the root", "\n中<a/>", "xml.content-outside-root 2:1 @1"),
        .init("text behind the root", "<a/>\nx", "xml.content-outside-root 2:1 @5"),
        .init("reference behind the root", "<a/>&#32;", "xml.content-outside-root 1:5 @4"),
        .init("CDATA behind the root", "<a/><![CDATA[]]>", "xml.content-outside-root 1:5 @4"),
        .init("second root", "<a/><b/>", "xml.content-outside-root 1:5 @4"),
        .init("second end tag", "<a></a></a>", "xml.content-outside-root 1:8 @7"),
        .init("end tag alone", "</a>", "xml.content-outside-root 1:1 @0"),
        .init("element not closed", "<a>\n<b>x</b>", "xml.truncated 2:9 @12"),
        .init("cut in a start tag", "<a b='1", "xml.truncated 1:8 @7"),
        .init("cut in an end tag", "<a></a", "xml.truncated 1:7 @6"),
        .init("cut in a comment", "<a><!-- -", "xml.truncated 1:10 @9"),
        .init("cut in a comment behind the root", "<a/><!-- --", "xml.truncated 1:12 @11"),
        .init("cut in CDATA", "<a><![CDATA[x]]", "xml.truncated 1:16 @15"),
        .init("cut in a reference", "<a>&am", "xml.truncated 1:7 @6"),
        .init("cut in an instruction", "<a/><?b c?", "xml.truncated 1:11 @10"),
        .init("cut in the declaration", "<?xml version='1.0'", "xml.truncated 1:20 @19"),
        .init("one less-than", "<", "xml.truncated 1:2 @1"),
        .init("DOCTYPE", "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "xml.doctype 1:1 @0"),
        .init("DOCTYPE behind a declaration", "<?xml version='1.0'?>\n<!DOCTYPE a>\n<a/>", "xml.doctype 2:1 @22"),
        .init("DOCTYPE in content", "<a><!DOCTYPE a></a>", "xml.doctype 1:4 @3"),
        .init("DOCTYPE in lower case", "<!doctype html><a/>", "xml.markup 1:3 @2"),
        .init("markup declaration in content", "<a><!ELEMENT a ANY></a>", "xml.markup 1:6 @5"),
        .init("CDATA in lower case", "<a><![cdata[x]]></a>", "xml.markup 1:7 @6"),
    ]

    static let declarations: [MalformedDocument] = [
        .init("space before the declaration", " <?xml version='1.0'?><a/>", "xml.declaration-misplaced 1:2 @1"),
        .init("declaration in content", "<a><?xml version='1.0'?></a>", "xml.declaration-misplaced 1:4 @3"),
        .init(
            "second declaration", "<?xml version='1.0'?><?xml version='1.0'?><a/>", "xml.declaration-misplaced 1:22 @21"
        ),
        .init("instruction called XML", "<?XML version='1.0'?><a/>", "xml.instruction-target 1:3 @2"),
        .init("instruction called xMl", "<a><?xMl?></a>", "xml.instruction-target 1:6 @5"),
        .init("no version", "<?xml encoding='UTF-8'?><a/>", "xml.declaration 1:7 @6"),
        .init("empty declaration", "<?xml?><a/>", "xml.declaration 1:6 @5"),
        .init("version 2.0", "<?xml version='2.0'?><a/>", "xml.version 1:16 @15"),
        .init("version without digits", "<?xml version='1.'?><a/>", "xml.version 1:16 @15"),
        .init("version in capitals", "<?xml VERSION='1.0'?><a/>", "xml.declaration 1:7 @6"),
        .init("version without quotes", "<?xml version=1.0?><a/>", "xml.declaration 1:15 @14"),
        .init("version with two quotes", "<?xml version='1.0\"?><a/>", "xml.declaration 1:21 @20"),
        .init("encoding that is no name", "<?xml version='1.0' encoding='8-bit'?><a/>", "xml.encoding-name 1:31 @30"),
        .init("encoding that is empty", "<?xml version='1.0' encoding=''?><a/>", "xml.encoding-name 1:31 @30"),
        .init("standalone maybe", "<?xml version='1.0' standalone='maybe'?><a/>", "xml.standalone 1:33 @32"),
        .init("standalone in capitals", "<?xml version='1.0' standalone='YES'?><a/>", "xml.standalone 1:33 @32"),
        .init(
            "standalone before encoding", "<?xml version='1.0' standalone='no' encoding='UTF-8'?><a/>",
            "xml.declaration 1:37 @36"),
        .init("no space before encoding", "<?xml version='1.0'encoding='UTF-8'?><a/>", "xml.declaration 1:20 @19"),
        .init("unknown part of a declaration", "<?xml version='1.0' lang='zh'?><a/>", "xml.declaration 1:21 @20"),
        .init("declaration without question mark", "<?xml version='1.0'><a/>", "xml.declaration 1:20 @19"),
    ]

    static let characters: [MalformedDocument] = [
        .init("NUL in text", "<a>x\u{0}</a>", "xml.character 1:5 @4"),
        .init("NUL at the end", "<a/>\u{0}", "xml.character 1:5 @4"),
        .init("NUL in a tag", "<a\u{0}/>", "xml.character 1:3 @2"),
        .init("control in text", "<a>中\u{1}</a>", "xml.character 1:5 @6"),
        .init("escape in text", "<a>\n\u{1B}[0m</a>", "xml.character 2:1 @4"),
        .init("form feed between tags", "<a>\u{C}</a>", "xml.character 1:4 @3"),
        .init("form feed outside the root", "\u{C}<a/>", "xml.character 1:1 @0"),
        .init("control in a value", "<a b='\u{1F}'/>", "xml.character 1:7 @6"),
        .init("control in a comment", "<a><!--\u{8}--></a>", "xml.character 1:8 @7"),
        .init("control in an instruction", "<a><?b \u{8}?></a>", "xml.character 1:8 @7"),
        .init("control in CDATA", "<a><![CDATA[\u{8}]]></a>", "xml.character 1:13 @12"),
        .init("U+FFFE in text", "<a>\u{FFFE}</a>", "xml.character 1:4 @3"),
        .init("U+FFFF in a value", "<a b='x\u{FFFF}'/>", "xml.character 1:8 @7"),
        .init("U+FFFF in a comment", "<!--\u{FFFF}--><a/>", "xml.character 1:5 @4"),
        .init("U+FFFE in CDATA", "<a><![CDATA[\u{FFFE}]]></a>", "xml.character 1:13 @12"),
        .init("]]> in text", "<a>x]]>y</a>", "xml.cdata-end 1:5 @4"),
        .init("]]]> in text", "<a>]]]></a>", "xml.cdata-end 1:5 @4"),
        .init("-- in a comment", "<!-- a -- b --><a/>", "xml.comment 1:8 @7"),
        .init("comment that ends in --->", "<!-- a ---><a/>", "xml.comment 1:8 @7"),
        .init("comment that begins with one hyphen", "<!- a --><a/>", "xml.markup 1:4 @3"),
        .init("instruction without a target", "<? b?><a/>", "xml.name 1:3 @2"),
        .init("instruction whose target is no name", "<?1?><a/>", "xml.name 1:3 @2"),
        .init("instruction whose target is broken off", "<?b/?><a/>", "xml.instruction 1:4 @3"),
        .init("instruction with a colon", "<?b:c?><a/>", "xml.instruction-target 1:3 @2"),
    ]

    static let tags: [MalformedDocument] = [
        .init("mismatched end tag", "<a><b></a></b>", "xml.end-tag-mismatch 1:7 @6"),
        .init("end tag in other case", "<a></A>", "xml.end-tag-mismatch 1:4 @3"),
        .init("end tag that is longer", "<a></ab>", "xml.end-tag-mismatch 1:4 @3"),
        .init("end tag with another prefix", "<p:a xmlns:p='u' xmlns:q='u'></q:a>", "xml.end-tag-mismatch 1:30 @29"),
        .init("end tag with an attribute", "<a></a b='1'>", "xml.tag 1:8 @7"),
        .init("end tag without a name", "<a></>", "xml.name 1:6 @5"),
        .init("space before a name", "< a/>", "xml.name 1:2 @1"),
        .init("name that begins with a digit", "<1a/>", "xml.name 1:2 @1"),
        .init("name that begins with a hyphen", "<-a/>", "xml.name 1:2 @1"),
        .init("name with a forbidden character", "<a中×/>", "xml.name 1:4 @5"),
        .init("name that begins with a combining mark", "<\u{300}/>", "xml.name 1:2 @1"),
        .init("less-than in text", "<a>1 < 2</a>", "xml.name 1:7 @6"),
        .init("less-than in a tag", "<a <b/>", "xml.name 1:4 @3"),
        .init("slash in a tag", "<a / >", "xml.tag 1:5 @4"),
        .init("equals sign in a tag", "<a=b/>", "xml.tag 1:3 @2"),
        .init("name that is not UTF-8", bytes: Array("<a".utf8) + [0xFF] + Array("/>".utf8), "xml.name 1:3 @2"),
    ]

    static let attributes: [MalformedDocument] = [
        .init("attribute without a value", "<a b/>", "xml.attribute 1:5 @4"),
        .init("attribute without quotes", "<a b=1/>", "xml.attribute 1:6 @5"),
        .init("attribute without an equals sign", "<a b '1'/>", "xml.attribute 1:6 @5"),
        .init("attribute without a name", "<a ='1'/>", "xml.name 1:4 @3"),
        .init("attributes without space between", "<a b='1'c='2'/>", "xml.attribute-space 1:9 @8"),
        .init("attribute whose name is none", "<a 1='2'/>", "xml.name 1:4 @3"),
        .init("less-than in a value", "<a b='1<2'/>", "xml.attribute-less-than 1:8 @7"),
        .init("quote never closed", "<a b='1><c/></a>", "xml.attribute-less-than 1:9 @8"),
        .init("duplicate attribute", "<a b='1' c='2' b='3'/>", "xml.attribute-duplicate 1:16 @15"),
        .init(
            "duplicate attribute by namespace", "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>",
            "xml.attribute-duplicate 1:35 @34"),
        .init("duplicate default namespace", "<a xmlns='u' xmlns='v'/>", "xml.attribute-duplicate 1:14 @13"),
        .init("duplicate prefix", "<a xmlns:p='u' xmlns:p='u'/>", "xml.attribute-duplicate 1:16 @15"),
    ]

    static let references: [MalformedDocument] = [
        .init("undefined entity", "<a>x&nbsp;</a>", "xml.entity 1:5 @4"),
        .init("undefined entity in a value", "<a b='&nbsp;'/>", "xml.entity 1:7 @6"),
        .init("entity in other case", "<a>&AMP;</a>", "xml.entity 1:4 @3"),
        .init("ampersand alone", "<a>1 & 2</a>", "xml.reference 1:6 @5"),
        .init("ampersand before a tag", "<a>&</a>", "xml.reference 1:4 @3"),
        .init("reference without a semicolon", "<a>&amp </a>", "xml.reference 1:4 @3"),
        .init("reference that is no name", "<a>&1;</a>", "xml.reference 1:4 @3"),
        .init("reference without a name", "<a>&;</a>", "xml.reference 1:4 @3"),
        .init("ampersand in a value", "<a b='1&2'/>", "xml.reference 1:8 @7"),
        .init("character reference to NUL", "<a>&#0;</a>", "xml.character-reference 1:4 @3"),
        .init("character reference to a control", "<a>&#x1F;</a>", "xml.character-reference 1:4 @3"),
        .init("character reference to a surrogate", "<a>&#xD800;</a>", "xml.character-reference 1:4 @3"),
        .init("character reference to U+FFFE", "<a>&#xFFFE;</a>", "xml.character-reference 1:4 @3"),
        .init("character reference beyond Unicode", "<a>&#x110000;</a>", "xml.character-reference 1:4 @3"),
        .init(
            "character reference that overflows", "<a>&#99999999999999999999;</a>", "xml.character-reference 1:4 @3"),
        .init("character reference without digits", "<a>&#;</a>", "xml.character-reference 1:4 @3"),
        .init("character reference with a capital X", "<a>&#X41;</a>", "xml.character-reference 1:4 @3"),
        .init("character reference with a letter", "<a>&#4A;</a>", "xml.character-reference 1:4 @3"),
        .init("character reference in a value", "<a b='&#11;'/>", "xml.character-reference 1:7 @6"),
    ]

    static let namespaces: [MalformedDocument] = [
        .init("undeclared prefix of an element", "<p:a/>", "xml.prefix-undeclared 1:2 @1"),
        .init("undeclared prefix of an attribute", "<a p:b='1'/>", "xml.prefix-undeclared 1:4 @3"),
        .init("prefix out of scope", "<a><p:b xmlns:p='u'/><p:c/></a>", "xml.prefix-undeclared 1:23 @22"),
        .init("prefix taken back", "<p:a xmlns:p='u'><b xmlns:p=''/></p:a>", "xml.namespace-empty 1:21 @20"),
        .init("prefix xmlns of an element", "<xmlns:a/>", "xml.namespace-reserved 1:2 @1"),
        .init("prefix xmlns declared", "<a xmlns:xmlns='u'/>", "xml.namespace-reserved 1:4 @3"),
        .init("prefix xml bound to another", "<a xmlns:xml='u'/>", "xml.namespace-reserved 1:4 @3"),
        .init(
            "another prefix bound to xml", "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
            "xml.namespace-reserved 1:4 @3"),
        .init(
            "xmlns as default", "<a xmlns='http://www.w3.org/2000/xmlns/'/>", "xml.namespace-reserved 1:4 @3"),
        .init("two colons", "<p:a:b xmlns:p='u'/>", "xml.qualified-name 1:2 @1"),
        .init("colon at the start", "<:a/>", "xml.qualified-name 1:2 @1"),
        .init("colon at the end", "<a :b:='1'/>", "xml.qualified-name 1:4 @3"),
        .init("local part that is no name", "<p:1 xmlns:p='u'/>", "xml.qualified-name 1:2 @1"),
    ]
}
