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
                let known =
                    parent.map { found[$0].children[name] }
                    ?? (found.isEmpty ? nil : 0)
                if known == nil, found.count >= Self.pathLimit { return nil }
                let node = known ?? found.count
                if known == nil {
                    found.append(Node(name: name, parent: parent))
                    if let parent { found[parent].children[name] = node }
                }
                found[node].count += 1
                if !counts.isEmpty {
                    counts[counts.count - 1][node, default: 0] += 1
                    found[node].mostPerParent = max(
                        found[node].mostPerParent, counts[counts.count - 1][node, default: 0])
                }
                for (name, value) in attributes
                where !found[node].attributes.contains(name) && found[node].attributes.count < Self.valueLimit {
                    found[node].attributes.append(name)
                    found[node].firstAttributes.append(value.utf8.count <= 64 ? value : "")
                }
                counts.append([:])
                return node
            case .text(let node, let text):
                if !SampleColumn.isBlank(text) {
                    found[node].hasText = true
                    if found[node].count == 1, text.utf8.count <= 64 { found[node].first += text }
                }
            case .end: counts.removeLast()
            }
            return nil
        }
        nodes = found
    }

    private enum Event {
        case start(parent: Int?, ElementName, attributes: [(ElementName, String)])
        case text(Int, String)
        case end(Int)
    }

    // Visits the elements with their nodes; the answer to a start is the element's node, nil passes over all that is in it.
    private func walk(_ visit: (Event) -> Int?) throws(DraftRefusal) {
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

// The records of a filing as a table.
extension FilingSample {
    /// What would be a record if an element were one: its values by path.
    struct Entry {
        var node: Int
        /// The path from the root, as a mapping writes it; `.` is the root.
        var path: String
        var columns: [SampleColumn]
        /// Elements with parts of their own, of which a record has several.
        var lists: [List]
        var rows: Int
    }

    struct List {
        /// The path from the record.
        var path: String
        var name: SampleName
        var columns: [SampleColumn]
        var count: Int
    }

    /// The elements that may be a record each: those that are there several times and have parts; of a document that has
    /// none, all that have parts.
    var candidates: [Int] {
        let withParts = nodes.indices.filter { !nodes[$0].children.isEmpty || !nodes[$0].attributes.isEmpty }
        let repeated = withParts.filter { $0 != 0 && nodes[$0].mostPerParent > 1 }
        let best = repeated.isEmpty ? withParts : repeated
        return Array(best.sorted { (nodes[$1].count, $0) < (nodes[$0].count, $1) }.prefix(24))
    }

    /// The path of an element, or from one of those around it, as a mapping writes it.
    func path(of node: Int, from base: Int = 0) -> String {
        let steps = steps(to: node, from: base).map { spelled(nodes[$0].name) }
        return steps.isEmpty ? "." : steps.joined(separator: "/")
    }

    func spelled(_ name: ElementName) -> String {
        if name.namespace == "http://www.w3.org/XML/1998/namespace" { return "xml:" + name.local }
        let prefix = prefixes.first { $0.namespace == name.namespace }?.prefix
        return prefix.map { "\($0):\(name.local)" } ?? name.local
    }

    /// The nodes between two, the first left out.
    private func steps(to node: Int, from base: Int) -> [Int] {
        var steps: [Int] = []
        var current = node
        while current != base, let parent = nodes[current].parent {
            steps.insert(current, at: 0)
            current = parent
        }
        return steps
    }

    private func isBelow(_ node: Int, _ base: Int) -> Bool {
        var current: Int? = node
        while let here = current {
            if here == base { return true }
            current = nodes[here].parent
        }
        return false
    }

    // A value of a record, or of one of the elements of a list.
    private struct Slot: Hashable {
        var node: Int
        var attribute: ElementName?
    }

    /// Reads the values of all records, if an element is one.
    func entry(at each: Int) throws(DraftRefusal) -> Entry {
        let below = nodes.indices.filter { isBelow($0, each) }
        // The list that a node is in, itself included: the outermost element that a record has several of.
        var listOf: [Int: Int] = [:]
        for node in below where node != each {
            let outer = steps(to: node, from: each).first {
                nodes[$0].mostPerParent > 1 && !(nodes[$0].children.isEmpty && nodes[$0].attributes.isEmpty)
            }
            if let outer { listOf[node] = outer }
        }
        let all = below.lazy.flatMap { node in
            (nodes[node].hasText ? [Slot(node: node)] : [])
                + nodes[node].attributes.map { Slot(node: node, attribute: $0) }
        }
        let slots = Array(all.prefix(Self.valueLimit))
        let values = try values(of: slots, each: each, listOf: listOf, limit: DraftSample.cellLimit)
        func column(_ slot: Slot, from base: Int) -> SampleColumn {
            let isList = steps(to: slot.node, from: base).contains { nodes[$0].mostPerParent > 1 }
            return SampleColumn(
                source: source(slot, from: base), name: name(slot, from: base), values: values[slot] ?? [],
                isList: isList)
        }
        let lists = Set(listOf.values).sorted().map { list in
            List(
                path: path(of: list, from: each), name: name(Slot(node: list), from: each),
                columns: slots.filter { listOf[$0.node] == list }.map { column($0, from: list) },
                count: nodes[list].count)
        }
        return Entry(
            node: each, path: path(of: each),
            columns: slots.filter { listOf[$0.node] == nil }.map { column($0, from: each) }, lists: lists,
            rows: min(nodes[each].count, DraftSample.rowLimit))
    }

    private func source(_ slot: Slot, from base: Int) -> String {
        let path = path(of: slot.node, from: base)
        guard let attribute = slot.attribute else { return path }
        return (path == "." ? "" : path + "/") + "@" + spelled(attribute)
    }

    private func name(_ slot: Slot, from base: Int) -> SampleName {
        let steps = steps(to: slot.node, from: base)
        let locals = steps.map { nodes[$0].name.local } + (slot.attribute.map { [$0.local] } ?? [])
        guard let last = locals.last else { return SampleName(whole: [], last: []) }
        var whole = [locals.joined(separator: "_"), locals.joined()].map(FieldWords.normalised)
        // <appeal><appealTitle>
        let own = FieldWords.normalised(nodes[base].name.local) + "_"
        whole += whole.filter { $0.hasPrefix(own) }.map { String($0.dropFirst(own.count)) }
        guard locals.count > 1 else { return SampleName(whole: whole, last: []) }
        let around = slot.attribute == nil ? steps.dropLast() : steps[...]
        let saysMore = around.contains { nodes[$0].hasText }
        let short = [FieldWords.normalised(last)]
        return SampleName(whole: whole, last: saysMore ? [] : short, inner: saysMore ? short : [])
    }

    private func values(
        of slots: [Slot], each: Int, listOf: [Int: Int], limit: Int
    ) throws(DraftRefusal) -> [Slot: [String]] {
        var values: [Slot: [String]] = [:]
        var current: [Slot: String] = [:]
        var cells = 0
        // Elements of the open path, as the survey numbered them.
        func finish(_ isOf: (Slot) -> Bool) {
            for slot in slots where isOf(slot) {
                if cells < limit { values[slot, default: []].append(current[slot] ?? "") }
                current[slot] = nil
                cells += 1
            }
        }
        try walk { event in
            switch event {
            case .start(let parent, let name, let attributes):
                let node = parent.map { nodes[$0].children[name] } ?? 0
                guard let node else { return nil }
                for (attribute, value) in attributes {
                    let slot = Slot(node: node, attribute: attribute)
                    if current[slot] == nil { current[slot] = value }
                }
                return node
            case .text(let node, let text):
                let slot = Slot(node: node)
                if (current[slot]?.utf8.count ?? 0) < 1024 { current[slot, default: ""] += text }
            case .end(let node):
                if node == each {
                    finish { listOf[$0.node] == nil }
                } else if listOf[node] == node {
                    finish { listOf[$0.node] == node }
                }
            }
            return nil
        }
        return values
    }
}
