import Foundation
import FoundationXML

/// Looks over a manifest before it is decoded: the right elements of the right namespaces in the right places, nothing
/// else, and as little work as possible for a hostile document.
///
/// The decoder matches elements by their local names; only this makes sure that these names mean what they seem to.
final class ManifestShape: NSObject, XMLParserDelegate {
    private let allowedReferences: Int
    private var path: [String] = []
    private var references = 0
    private var children: [[String: Int]] = [[:]]
    private var flaw: String?

    private init(allowedReferences: Int) {
        self.allowedReferences = allowedReferences
    }

    /// Why the bytes are not a manifest; nil when they look like one.
    static func flaw(in bytes: [UInt8], limits: PackageLimits) -> String? {
        if let flaw = byteFlaw(in: bytes) { return flaw }
        let parser = XMLParser(data: Data(bytes))
        parser.shouldProcessNamespaces = true
        parser.shouldResolveExternalEntities = false
        let shape = ManifestShape(allowedReferences: limits.entries)
        parser.delegate = shape
        let isWellFormed = parser.parse()
        if let flaw = shape.flaw { return flaw }
        guard isWellFormed, shape.path.isEmpty else {
            return "not well-formed XML at line \(parser.lineNumber), column \(parser.columnNumber)"
        }
        // Not when the parser tells the end of the document: it does that even where it has told of no start.
        shape.checkCounts(of: "")
        return shape.flaw
    }

    /// What may be inside of what, and how often at least and at most.
    private static let grammar: [String: [String: ClosedRange<Int>]] = [
        "": ["ASiCManifest": 1...1],
        "ASiCManifest": ["SigReference": 1...1, "DataObjectReference": 1...Int.max],
        "SigReference": [:],
        "DataObjectReference": ["DigestMethod": 1...1, "DigestValue": 1...1],
        "DigestMethod": [:],
        "DigestValue": [:],
    ]

    private static let attributes: [String: Set<String>] = [
        "SigReference": ["URI", "MimeType"],
        "DataObjectReference": ["URI", "MimeType", "Rootfile"],
        "DigestMethod": ["Algorithm"],
    ]

    private static let digestElements: Set<String> = ["DigestMethod", "DigestValue"]

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        guard flaw == nil else { return }
        let expected = Self.digestElements.contains(name) ? ASiCManifest.digestNamespace : ASiCManifest.namespace
        let parent = path.last ?? ""
        if Self.grammar[parent]?[name] == nil {
            flaw = "element \(name) inside of \(parent.isEmpty ? "the document" : parent)"
        } else if namespaceURI != expected {
            flaw = "element \(name) of namespace “\(namespaceURI ?? "")” instead of “\(expected)”"
        } else if let other = attributes.keys.first(where: { !isKnown($0, of: name) }) {
            flaw = "attribute \(other) of element \(name)"
        }
        references += name == "DataObjectReference" ? 1 : 0
        if references > allowedReferences { flaw = "more than \(allowedReferences) references" }
        children[children.count - 1][name, default: 0] += 1
        children.append([:])
        path.append(name)
        if flaw != nil { parser.abortParsing() }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        guard flaw == nil else { return }
        checkCounts(of: name)
        path.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if flaw == nil, path.last != "DigestValue", text.contains(where: { !$0.isWhitespace }) {
            flaw = "text inside of \(path.last ?? "the document")"
            parser.abortParsing()
        }
    }

    private func isKnown(_ attribute: String, of element: String) -> Bool {
        Self.attributes[element]?.contains(attribute) == true || attribute == "xmlns" || attribute.hasPrefix("xmlns:")
            || attribute == "xsi:schemaLocation"
    }

    private func checkCounts(of element: String) {
        let found = children.removeLast()
        for (child, range) in Self.grammar[element] ?? [:] where !range.contains(found[child, default: 0]) {
            flaw =
                "\(found[child, default: 0]) elements \(child) inside of \(element.isEmpty ? "the document" : element)"
        }
    }
}

extension ManifestShape {
    // What the XML library must not even see: other encodings, in which a declaration could hide, document type
    // declarations, processing instructions, at which it crashes when they have no data, and elements with so many
    // attributes that comparing them takes for ever.
    private static func byteFlaw(in bytes: [UInt8]) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return "not UTF-8" }
        guard !bytes.contains(0) else { return "a NUL byte" }
        let head = text.unicodeScalars.prefix(200).prefix { $0 != ">" }
        if let start = String(String.UnicodeScalarView(head)).range(of: "encoding") {
            let name = head[start.upperBound...].drop { " \t\r\n='\"".unicodeScalars.contains($0) }
            guard String(String.UnicodeScalarView(name.prefix(5))).lowercased() == "utf-8" else {
                return "another encoding than UTF-8"
            }
        }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let declares = ["<?xml ", "<?xml\t", "<?xml\r", "<?xml\n"].contains { bytes[start...].starts(with: $0.utf8) }
        var equals = 0
        for (index, byte) in bytes.enumerated() {
            if byte == 0x3C {
                equals = 0
                let next = bytes[(index + 1)...].prefix(2)
                if next.elementsEqual([0x21, 0x44]) || next.elementsEqual([0x21, 0x45]) {
                    return "a document type declaration"
                }
                if next.first == 0x3F, index > start || !declares { return "a processing instruction" }
            } else if byte == 0x3D {
                equals += 1
                guard equals <= 64 else { return "more than 64 equals signs in one element" }
            }
        }
        return nil
    }
}
