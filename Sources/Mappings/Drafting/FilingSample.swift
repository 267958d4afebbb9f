import Findings
import XMLFilings

/// The elements of an XML filing that are looked at, as a tree of paths.
struct FilingSample {
    /// An element by its path: all elements of that name at that place.
    struct Node {
        var name: ElementName
        var parent: Int?
        var children: [ElementName: Int] = [:]
        /// In the order in which they were met first.
        var attributes: [ElementName] = []
        var count = 0
        /// The most that one parent has.
        var mostPerParent = 0
        var hasText = false
        /// What a single element says, for numbers that the head of a document declares; short texts alone.
        var first = ""
        var firstAttributes: [String] = []

        fileprivate mutating func take(_ attribute: ElementName, _ value: String) {
            guard attributes.count < FilingSample.valueLimit, !attributes.contains(attribute) else { return }
            attributes.append(attribute)
            firstAttributes.append(value.utf8.count <= 64 ? value : "")
        }

        fileprivate mutating func take(_ text: String) {
            guard !SampleColumn.isBlank(text) else { return }
            hasText = true
            if count == 1, first.utf8.count + text.utf8.count <= 64 { first += text }
        }
    }

    /// Paths that are told apart; elements beyond are not looked at.
    static let pathLimit = 2000
    /// Values of a record that are looked at, and attributes of an element.
    static let valueLimit = 512

    /// The root is the first.
    private(set) var nodes: [Node] = []
    /// The namespaces of the document with the prefixes that a mapping gives them.
    private(set) var prefixes: [(prefix: String, namespace: String)] = []
    let isWhole: Bool
    private let text: [UInt8]

    init(_ sample: DraftSample) throws(DraftRefusal) {
        text = try sample.text()
        isWhole = sample.isWhole
        try survey()
        guard !nodes.isEmpty else {
            throw DraftRefusal(chinese: "没有找到根元素", english: "there is no root element in what was read of it")
        }
        namePrefixes()
    }

    private mutating func survey() throws(DraftRefusal) {
        // How many of each path the open elements have, for `mostPerParent`.
        var counts: [[Int: Int]] = []
        var found: [Node] = []
        try walk { event in
            switch event {
            case .start(let parent, let name, let attributes):
                guard let node = Self.node(called: name, below: parent, in: &found) else { return nil }
                found[node].count += 1
                if !counts.isEmpty {
                    let number = counts[counts.count - 1][node, default: 0] + 1
                    counts[counts.count - 1][node] = number
                    found[node].mostPerParent = max(found[node].mostPerParent, number)
                }
                for (name, value) in attributes { found[node].take(name, value) }
                counts.append([:])
                return node
            case .text(let node, let text): found[node].take(text)
            case .end: counts.removeLast()
            }
            return nil
        }
        nodes = found
    }

    // The node of an element, made when it is met first; nil where there are too many.
    private static func node(called name: ElementName, below parent: Int?, in nodes: inout [Node]) -> Int? {
        if let known = parent.map({ nodes[$0].children[name] }) ?? (nodes.isEmpty ? nil : 0) { return known }
        guard nodes.count < pathLimit else { return nil }
        nodes.append(Node(name: name, parent: parent))
        if let parent { nodes[parent].children[name] = nodes.count - 1 }
        return nodes.count - 1
    }

    enum Event {
        case start(parent: Int?, ElementName, attributes: [(ElementName, String)])
        case text(Int, String)
        case end(Int)
    }

    // Visits the elements with their nodes; the answer to a start is the element's node, nil passes over all that is in it.
    func walk(_ visit: (Event) -> Int?) throws(DraftRefusal) {
        var reader = XMLReader(skipsBlankText: true)
        reader.append(text.span)
        if isWhole { reader.endInput() }
        var open: [Int] = []
        var passed = 0
        do throws(XMLFault) {
            while true {
                switch try reader.next() {
                case .needsInput, .endOfDocument: return
                case .startElement where passed > 0: passed += 1
                case .startElement:
                    var attributes: [(ElementName, String)] = []
                    for index in 0..<reader.attributeCount {
                        let name = Self.name(reader.attributeName(index), in: reader)
                        attributes.append((name, Self.string(reader.attributeValue(index))))
                    }
                    let name = Self.name(reader.name, in: reader)
                    if let node = visit(.start(parent: open.last, name, attributes: attributes)) {
                        open.append(node)
                    } else {
                        passed = 1
                    }
                case .text where passed == 0:
                    if let node = open.last { _ = visit(.text(node, Self.string(reader.text))) }
                case .text: break
                case .endElement where passed > 0: passed -= 1
                case .endElement: _ = visit(.end(open.removeLast()))
                }
            }
        } catch {
            throw DraftRefusal(error.finding)
        }
    }

    private static func string(_ span: Span<UInt8>) -> String {
        var bytes: [UInt8] = []
        bytes.append(span)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func name(_ id: XMLNameID, in reader: borrowing XMLReader) -> ElementName {
        ElementName(namespace: reader.namespace(of: id), local: reader.local(of: id))
    }

    // The document's own prefixes where it has some, else letters.
    private mutating func namePrefixes() {
        var namespaces: [String] = []
        for node in nodes {
            for name in [node.name] + node.attributes {
                let isOwn = name.namespace.isEmpty || name.namespace == "http://www.w3.org/XML/1998/namespace"
                if !isOwn, !namespaces.contains(name.namespace) { namespaces.append(name.namespace) }
            }
        }
        let head = String(decoding: text.prefix(DocumentHead.size), as: UTF8.self)
        for namespace in namespaces {
            let taken = Set(prefixes.map(\.prefix) + ["xml"])
            let own = Self.prefix(of: namespace, in: head).flatMap { taken.contains($0) ? nil : $0 }
            let letter = "abcdefghijklmnopqrstuvw".map(String.init).first { !taken.contains($0) }
            prefixes.append((own ?? letter ?? "n\(prefixes.count)", namespace))
        }
    }

    private static func prefix(of namespace: String, in head: String) -> String? {
        for quote in ["\"", "'"] {
            guard let end = head.firstRange(of: "=\(quote)\(namespace)\(quote)")?.lowerBound,
                let start = head[..<end].ranges(of: "xmlns:").last?.upperBound
            else { continue }
            let prefix = head[start..<end]
            let isPlain = prefix.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 }
            if isPlain, prefix.first?.isLetter == true, prefix.count <= 16 { return String(prefix) }
        }
        return nil
    }
}
