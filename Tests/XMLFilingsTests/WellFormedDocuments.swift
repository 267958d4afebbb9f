import Testing

/// Documents that are well-formed, by what is special about them, with what they come to.
struct WellFormedDocument: CustomTestStringConvertible, Sendable {
    var name: String
    var document: String
    var line: String

    init(_ name: String, _ document: String, _ line: String) {
        self.name = name
        self.document = document
        self.line = line
    }

    var testDescription: String { name }

    static let all: [WellFormedDocument] = [
        .init("empty element", "<a/>", "<a></>"),
        .init("empty element with space", "<a \t\r\n/>", "<a></>"),
        .init("end tag with space", "<a></a \n>", "<a></>"),
        .init("text", "<a>文字</a>", "<a>'文字'</>"),
        .init("white space is text", "<a>\n <b/>\n</a>", "<a>'\n '<b></>'\n'</>"),
        .init("comment in text", "<a>x<!-- - < & ]]> -->y</a>", "<a>'xy'</>"),
        .init("comment with line ends", "<a><!-- 1\r\n2\r3\n --></a>", "<a></>"),
        .init("empty comment", "<!----><a/><!---->", "<a></>"),
        .init("instruction", "<?go <a?b? > ?><a><?x?>t<?y ??></a><?z?>", "<a>'t'</>"),
        .init("stylesheet instruction first", "<?xml-stylesheet href='x'?><a/>", "<a></>"),
        .init("CDATA", "<a><![CDATA[<&]]&gt;]]]></a>", "<a>'<&]]&gt;]'</>"),
        .init("empty CDATA", "<a><![CDATA[]]></a>", "<a></>"),
        .init("CDATA beside text", "<a>1<![CDATA[2]]>3<![CDATA[4]]><![CDATA[5]]></a>", "<a>'12345'</>"),
        .init("CDATA with line ends", "<a><![CDATA[1\r\n2\r3\n4]]></a>", "<a>'1\n2\n3\n4'</>"),
        .init("brackets in text", "<a>]] ] ]>]&gt;</a>", "<a>']] ] ]>]>'</>"),
        .init("greater-than in text", "<a>></a>", "<a>'>'</>"),
        .init("predefined entities", "<a>&lt;&gt;&amp;&quot;&apos;</a>", "<a>'<>&\"''</>"),
        .init("escape is not resolved twice", "<a>&amp;lt;</a>", "<a>'&lt;'</>"),
        .init("character references", "<a>&#65;&#x4E2D;&#x1F600;&#x00000000041;</a>", "<a>'A中😀A'</>"),
        .init("CR by reference stays", "<a>1&#13;2&#xD;\r\n3</a>", "<a>'1\r2\r\n3'</>"),
        .init("line ends in text", "<a>1\r\n2\r3\n4\r\r\n5</a>", "<a>'1\n2\n3\n4\n\n5'</>"),
        .init("tab and line feed in text", "<a>\t\n</a>", "<a>'\t\n'</>"),
        .init("delete and C1 controls", "<a>\u{7F}\u{80}\u{9F}</a>", "<a>'\u{7F}\u{80}\u{9F}'</>"),
        .init(
            "last characters of the planes", "<a>\u{FFFD}\u{1FFFE}\u{10FFFF}</a>", "<a>'\u{FFFD}\u{1FFFE}\u{10FFFF}'</>"
        ),
        .init("full-width text", "<a b=\"，｡\u{FFFD}\">，！｡￥</a>", "<a b=\"，｡\u{FFFD}\">'，！｡￥'</>"),
        .init("byte order mark", "\u{FEFF}<a/>", "<a></>"),
        .init("byte order mark and declaration", "\u{FEFF}<?xml version='1.0'?><a/>", "<a></>"),
        .init("declaration", "<?xml version=\"1.0\" encoding='UTF-8' standalone = \"no\" ?><a/>", "<a></>"),
        .init("declaration over lines", "<?xml\tversion\n=\r\n'1.0'\n?>\n<a/>\n", "<a></>"),
        .init("version 1.1 is read as 1.0", "<?xml version='1.10'?><a/>", "<a></>"),
        .init("space around the root", "\r\n <a/>\t\n", "<a></>"),
        .init("attributes", "<a b='1' c=\"2\"\n\td = '3'/>", "<a b=\"1\" c=\"2\" d=\"3\"></>"),
        .init("other quote in a value", "<a b='\"' c=\"'>\"/>", "<a b=\"\"\" c=\"'>\"></>"),
        .init("empty value", "<a b=''/>", "<a b=\"\"></>"),
        .init("white space in a value", "<a b=' 1\t2\n3\r\n4\r5 '/>", "<a b=\" 1 2 3 4 5 \"></>"),
        .init("white space by reference stays", "<a b='&#9;&#10;&#13;&#32;'/>", "<a b=\"\t\n\r \"></>"),
        .init("references in a value", "<a b='1&lt;&amp;&#x4E2D;2' c='&quot;'/>", "<a b=\"1<&中2\" c=\"\"\"></>"),
        .init("names in Chinese", "<案件 编号='1'><人员-1/></案件>", "<案件 编号=\"1\"><人员-1></></>"),
        .init("names with every kind of character", "<_a.-1·\u{300}\u{203F}/>", "<_a.-1·\u{300}\u{203F}></>"),
        .init("a name beyond the basic plane", "<\u{20000}/>", "<\u{20000}></>"),
        .init("long names", longNames, longNamesLine),
        .init("default namespace", "<a xmlns='u'><b c='1'/></a>", "<{u}a><{u}b c=\"1\"></></>"),
        .init("default namespace taken back", "<a xmlns='u'><b xmlns=''/><c/></a>", "<{u}a><b></><{u}c></></>"),
        .init("prefixes", "<p:a xmlns:p='u' p:b='1' b='2'/>", "<{u}a {u}b=\"1\" b=\"2\"></>"),
        .init("prefix declared behind its use", "<p:a p:b='1' xmlns:p='u'/>", "<{u}a {u}b=\"1\"></>"),
        .init("prefix bound anew", "<p:a xmlns:p='u'><p:a xmlns:p='v'/><p:a/></p:a>", "<{u}a><{v}a></><{u}a></></>"),
        .init("siblings that declare alike", "<r><p:a xmlns:p='u'/><p:a xmlns:p='u'/></r>", "<r><{u}a></><{u}a></></>"),
        .init("two prefixes of one namespace", "<p:a xmlns:p='u' xmlns:q='u'><q:a/></p:a>", "<{u}a><{u}a></></>"),
        .init("same local name in two namespaces", "<a xmlns:p='u' p:b='' b=''/>", "<a {u}b=\"\" b=\"\"></>"),
        .init("namespace with a reference", "<a xmlns='u&amp;v'/>", "<{u&v}a></>"),
        .init("prefix xml", "<a xml:lang='zh'/>", "<a {\(xml)}lang=\"zh\"></>"),
        .init("prefix xml declared as what it is", "<xml:a xmlns:xml='\(xml)'/>", "<{\(xml)}a></>"),
        .init("names that begin with xml", "<xmla xmlb='1'/>", "<xmla xmlb=\"1\"></>"),
    ]

    private static let xml = "http://www.w3.org/XML/1998/namespace"
    private static let sixteen = String(repeating: "n", count: 16)
    private static let long = String(repeating: "名", count: 20)
    private static let longNames =
        "<r><\(sixteen)/><\(sixteen)x/><\(sixteen)y/><\(long)甲/><\(long)乙/><\(long)甲></\(long)甲></r>"
    private static let longNamesLine =
        "<r><\(sixteen)></><\(sixteen)x></><\(sixteen)y></><\(long)甲></><\(long)乙></><\(long)甲></></>"
}
