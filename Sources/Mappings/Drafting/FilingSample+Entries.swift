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
