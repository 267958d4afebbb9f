import Foundation
import FoundationXML

/// A document as Foundation's XMLParser (libxml2) reads it, written as ``Outline`` writes it.
final class ParserOutline: NSObject, XMLParserDelegate {
    private(set) var line = ""
    private(set) var isWellFormed = false
    private var text = ""
    private var hasError = false
    // XMLParser reports prefixes and not the namespaces of attributes: what each prefix is bound to, innermost last.
    private var bound: [String: [String]] = ["xml": ["http://www.w3.org/XML/1998/namespace"]]

    init(_ document: [UInt8]) {
        super.init()
        let parser = XMLParser(data: Data(Self.adapted(String(decoding: document, as: UTF8.self)).utf8))
        parser.shouldProcessNamespaces = true
        parser.shouldReportNamespacePrefixes = true
        parser.shouldResolveExternalEntities = false
        parser.delegate = self
        // A parser that met an error may still say that it has parsed.
        let isComplete = parser.parse()
        isWellFormed = isComplete && !hasError
    }

    // The same document without what XMLParser cannot take: it crashes on an instruction that has a target alone, keeps
    // CR in CDATA, and believes an encoding label that no longer holds.
    private static func adapted(_ document: String) -> String {
        document
            .replacing(/^(<\?xml[^>]*?)\s+encoding\s*=\s*(?:"[^"]*"|'[^']*')/) { "\($0.output.1)" }
            .replacing(/<\?([^\s?<>]+)\?>/.matchingSemantics(.unicodeScalar)) { "<?\($0.output.1) x?>" }
            .replacing(/<!\[CDATA\[.*?\]\]>/.dotMatchesNewlines().matchingSemantics(.unicodeScalar)) {
                var section = String($0.output)
                section.unicodeScalars.replace("\r\n".unicodeScalars, with: "\n".unicodeScalars)
                section.unicodeScalars.replace("\r".unicodeScalars, with: "\n".unicodeScalars)
                return section
            }
    }

    func parser(_ parser: XMLParser, didStartMappingPrefix prefix: String, toURI namespaceURI: String) {
        bound[prefix, default: []].append(namespaceURI)
    }

    func parser(_ parser: XMLParser, didEndMappingPrefix prefix: String) {
        bound[prefix]?.removeLast()
    }

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName qName: String?,
        attributes: [String: String]
    ) {
        flush()
        let name = (namespaceURI ?? "").isEmpty ? elementName : "{\(namespaceURI ?? "")}\(elementName)"
        let rest = attributes.filter { $0.key != "xmlns" && !$0.key.hasPrefix("xmlns:") }
            .map { "\(expanded($0.key))=\"\($0.value)\"" }.sorted()
        line += "<" + ([name] + rest).joined(separator: " ") + ">"
    }

    func parser(
        _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName qName: String?
    ) {
        flush()
        line += "</>"
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        text += string
    }

    func parser(_ parser: XMLParser, foundCDATA CDATABlock: Data) {
        text += String(decoding: CDATABlock, as: UTF8.self)
    }

    func parser(_ parser: XMLParser, parseErrorOccurred parseError: any Error) {
        // Warnings of libxml2: an instruction whose name begins with `xml`, a namespace that is no URI or a relative one.
        hasError = hasError || ![64, 99, 100].contains((parseError as NSError).code)
    }

    private func flush() {
        if !text.isEmpty { line += "'\(text)'" }
        text = ""
    }

    private func expanded(_ qualified: String) -> String {
        let parts = qualified.split(separator: ":")
        guard parts.count == 2, let namespace = bound[String(parts[0])]?.last else { return qualified }
        return "{\(namespace)}\(parts[1])"
    }
}
