import CSVRosters
public import Findings
public import TextEncodings
import XMLFilings

/// The beginning of a document, read as far as it takes to choose a mapping.
public struct DocumentHead: Sendable {
    /// Bytes of a document that are enough to choose a mapping.
    public static let size = 64 << 10

    /// XML where the first character is `<`, otherwise CSV; nil for a document without any character.
    public let format: DocumentFormat?
    /// The root element's namespace URI, empty for none; nil where no root was found.
    public private(set) var rootNamespace: String?
    /// The root element's local name; nil where no root was found.
    public private(set) var rootName: String?
    /// What is wrong with an XML document before its root element; nil where nothing is.
    public private(set) var fault: Finding?
    // The text of a roster's beginning.
    let text: [UInt8]
    private let isWhole: Bool

    /// Reads the head.
    ///
    /// - Parameters:
    ///   - bytes: The first ``size`` bytes of the document as filed, or all of it.
    ///   - encoding: The document's encoding.
    public init(_ bytes: [UInt8], encoding: TextEncoding) {
        var decoder = TextDecoder(from: encoding)
        var text: [UInt8] = []
        decoder.decode(bytes.span, into: &text, isLast: false)
        isWhole = bytes.count < Self.size
        switch text.first(where: { $0 > 0x20 }) {
        case nil: format = nil
        case 0x3C: format = .xml
        default: format = .csv
        }
        self.text = text
        if format == .xml { findRoot() }
    }

    /// What kind of document this seems to be, for a finding: the root element, or the row that looks most like a
    /// header.
    public var summary: String {
        switch format {
        case nil: return "∅"
        case .xml: return rootName.map { "<\($0)> {\(rootNamespace ?? "")}" } ?? "XML"
        case .csv:
            let rows = firstRows(10)
            let widest = rows.max { left, right in Self.filled(left) < Self.filled(right) } ?? []
            return widest.filter { !$0.isEmpty }.prefix(20).joined(separator: ",")
        }
    }

    /// Whether a row within the first ones has all these columns.
    func hasHeader(_ required: [[String]], delimiter: CSVDelimiter?) -> Bool {
        var reader = reader(delimiter: delimiter)
        var search = HeaderSearch(required: required)
        while true {
            guard case .row = reader.next() else {
                guard isWhole, case .found = search.finish() else { return false }
                return true
            }
            switch search.consider(reader) {
            case .searching: continue
            case .found, .foundAbove: return true
            case .notFound: return false
            }
        }
    }

    private mutating func findRoot() {
        var reader = XMLReader()
        reader.append(text.span)
        if isWhole { reader.endInput() }
        do throws(XMLFault) {
            while true {
                switch try reader.next() {
                case .startElement:
                    rootNamespace = reader.namespace(of: reader.name)
                    rootName = reader.local(of: reader.name)
                    return
                case .text: continue
                case .needsInput, .endElement, .endOfDocument: return
                }
            }
        } catch {
            fault = error.finding
        }
    }

    private func reader(delimiter: CSVDelimiter?) -> CSVReader {
        var reader = CSVReader(dialect: delimiter.map { CSVDialect(delimiter: $0) })
        reader.append(text.span)
        if isWhole { reader.endInput() }
        return reader
    }

    private func firstRows(_ count: Int) -> [[String]] {
        var reader = reader(delimiter: nil)
        var rows: [[String]] = []
        while rows.count < count, case .row = reader.next() {
            rows.append(reader.strings().map { HeaderName.normalised(String($0.prefix(40))) })
        }
        return rows
    }

    private static func filled(_ row: [String]) -> Int {
        row.reduce(0) { $0 + ($1.isEmpty ? 0 : 1) }
    }
}

extension MappingProgram {
    /// Whether the program reads such a document.
    func matches(_ head: DocumentHead) -> Bool {
        guard head.format == format else { return false }
        switch format {
        case .csv: return head.hasHeader(reads.header, delimiter: reads.delimiter)
        case .xml: return head.rootName == reads.root?.local && head.rootNamespace == reads.root?.namespace
        }
    }
}
