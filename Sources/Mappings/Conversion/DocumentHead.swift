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
    /// What is wrong with an XML document before its root element; nil where nothing is, and for a web page.
    public private(set) var fault: Finding?
    // As filed.
    private let bytes: [UInt8]
    private let encoding: TextEncoding
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
        self.bytes = bytes
        self.encoding = encoding
        switch text.first(where: { $0 > 0x20 }) {
        case nil: format = nil
        case 0x3C: format = .xml
        default: format = .csv
        }
        self.text = text
        if format == .xml { findRoot() }
    }

    /// What kind of document this is, for a finding. It says nothing that stands in the cells of a roster: without its
    /// header nobody can tell which of them are personal data.
    public var summary: BilingualText {
        if let foreignFormat { return foreignFormat.summary }
        switch format {
        case nil: return BilingualText(chinese: "文件没有内容", english: "there is nothing in it")
        case .xml:
            guard let rootName else {
                let size = "\(Self.size >> 10) KiB"
                return BilingualText(
                    chinese: "这是 XML，但前 \(size) 内没有完整的根元素标签",
                    english: "it is XML, but the tag of its root element does not end within the first \(size)")
            }
            let root = ElementName(namespace: rootNamespace ?? "", local: rootName).displayed
            return BilingualText(chinese: "根元素是 \(root)", english: "the root element is \(root)")
        case .csv:
            return BilingualText(chinese: "这是 CSV 表格", english: "this is a CSV table")
        }
    }

    // What it is, where that is neither CSV nor XML that any mapping could read. Asked when none does.
    var foreignFormat: ForeignFormat? {
        if rootNamespace == Self.spreadsheet { return .workbookInXML }
        let hasWideText = encoding == .utf16LittleEndian || encoding == .utf16BigEndian
        return ForeignFormat.detect(bytes, text: text, hasWideText: hasWideText)
    }

    // The namespace of what Excel 2003 saves as XML.
    private static let spreadsheet = "urn:schemas-microsoft-com:office:spreadsheet"

    /// The same document, read in the encoding that a mapping names, where that is another.
    func read(as reads: ReadPlan) -> DocumentHead {
        let named = reads.encoding(found: encoding)
        return named == encoding ? self : DocumentHead(bytes, encoding: named)
    }

    /// Why no row within the first ones is the header with these columns; nil when one is.
    func missingHeader(_ required: [[String]], delimiter: CSVDelimiter?) -> Finding? {
        var reader = reader(delimiter: delimiter)
        var search = HeaderSearch(required: required)
        while true {
            guard case .row = reader.next() else {
                guard case .notFound(let finding) = search.finish() else { return nil }
                return finding
            }
            switch search.consider(reader) {
            case .searching: continue
            case .found, .foundAbove: return nil
            case .notFound(let finding): return finding
            }
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
            // Web pages are hardly ever XML, and that is not what is wrong with them here.
            fault = foreignFormat == nil ? error.finding : nil
        }
    }

    private func reader(delimiter: CSVDelimiter?) -> CSVReader {
        // A head can be shorter as text than as filed: what there is must be enough.
        var reader = CSVReader(
            dialect: delimiter.map { CSVDialect(delimiter: $0) },
            sampleSize: min(text.count, CSVReader.usualSampleSize))
        reader.append(text.span)
        if isWhole { reader.endInput() }
        return reader
    }
}

extension MappingProgram {
    /// Whether the program reads such a document.
    func matches(_ found: DocumentHead) -> Bool {
        let head = found.read(as: reads)
        guard head.format == format else { return false }
        switch format {
        case .csv: return head.hasHeader(reads.header, delimiter: reads.delimiter)
        case .xml: return head.rootName == reads.root?.local && head.rootNamespace == reads.root?.namespace
        }
    }
}
