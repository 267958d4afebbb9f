import Findings
import Testing
import XMLFilings

@Suite struct XMLLimitsTests {
    private func fault(_ document: String, _ limits: XMLLimits = XMLLimits()) -> String? {
        Outline(document, limits: limits).fault
    }

    @Test func depth() {
        let limits = XMLLimits(depth: 3)
        #expect(fault("<a><b><c/></b></a>", limits) == nil)
        #expect(fault("<a><b><c><d/></c></b></a>", limits) == "xml.limit-depth 1:10 @9")
    }

    @Test func depthOfAHundredThousand() {
        #expect(fault(String(repeating: "<a>", count: 100_000)) == "xml.limit-depth 1:769 @768")
    }

    @Test func attributes() {
        let limits = XMLLimits(attributes: 2)
        #expect(fault("<a xmlns:b='1' c='2'/>", limits) == nil)
        #expect(fault("<a xmlns:b='1' c='2'\nd='3'/>", limits) == "xml.limit-attributes 2:1 @21")
    }

    @Test func tagSize() {
        let limits = XMLLimits(tagSize: 12)
        #expect(fault("<r><a b='12'/></r>", limits) == nil)
        #expect(fault("<r><a b='123' /></r>", limits) == "xml.limit-tag-size 1:4 @3")
        #expect(fault("<a></a         >", limits) == "xml.limit-tag-size 1:4 @3")
    }

    @Test func valueSize() {
        let limits = XMLLimits(valueSize: 5)
        #expect(fault("<a b='12345'/>", limits) == nil)
        #expect(fault("<a b='123456'/>", limits) == "xml.limit-value-size 1:7 @6")
        #expect(fault("<a b='1&lt;2'/>", limits) == "xml.limit-value-size 1:7 @6")
    }

    @Test(arguments: [
        ("<abcd/>", nil), ("<abcde/>", "xml.limit-name-size 1:2 @1"), ("<a bcdef=''/>", "xml.limit-name-size 1:4 @3"),
        ("<?abcde?><a/>", "xml.limit-name-size 1:3 @2"), ("<a xmlns='urn:u'/>", "xml.limit-name-size 1:4 @3"),
        ("<a>&#000065;</a>", "xml.limit-name-size 1:4 @3"),
    ])
    func nameSize(_ document: String, _ expected: String?) {
        #expect(fault(document, XMLLimits(nameSize: 4)) == expected)
    }

    @Test func distinctNames() {
        let limits = XMLLimits(distinctNames: 100)
        let names = (0..<95).map { "<n\($0)/>" }.joined()
        #expect(fault("<n0>\(names)\(names)</n0>", limits) == nil)
        #expect(
            fault("<n0>\(names)<o/><p/><q/><r/><s/><t/></n0>", limits)?.hasPrefix("xml.limit-distinct-names 1:") == true
        )
    }

    @Test func distinctNamespaces() {
        let elements = (0..<200).map { "<a xmlns='u\($0)'/>" }.joined()
        #expect(
            Outline("<a>\(elements)</a>", limits: XMLLimits(distinctNames: 100)).finding?.code
                == "xml.limit-distinct-names")
    }

    @Test func namesTimesNamespaces() {
        let elements = (0..<20).map { prefix in
            "<p:a xmlns:p='u\(prefix)'>" + (0..<20).map { "<p:n\($0)/>" }.joined() + "</p:a>"
        }.joined()
        #expect(
            Outline("<a>\(elements)</a>", limits: XMLLimits(distinctNames: 100)).finding?.code
                == "xml.limit-distinct-names")
    }

    @Test func manyScopesOfFewNamespaces() {
        // Different sets of declarations in force, more than are remembered: names must still be right.
        let elements = (0..<300).map { "<q:b xmlns:p\($0 % 40)='u' xmlns:q='v\($0 % 3)'><q:c/></q:b>" }.joined()
        let outline = Outline("<a>\(elements)</a>", limits: XMLLimits(distinctNames: 90))
        #expect(outline.fault == nil)
        #expect(outline.line == "<a>" + (0..<300).map { "<{v\($0 % 3)}b><{v\($0 % 3)}c></></>" }.joined() + "</>")
    }

    /// Appends pieces without end, and counts how many were taken before the document was refused.
    private func piecesTaken(head: String, piece: String) -> (count: Int, code: String?) {
        var reader = XMLReader()
        reader.append(Array(head.utf8).span)
        let bytes = Array(piece.utf8)
        var count = 0
        do {
            while count < 100_000 {
                guard try reader.next() == .needsInput else { continue }
                reader.append(bytes.span)
                count += 1
            }
        } catch {
            return (count, error.finding.code)
        }
        return (count, nil)
    }

    @Test func anAttributeWithoutEnd() {
        let taken = piecesTaken(head: "<a b='", piece: String(repeating: "x", count: 65_536))
        #expect(taken.code == "xml.limit-tag-size")
        #expect(taken.count <= 17)
    }

    @Test func attributesWithoutEnd() {
        let taken = piecesTaken(head: "<a", piece: String(repeating: " b=''", count: 13_000))
        #expect(taken.code == "xml.limit-attributes")
        #expect(taken.count <= 17)
    }

    @Test(arguments: ["<a", "</", "<?", "&", "&#"])
    func aNameOrReferenceWithoutEnd(_ head: String) {
        let digits = String(repeating: "1", count: 4096)
        let taken = piecesTaken(head: "<r>" + head, piece: digits)
        #expect(taken.code == "xml.limit-name-size" || taken.code == "xml.name")
        #expect(taken.count <= 260)
    }

    @Test func aDeclarationWithoutEnd() {
        let taken = piecesTaken(head: "<?xml ", piece: String(repeating: " ", count: 65_536))
        #expect(taken.code == "xml.limit-tag-size")
        #expect(taken.count <= 17)
    }

    @Test(arguments: ["<a>", "<a><![CDATA[", "<!--", "<?b ", "<a>x"])
    func textAndCommentsWithoutEndNeedNoRoom(_ head: String) throws {
        var reader = XMLReader()
        reader.append(Array(head.utf8).span)
        let piece = Array(String(repeating: "字 &lt;", count: 2_000).utf8)
        var taken = 0
        var longest = 0
        while taken < 200 {
            switch try reader.next() {
            case .needsInput:
                reader.append(piece.span)
                taken += 1
            case .text: longest = max(longest, reader.text.count)
            default: break
            }
        }
        #expect(longest <= piece.count)
    }
}
