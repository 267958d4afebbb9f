import Findings
import XMLFilings

/// Looks over a manifest before it is decoded: a well-formed document with the right elements of the right namespaces in
/// the right places, nothing else, and as little work as possible for a hostile document.
///
/// The decoder matches elements by their local names, and the XML library below it takes what is not well-formed; only this
/// makes sure that what was signed means what it seems to.
struct ManifestShape: ~Copyable {
    private var reader: XMLReader
    private let allowedReferences: Int
    private var path: [String] = []
    private var references = 0
    private var children: [[String: Int]] = [[:]]

    private init(_ bytes: [UInt8], allowedReferences: Int) {
        reader = XMLReader(limits: XMLLimits(attributes: 64))
        reader.append(bytes.span)
        reader.endInput()
        self.allowedReferences = allowedReferences
    }

    /// Why the bytes are not a manifest, and where; nil when they look like one.
    static func flaw(in bytes: [UInt8], limits: PackageLimits) -> String? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return "not UTF-8" }
        let start = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
        var shape = ManifestShape(Array(bytes[start...]), allowedReferences: limits.entries)
        return shape.flaw() ?? shape.instructionFlaw(in: bytes[start...])
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

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

    private mutating func flaw() -> String? {
        do throws(XMLFault) {
            while true {
                let token = try reader.next()
                if let flaw = flaw(of: token) { return located(flaw, at: reader.place) }
                if token == .endOfDocument { return nil }
            }
        } catch {
            let finding = error.finding
            return located("not well-formed XML: \(finding.message.english)", at: finding.place)
        }
    }

    private func located(_ flaw: String, at place: SourcePlace?) -> String {
        place.map { "line \($0.line), column \($0.column): \(flaw)" } ?? flaw
    }

    private mutating func flaw(of token: XMLToken) -> String? {
        switch token {
        case .startElement: return flawOfStart()
        case .endElement:
            let element = path.removeLast()
            return countFlaw(of: element)
        case .text: return flawOfText()
        case .endOfDocument: return countFlaw(of: "") ?? flawOfEncoding()
        case .needsInput: return nil
        }
    }

    private mutating func flawOfStart() -> String? {
        let name = reader.local(of: reader.name)
        let namespace = reader.namespace(of: reader.name)
        let parent = path.last ?? ""
        guard Self.grammar[parent]?[name] != nil else {
            return "element \(name) inside of \(parent.isEmpty ? "the document" : parent)"
        }
        let expected = Self.digestElements.contains(name) ? ASiCManifest.digestNamespace : ASiCManifest.namespace
        guard namespace == expected else {
            return "element \(name) of namespace “\(namespace)” instead of “\(expected)”"
        }
        for index in 0..<reader.attributeCount where !isKnown(reader.attributeName(index), of: name) {
            return "attribute \(reader.local(of: reader.attributeName(index))) of element \(name)"
        }
        references += name == "DataObjectReference" ? 1 : 0
        guard references <= allowedReferences else { return "more than \(allowedReferences) references" }
        children[children.count - 1][name, default: 0] += 1
        children.append([:])
        path.append(name)
        return nil
    }

    private func isKnown(_ attribute: XMLNameID, of element: String) -> Bool {
        switch reader.namespace(of: attribute) {
        case "": Self.attributes[element]?.contains(reader.local(of: attribute)) == true
        case "http://www.w3.org/2001/XMLSchema-instance": reader.local(of: attribute) == "schemaLocation"
        default: false
        }
    }

    private func flawOfText() -> String? {
        guard let element = path.last, element != "DigestValue" else { return nil }
        let text = reader.text
        for index in 0..<text.count where !Self.blanks.contains(text[index]) { return "text inside of \(element)" }
        return nil
    }

    private static let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]

    private mutating func countFlaw(of element: String) -> String? {
        let found = children.removeLast()
        for (child, range) in Self.grammar[element] ?? [:] where !range.contains(found[child, default: 0]) {
            return
                "\(found[child, default: 0]) elements \(child) inside of \(element.isEmpty ? "the document" : element)"
        }
        return nil
    }

    private func flawOfEncoding() -> String? {
        guard let encoding = reader.declaration?.encoding, encoding.lowercased() != "utf-8" else { return nil }
        return "encoding \(encoding); manifests are read in UTF-8"
    }

    // Well-formed, but the library that the decoder stands on crashes at an instruction without data. A manifest has none.
    private func instructionFlaw(in document: ArraySlice<UInt8>) -> String? {
        let opening = Array("<?".utf8)
        let rest = reader.declaration == nil ? document : document.dropFirst(opening.count)
        return rest.contains(opening) ? "a processing instruction" : nil
    }
}
