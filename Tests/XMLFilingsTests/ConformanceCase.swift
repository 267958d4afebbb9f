import Findings
import Foundation
import TextEncodings
import XMLFilings

/// One case of the suite, as its lists describe it.
struct ConformanceCase {
    var file: URL
    /// `valid`, `invalid`, `not-wf` or `error`.
    var type: String
    /// The case is about documents without namespaces, and may break their rules.
    var ignoresNamespaces: Bool
    /// The case is about XML 1.0 in its fifth edition, and about Namespaces in XML 1.0.
    var isApplicable: Bool

    /// The cases of every list below `folder`, in order; a document that several lists name comes once.
    static func all(in folder: URL) throws -> [ConformanceCase] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
        let lists = files.compactMap { $0 as? URL }.filter { $0.pathExtension == "xml" }.sorted { $0.path < $1.path }
        var seen: Set<String> = []
        return try lists.flatMap { try cases(of: $0) }.filter { seen.insert($0.file.standardizedFileURL.path).inserted }
    }

    // The lists are partly entities without a root, so our reader gets a root of its own around them. Those with a DOCTYPE
    // name other lists, which are found in their own files.
    private static func cases(of list: URL) throws -> [ConformanceCase] {
        let text = String(decoding: try Data(contentsOf: list), as: UTF8.self)
        guard text.contains("<TEST ") else { return [] }
        let body =
            withoutDoctype(text)
            .replacing(/<\?xml.*?\?>/.dotMatchesNewlines(), with: "")
            .replacing(/&(?!amp;|lt;|gt;|apos;|quot;|#)[\w.-]+;/, with: "")
        var reader = XMLReader()
        reader.append(Array("<list>\(body)</list>".utf8).span)
        reader.endInput()
        var bases = [list.deletingLastPathComponent()]
        var result: [ConformanceCase] = []
        do {
            while true {
                switch try reader.next() {
                case .endOfDocument: return result
                case .startElement:
                    let attributes = attributes(of: reader)
                    bases.append(attributes["base"].map { bases.last!.appendingPathComponent($0) } ?? bases.last!)
                    guard reader.local(of: reader.name) == "TEST", let name = attributes["URI"] else { continue }
                    let file = bases.last!.appendingPathComponent(name)
                    guard FileManager.default.fileExists(atPath: file.path) else { continue }
                    result.append(ConformanceCase(file: file, attributes: attributes))
                case .endElement: bases.removeLast()
                default: continue
                }
            }
        } catch {
            throw ConformanceError(description: "\(list.path): \(error.finding)")
        }
    }

    private static func attributes(of reader: borrowing XMLReader) -> [String: String] {
        var attributes: [String: String] = [:]
        for index in 0..<reader.attributeCount {
            attributes[reader.local(of: reader.attributeName(index))] = Outline.string(reader.attributeValue(index))
        }
        return attributes
    }

    private init(file: URL, attributes: [String: String]) {
        self.file = file
        type = attributes["TYPE"] ?? ""
        ignoresNamespaces = attributes["NAMESPACE"] == "no"
        isApplicable =
            !["XML1.1", "NS1.1"].contains(attributes["RECOMMENDATION"]) && attributes["VERSION"] != "1.1"
            && attributes["EDITION"]?.contains("5") != false
    }

    /// What kind of case it is, and what is wrong with how it was read, if anything.
    func judge() -> (kind: String, problem: String?) {
        guard let data = try? Data(contentsOf: file) else { return ("unreadable", "there is no such file") }
        let decoded = Self.decode(Array(data))
        let outline = Outline(decoded.text)
        if Self.hasDoctype(decoded.text) {
            let isRefused = outline.finding?.severity == .fatal && outline.finding?.place != nil
            return (
                outline.finding?.code == "xml.doctype"
                    ? "refused for their DOCTYPE" : "with a DOCTYPE, refused before it",
                isRefused ? nil : "has a DOCTYPE and was read"
            )
        }
        if type == "not-wf" {
            if decoded.fault != nil { return ("not well-formed, refused for a byte with its offset", nil) }
            if decoded.contradiction?.code == "xml.encoding-contradiction", outline.fault == nil {
                return ("not well-formed for what their encoding is called, read with a warning", nil)
            }
            let isRefused = outline.finding?.place != nil
            return ("not well-formed, refused with a place", isRefused ? nil : "was read: \(outline.line)")
        }
        if ignoresNamespaces, let code = outline.finding?.code,
            code == "xml.qualified-name" || code.hasPrefix("xml.prefix")
        {
            return ("well-formed but for namespaces, refused for those", nil)
        }
        if let fault = outline.fault { return ("well-formed", "refused: \(fault)") }
        let theirs = ParserOutline(decoded.text)
        if type == "error", !theirs.isWellFormed { return ("errors that a reader may let pass, let pass", nil) }
        let isSame = theirs.isWellFormed && theirs.line == outline.sortedLine
        return ("well-formed, same events as XMLParser", isSame ? nil : "\(outline.sortedLine) and not \(theirs.line)")
    }

    /// What is wrong with how the document is read once its DOCTYPE is taken out; nil where XMLParser agrees, or where
    /// there is no DOCTYPE that can be taken out.
    func judgeWithoutDoctype() -> (isJudged: Bool, problem: String?) {
        guard let data = try? Data(contentsOf: file) else { return (false, nil) }
        let text = String(decoding: Self.decode(Array(data)).text, as: UTF8.self)
        let rest = Self.withoutDoctype(text)
        guard rest != text, !rest.contains("<!DOCTYPE") else { return (false, nil) }
        let outline = Outline(Array(rest.utf8))
        let theirs = ParserOutline(Array(rest.utf8))
        switch (outline.fault, theirs.isWellFormed) {
        case (nil, true):
            let isSame = theirs.line == outline.sortedLine
            return (true, isSame ? nil : "\(outline.sortedLine) and not \(theirs.line)")
        case (nil, false): return (true, "was read: \(outline.line)")
        // What is declared, XMLParser is not shown; see ``ParserOutline``.
        case (let fault?, true): return (true, type == "not-wf" ? nil : "refused: \(fault)")
        case (_, false): return (true, nil)
        }
    }

    private static func withoutDoctype(_ text: String) -> String {
        text.replacing(/<!DOCTYPE\s[^<>\[]*(\[.*?\]\s*)?>/.dotMatchesNewlines(), with: "", maxReplacements: 1)
    }

    private static func hasDoctype(_ document: [UInt8]) -> Bool {
        // Not in a comment, an instruction or CDATA.
        String(decoding: document, as: UTF8.self)
            .replacing(/<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>/.dotMatchesNewlines(), with: "")
            .contains("<!DOCTYPE")
    }

    // The encoding is what the standard says (4.3.3): UTF-16 by its first bytes, UTF-8 where nothing else is declared. The
    // gateway is more patient with documents that declare nothing.
    private static func decode(
        _ bytes: [UInt8]
    ) -> (text: [UInt8], fault: DecodingFault?, contradiction: Finding?) {
        let sniff = XMLDeclaration.sniff(bytes.span)
        let declared = sniff.declaredLabel.flatMap { TextEncoding(label: $0) }
        let encoding: TextEncoding =
            switch sniff.family {
            case .utf16LittleEndian: .utf16LittleEndian
            case .utf16BigEndian: .utf16BigEndian
            case .singleByteASCII: declared == .gb18030 ? .gb18030 : .utf8
            }
        var decoder = TextDecoder(from: encoding)
        var text: [UInt8] = []
        decoder.decode(bytes.span, into: &text, isLast: true)
        let contradiction = sniff.contradiction(
            actual: encoding.rawValue, declaredMeans: declared?.rawValue,
            isPureASCII: text.allSatisfy { $0 < 0x80 }, isGuess: false)
        return (text, decoder.faults.first { $0.kind != .privateUse }, contradiction)
    }
}

/// A list of cases could not be read.
struct ConformanceError: Error, CustomStringConvertible {
    var description: String
}
