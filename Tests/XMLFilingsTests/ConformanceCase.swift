import Findings
import Foundation
import XMLFilings

/// One case of the suite, as its lists describe it.
struct ConformanceCase {
    var file: URL
    /// `valid`, `invalid`, `not-wf` or `error`.
    var type: String
    /// The case is about documents without namespaces, and may break their rules.
    var ignoresNamespaces: Bool

    /// The cases of every list below `folder`, in order; a document that several lists name comes once.
    static func all(in folder: URL) throws -> [ConformanceCase] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
        let lists = files.compactMap { $0 as? URL }.filter { $0.pathExtension == "xml" }.sorted { $0.path < $1.path }
        var seen: Set<String> = []
        return try lists.flatMap { try cases(of: $0) }.filter { seen.insert($0.file.standardizedFileURL.path).inserted }
    }

    // The lists are partly entities without a root, so our reader gets a root of its own around them.
    private static func cases(of list: URL) throws -> [ConformanceCase] {
        let text = String(decoding: try Data(contentsOf: list), as: UTF8.self)
        guard text.contains("<TEST ") else { return [] }
        let body = text.replacing(/<\?xml.*?\?>/.dotMatchesNewlines(), with: "")
        var reader = XMLReader()
        reader.append(Array("<list>\(body)</list>".utf8).span)
        reader.endInput()
        var result: [ConformanceCase] = []
        do {
            while true {
                let token = try reader.next()
                if token == .endOfDocument { return result }
                guard token == .startElement, reader.local(of: reader.name) == "TEST" else { continue }
                var attributes: [String: String] = [:]
                for index in 0..<reader.attributeCount {
                    attributes[reader.local(of: reader.attributeName(index))] = Outline.string(
                        reader.attributeValue(index))
                }
                let file = list.deletingLastPathComponent().appendingPathComponent(attributes["URI"] ?? "")
                guard FileManager.default.fileExists(atPath: file.path) else { continue }
                result.append(
                    ConformanceCase(
                        file: file, type: attributes["TYPE"] ?? "", ignoresNamespaces: attributes["NAMESPACE"] == "no"))
            }
        } catch {
            throw ConformanceError(description: "\(list.path): \(error.finding)")
        }
    }

    /// What kind of case it is, and what is wrong with how it was read, if anything.
    func judge() -> (kind: String, problem: String?) {
        guard let data = try? Data(contentsOf: file), let document = Self.utf8(Array(data)) else {
            return ("unreadable", "not in an encoding that this test decodes")
        }
        let outline = Outline(document)
        if Self.hasDoctype(document) {
            let isRefused = outline.finding?.severity == .fatal && outline.finding?.place != nil
            return (
                outline.finding?.code == "xml.doctype"
                    ? "refused for their DOCTYPE" : "with a DOCTYPE, refused before it",
                isRefused ? nil : "has a DOCTYPE and was read"
            )
        }
        if type == "not-wf" {
            let isRefused = outline.finding?.place != nil
            return ("not well-formed, refused with a place", isRefused ? nil : "was read: \(outline.line)")
        }
        if ignoresNamespaces, let code = outline.finding?.code,
            code == "xml.qualified-name" || code.hasPrefix("xml.prefix")
        {
            return ("well-formed but for namespaces, refused for those", nil)
        }
        if let fault = outline.fault { return ("well-formed", "refused: \(fault)") }
        let theirs = ParserOutline(document)
        let isSame = theirs.isWellFormed && theirs.line == outline.sortedLine
        return ("well-formed, same events as XMLParser", isSame ? nil : "\(outline.sortedLine) and not \(theirs.line)")
    }

    private static func hasDoctype(_ document: [UInt8]) -> Bool {
        // Not in a comment, an instruction or CDATA.
        String(decoding: document, as: UTF8.self)
            .replacing(/<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>/.dotMatchesNewlines(), with: "")
            .contains("<!DOCTYPE")
    }

    // What the decoder does in the gateway.
    private static func utf8(_ bytes: [UInt8]) -> [UInt8]? {
        let sniff = XMLDeclaration.sniff(bytes.span)
        let body = bytes.dropFirst(sniff.byteOrderMark)
        switch sniff.family {
        case .singleByteASCII: return Array(body)
        case .utf16LittleEndian: return String(data: Data(body), encoding: .utf16LittleEndian).map { Array($0.utf8) }
        case .utf16BigEndian: return String(data: Data(body), encoding: .utf16BigEndian).map { Array($0.utf8) }
        }
    }
}

/// A list of cases could not be read.
struct ConformanceError: Error, CustomStringConvertible {
    var description: String
}
