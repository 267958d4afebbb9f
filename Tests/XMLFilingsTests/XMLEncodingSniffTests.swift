import Findings
import Testing
import XMLFilings

@Suite struct XMLEncodingSniffTests {
    private static let declared = "<?xml version='1.0' encoding='GBK'?><a>字</a>"

    private func utf16(_ text: String, isLittle: Bool, mark: Bool) -> [UInt8] {
        ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
            isLittle ? [UInt8(unit & 0xFF), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 0xFF)]
        }
    }

    @Test func aDeclaredLabel() {
        let sniff = XMLDeclaration.sniff(Array(Self.declared.utf8).span)
        #expect(sniff.declaredLabel == "GBK")
        #expect(sniff.labelPlace == SourcePlace(line: 1, column: 31, offset: 30))
        #expect(sniff.family == .singleByteASCII)
        #expect(sniff.byteOrderMark == 0)
    }

    @Test func bytesBehindTheDeclarationDoNotMatter() {
        let sniff = XMLDeclaration.sniff(
            (Array("<?xml version='1.0' encoding='GB18030'?><a>".utf8) + [0xB5, 0xD8, 0xFF]).span)
        #expect(sniff.declaredLabel == "GB18030")
    }

    @Test func byteOrderMarkOfUTF8() {
        let sniff = XMLDeclaration.sniff(Array("\u{FEFF}\(Self.declared)".utf8).span)
        #expect(sniff.byteOrderMark == 3)
        #expect(sniff.declaredLabel == "GBK")
        #expect(sniff.labelPlace?.offset == 33)
    }

    @Test(arguments: [true, false], [true, false])
    func utf16(isLittle: Bool, mark: Bool) {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<a/>"
        let sniff = XMLDeclaration.sniff(utf16(text, isLittle: isLittle, mark: mark).span)
        #expect(sniff.family == (isLittle ? .utf16LittleEndian : .utf16BigEndian))
        #expect(sniff.byteOrderMark == (mark ? 2 : 0))
        #expect(sniff.declaredLabel == "UTF-16")
        #expect(sniff.labelPlace == SourcePlace(line: 1, column: 31, offset: 60 + (mark ? 2 : 0)))
    }

    @Test(arguments: [
        "", "<", "<a/>", "<?xml version='1.0'?>", "<?xml encoding='GBK'?>", "<?xml version='1.0' encoding='GBK'",
    ])
    func noLabel(_ document: String) {
        #expect(XMLDeclaration.sniff(Array(document.utf8).span).declaredLabel == nil)
    }

    @Test(
        arguments: [
            ("UTF-8", "UTF-8", "UTF-8", false, nil), ("utf8", "UTF-8", "UTF-8", false, nil),
            ("UTF-8", "UTF-8", "GB18030", false, "xml.encoding-contradiction"),
            ("GBK", "GB18030", "GB18030", false, nil),
            ("GBK", "GB18030", "UTF-8", false, "xml.encoding-contradiction"), ("GBK", "GB18030", "UTF-8", true, nil),
            ("UTF-16", "UTF-16LE", "UTF-16BE", false, nil),
            ("UTF-16LE", "UTF-16LE", "UTF-16BE", false, "xml.encoding-contradiction"),
            ("UTF-16", "UTF-16LE", "UTF-8", true, "xml.encoding-contradiction"),
            ("UTF-8", "UTF-8", "UTF-16LE", true, "xml.encoding-contradiction"),
            ("EBCDIC", nil, "UTF-8", false, "xml.encoding-unknown"),
            ("KOI8-R", nil, "GB18030", true, "xml.encoding-unknown"),
        ] as [(String, String?, String, Bool, String?)])
    func contradictions(_ label: String, _ means: String?, _ actual: String, _ isASCII: Bool, _ code: String?) {
        let sniff = XMLDeclaration.sniff(Array("<?xml version='1.0' encoding='\(label)'?><a/>".utf8).span)
        let finding = sniff.contradiction(
            actual: actual, declaredMeans: means, isPureASCII: isASCII, isGuess: actual == "GB18030")
        #expect(finding?.code == code)
        #expect(finding == nil || finding?.place?.column == 31)
        #expect(finding.map { $0.severity == .warning } ?? true)
    }

    /// Under a label that nobody knows, bytes that are not UTF-8 can be anything: to guess would garble every text.
    @Test(arguments: [true, false])
    func anUnknownLabelIsFatalWhereTheEncodingIsGuessed(isGuess: Bool) {
        let sniff = XMLDeclaration.sniff(Array("<?xml version='1.0' encoding='Big5'?><a/>".utf8).span)
        let finding = sniff.contradiction(actual: "GB18030", declaredMeans: nil, isPureASCII: false, isGuess: isGuess)
        #expect(finding?.code == (isGuess ? "xml.encoding-unsupported" : "xml.encoding-unknown"))
        #expect(finding?.severity == (isGuess ? .fatal : .warning))
        #expect(finding?.place?.column == 31)
    }
}
