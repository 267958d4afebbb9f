import Findings
import Foundation
import Testing

@testable import SignedPackages

@Suite struct ASiCManifestTests {
    static let digest = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="

    static func text(
        head: String = #"<?xml version="1.0" encoding="UTF-8"?>"#,
        root: String = #"xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#""#,
        signature: String = #"<asic:SigReference URI="META-INF/signature001.p7s"/>"#,
        reference: String? = nil, algorithm: String = "http://www.w3.org/2001/04/xmlenc#sha256", uri: String = "a.xml",
        value: String = digest, rest: String = ""
    ) -> String {
        let reference =
            reference ?? #"""
                <asic:DataObjectReference URI="\#(uri)" MimeType="text/xml"><ds:DigestMethod Algorithm="\#(algorithm)"/>
                <ds:DigestValue>\#(value)</ds:DigestValue></asic:DataObjectReference>
                """#
        return "\(head)<asic:ASiCManifest \(root)>\(signature)\(reference)\(rest)</asic:ASiCManifest>"
    }

    static func read(_ text: String) throws(PackageFault) -> ASiCManifest {
        try ASiCManifest(xml: Array(text.utf8), entry: "META-INF/ASiCManifest.xml", limits: PackageLimits())
    }

    static func code(_ text: String) -> String? {
        do {
            _ = try read(text)
            return nil
        } catch {
            return error.check.kind?.code
        }
    }

    @Test func whatOthersWriteIsRead() throws {
        let manifest = try Self.read(Self.text())
        #expect(manifest.signature == "META-INF/signature001.p7s")
        #expect(manifest.references.map(\.name) == ["a.xml"])
        #expect(manifest.references[0].mediaType == "text/xml")
        #expect(manifest.references[0].algorithm == .sha256)
        #expect(manifest.references[0].digest.prefix(2) == [0xBA, 0x78])
    }

    @Test(arguments: ["", "\u{FEFF}", "<?xml version='1.0'?>", "\u{FEFF}<?xml\tversion='1.0'\r\nencoding='utf-8' ?>\n"])
    func declarationIsFree(head: String) throws {
        #expect(try Self.read(Self.text(head: head)) == Self.read(Self.text()))
    }

    @Test func prefixesAreFree() throws {
        let text = """
            <ASiCManifest xmlns="http://uri.etsi.org/02918/v1.2.1#"><!-- remark --><SigReference URI="s.p7s"
            MimeType="application/x-pkcs7-signature"/><DataObjectReference URI="%E6%8A%A5%20%E9%80%81.xml" Rootfile="true">
            <DigestMethod xmlns="http://www.w3.org/2000/09/xmldsig#" Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
            <x:DigestValue xmlns:x="http://www.w3.org/2000/09/xmldsig#">
              \(Self.digest.prefix(20))
              \(Self.digest.dropFirst(20))
            </x:DigestValue></DataObjectReference></ASiCManifest>
            """
        let manifest = try Self.read(text)
        #expect(manifest.references.map(\.name) == ["报 送.xml"])
        #expect(manifest.references[0].digest.count == 32)
    }

    @Test(arguments: [
        ("http://www.w3.org/2001/04/xmlenc#sha256", DigestAlgorithm.sha256, 32),
        ("http://www.w3.org/2001/04/xmldsig-more#sha384", .sha384, 48),
        ("http://www.w3.org/2001/04/xmlenc#sha512", .sha512, 64), ("urn:oid:1.2.156.10197.1.401", .sm3, 32),
        ("1.2.156.10197.1.401", .sm3, 32),
    ])
    func digestsAreKnownByTheirURIs(uri: String, algorithm: DigestAlgorithm, size: Int) throws {
        let value = String(repeating: "AAAA", count: size / 3) + ["", "AA==", "AAA="][size % 3]
        let manifest = try Self.read(Self.text(algorithm: uri, value: value))
        #expect(manifest.references[0].algorithm == algorithm)
    }

    static let broken: [(name: String, text: String, code: String)] = [
        ("no XML", "hello", "package.malformed"),
        ("cut off", String(text().dropLast(5)), "package.malformed"),
        ("nothing", "", "package.malformed"),
        ("no element", "<!-- none -->", "package.malformed"),
        // Found by FuzzContainers: the parser told the end of a document whose start it had not told.
        ("the beginning of nothing", "<?!R", "package.malformed"),
        ("an instruction without data", text(rest: "<?a?>"), "package.malformed"),
        ("an instruction without data before the root", text(head: "<?a?>"), "package.malformed"),
        ("a declaration that says nothing", text(head: "<?xml?>"), "package.malformed"),
        ("an instruction whose name begins as a declaration", text(head: "<?xmla?>"), "package.malformed"),
        ("a document type", text(head: "<!DOCTYPE a>"), "package.malformed"),
        ("entities", text(head: #"<!DOCTYPE a [<!ENTITY b "c">]>"#), "package.malformed"),
        ("another encoding", text(head: #"<?xml version="1.0" encoding="UTF-7"?>"#), "package.malformed"),
        ("another encoding in other quotes", text(head: "<?xml version='1.0' encoding = 'GBK'?>"), "package.malformed"),
        (
            "another namespace", text(root: #"xmlns:asic="urn:x" xmlns:ds="http://www.w3.org/2000/09/xmldsig#""#),
            "package.malformed"
        ),
        (
            "another digest namespace",
            text(root: #"xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://uri.etsi.org/02918/v1.2.1#""#),
            "package.malformed"
        ),
        ("no signature", text(signature: ""), "package.malformed"),
        ("two signatures", text(rest: #"<asic:SigReference URI="b.p7s"/>"#), "package.malformed"),
        ("a signature without a URI", text(signature: "<asic:SigReference/>"), "package.malformed"),
        (
            "a URI as an element", text(signature: "<asic:SigReference><asic:URI>a</asic:URI></asic:SigReference>"),
            "package.malformed"
        ),
        ("a prefixed attribute", text(signature: #"<asic:SigReference asic:URI="a.p7s"/>"#), "package.malformed"),
        ("no reference", text(reference: ""), "package.malformed"),
        ("an unknown element", text(rest: "<asic:Other/>"), "package.malformed"),
        ("extensions", text(rest: "<asic:ASiCManifestExtensions/>"), "package.malformed"),
        ("text between elements", text(rest: "x"), "package.malformed"),
        (
            "two digest values",
            text(value: "\(digest)</ds:DigestValue><ds:DigestValue>\(digest)"), "package.malformed"
        ),
        ("text behind the root", text() + "x", "package.malformed"),
        ("text behind the root and a line end", text() + "\nx", "package.malformed"),
        ("text before the root", text(head: "x"), "package.malformed"),
        ("text between the declaration and the root", text().replacing("?>", with: "?>x"), "package.malformed"),
        ("a reference behind the root", text() + "&#65;", "package.malformed"),
        ("CDATA behind the root", text() + "<![CDATA[]]>", "package.malformed"),
        ("a second root", text() + text(head: ""), "package.malformed"),
        ("an empty second root", text() + "<a/>", "package.malformed"),
        ("an end tag behind the root", text() + "</asic:ASiCManifest>", "package.malformed"),
        ("half a tag behind the root", text() + "<", "package.malformed"),
        ("half a comment behind the root", text() + "<!-- ", "package.malformed"),
        ("a document type behind the root", text() + "<!DOCTYPE a>", "package.malformed"),
        ("an instruction behind the root", text() + "<?a b?>", "package.malformed"),
        ("a declaration behind the root", text() + "<?xml version='1.0'?>", "package.malformed"),
        ("a comment with two hyphens", text(rest: "<!-- a -- b -->"), "package.malformed"),
        ("a comment with two hyphens behind the root", text() + "<!-- a -- b -->", "package.malformed"),
        ("a control character", text(uri: "a&#1;.xml"), "package.malformed"),
        ("a control character behind the root", text() + "\u{1}", "package.malformed"),
        ("a noncharacter", text(uri: "a\u{FFFE}.xml"), "package.malformed"),
        ("an attribute twice", text(signature: #"<asic:SigReference URI="a" URI="b"/>"#), "package.malformed"),
        (
            "an attribute twice by its namespace",
            text(signature: #"<asic:SigReference URI="a" xmlns:p="u" xmlns:q="u" p:a="" q:a=""/>"#), "package.malformed"
        ),
        (
            "an attribute without space", text(signature: #"<asic:SigReference URI="a"MimeType="b"/>"#),
            "package.malformed"
        ),
        ("less-than in a value", text(uri: "a<b.xml"), "package.malformed"),
        ("a prefix not declared", text(rest: "<b:a/>"), "package.malformed"),
        ("an unknown entity", text(uri: "a&b;.xml"), "package.malformed"),
        ("CDATA's end in text", text(value: "\(digest)]]>"), "package.malformed"),
        ("a short digest", text(value: "AAAA"), "package.malformed"),
        ("a digest that is no base64", text(value: "****"), "package.malformed"),
        ("SHA-1", text(algorithm: "http://www.w3.org/2000/09/xmldsig#sha1"), "package.weak-algorithm"),
        ("an unknown digest", text(algorithm: "urn:x"), "package.unsupported-algorithm"),
        ("the same document twice", text(rest: text().firstReference), "package.malformed"),
        ("a URI with a fragment", text(uri: "a.xml#b"), "package.malformed"),
        ("a URI with a query", text(uri: "a.xml?b"), "package.malformed"),
        ("a broken escape", text(uri: "a%2.xml"), "package.malformed"),
        ("an escape that is no UTF-8", text(uri: "%FF.xml"), "package.malformed"),
        ("an empty URI", text(uri: ""), "package.malformed"),
    ]

    @Test(arguments: broken.indices)
    func brokenManifestsAreRefused(index: Int) {
        let broken = Self.broken[index]
        #expect(Self.code(broken.text) == broken.code, "\(broken.name)")
    }

    @Test(arguments: [
        (text() + "\nx", "line 3, column 1: not well-formed XML: "),
        (text(rest: "\n<a/>"), "line 3, column 1: element a"),
        (text(signature: "<b:a/>"), "line 1, column "),
    ])
    func brokenManifestsSayWhere(text: String, message: String) {
        let fault = #expect(throws: PackageFault.self) { try Self.read(text) }
        #expect(fault?.check.detail.contains(message) == true, "\(fault?.check.detail ?? "")")
    }

    @Test func hostileSizesAreRefusedAtOnce() {
        var limits = PackageLimits()
        limits.manifestBytes = 100
        #expect(throws: PackageFault.self) {
            try ASiCManifest(xml: Array(Self.text().utf8), entry: "m", limits: limits)
        }
        let attributes = (0..<200_000).map { "a\($0)=''" }.joined(separator: " ")
        #expect(Self.code(Self.text(rest: "<asic:Other \(attributes)/>")) == "package.malformed")
        #expect(Self.code(Self.text(rest: String(repeating: "<a>", count: 100_000))) == "package.malformed")
    }

    @Test func whatIsWrittenIsRead() throws {
        let manifest = ASiCManifest(
            signature: "META-INF/signature001.p7s",
            references: [
                .init(
                    name: "报 送<1>&#?.xml", mediaType: "text/xml", algorithm: .sm3,
                    digest: Array(repeating: 7, count: 32)),
                .init(name: "b.csv", mediaType: "", algorithm: .sha512, digest: Array(repeating: 9, count: 64)),
            ])
        let xml = try manifest.xml()
        #expect(try ASiCManifest(xml: xml, entry: "m", limits: PackageLimits()) == manifest)
    }
}

extension String {
    fileprivate var firstReference: String {
        guard let start = range(of: "<asic:DataObjectReference"), let end = range(of: "</asic:DataObjectReference>")
        else {
            return ""
        }
        return String(self[start.lowerBound..<end.upperBound])
    }
}
