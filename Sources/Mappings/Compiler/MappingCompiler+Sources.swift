import CSVRosters
import Findings

extension MappingCompiler {
    /// The slots of a source: a column or path, or a list of alternatives. nil after a problem.
    mutating func slots(_ node: MarkedYAML, scope: Int) -> [Int]? {
        guard let items = node.items else { return slot(node, scope: scope).map { [$0] } }
        if items.isEmpty {
            report(node, "the list of alternatives is empty")
            return nil
        }
        var slots: [Int] = []
        for item in items {
            guard let slot = slot(item, scope: scope) else { return nil }
            if slots.contains(slot) {
                report(item, "“\(item.text ?? "")” is unreachable: the same alternative is already listed")
            } else {
                slots.append(slot)
            }
        }
        return slots
    }

    /// The slot of one column or path.
    mutating func slot(_ node: MarkedYAML, scope: Int) -> Int? {
        guard let text = node.text, !text.isEmpty else {
            report(node, "a \(program.format == .csv ? "column name" : "path") must be a text, not \(node.kindName)")
            return nil
        }
        if text.hasPrefix("header."), !(program.format == .csv && program.headers.isEmpty) {
            return headerIndex(node).map { program.headers[$0].slot }
        }
        switch program.format {
        case .csv:
            let name = HeaderName.normalised(text)
            columnsRead.insert(name)
            let isFilled = fillDown.contains { HeaderName.normalised($0.text ?? "") == name }
            return slot(SlotPlan(scope: scope, source: isFilled ? .filledColumn(text) : .column(text), name: text))
        case .xml:
            return path(text, at: node, scope: scope)
        }
    }

    /// That something reads each column that is filled down.
    mutating func checkFillDown() {
        for node in fillDown where !columnsRead.contains(HeaderName.normalised(node.text ?? "")) {
            let name = node.text ?? ""
            let message = "nothing reads the column “\(name)”, so filling it down does nothing"
            problems.append(
                .init(
                    at: node, severity: .warning, message,
                    suggestion: Suggestion.nearest(to: name, among: Array(columnsRead))))
        }
    }

    /// The number of a slot, made on first use.
    mutating func slot(_ plan: SlotPlan) -> Int {
        if let known = program.slots.firstIndex(of: plan) { return known }
        program.slots.append(plan)
        return program.slots.count - 1
    }

    /// The scope of the element at a path, made on first use. Scope 0 is the document, so a root that is a row is
    /// another one.
    mutating func scope(at path: [ElementName]) -> Int {
        if let known = program.scopes.indices.dropFirst().first(where: { program.scopes[$0].path == path }) {
            return known
        }
        program.scopes.append(ScopePlan(path: path))
        return program.scopes.count - 1
    }

    /// The header value that `header.name` names.
    mutating func headerIndex(_ node: MarkedYAML) -> Int? {
        let name = String((node.text ?? "").dropFirst("header.".count))
        if let index = program.headers.firstIndex(where: { $0.name == name }) { return index }
        let nearest = Suggestion.nearest(to: name, among: program.headers.map(\.name))
        report(node, "“header” has no value “\(name)”", suggestion: nearest.map { "header.\($0)" })
        return nil
    }
}

// Paths of elements and attributes.
extension MappingCompiler {
    private mutating func path(_ text: String, at node: MarkedYAML, scope: Int) -> Int? {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var attribute: ElementName?
        if let last = parts.last, last.hasPrefix("@") {
            guard let name = elementName(String(last.dropFirst()), at: node) else { return nil }
            attribute = name
            parts.removeLast()
        }
        guard let (base, rest) = base(&parts, at: node, scope: scope), let steps = names(rest, text, at: node) else {
            return nil
        }
        if scope == 0 { checkRoot(steps, rest, at: node) }
        let full = program.scopes[base].path + steps
        let source = attribute.map { SlotSource.attribute(full, $0) } ?? .text(full)
        return slot(SlotPlan(scope: base, source: source, name: text))
    }

    /// Tells of a path from the root that names the root itself: it would be met only where that stands within itself.
    mutating func checkRoot(_ path: [ElementName], _ parts: [String], at node: MarkedYAML) {
        guard let first = path.first, first == program.reads.root else { return }
        problems.append(
            .init(
                at: node, severity: .warning, "“\(parts[0])” is the root, and paths begin below it: leave it out"))
    }

    // Each `..` goes up one element; the element reached becomes a scope, so that its values are forgotten when it
    // ends.
    private mutating func base(
        _ parts: inout [String], at node: MarkedYAML, scope: Int
    ) -> (scope: Int, rest: [String])? {
        var path = program.scopes[scope].path
        let climbs = parts.prefix { $0 == ".." }.count
        guard climbs <= path.count else {
            report(node, "“\(node.text ?? "")” leads out of the document")
            return nil
        }
        path.removeLast(climbs)
        let rest = Array(parts.dropFirst(climbs))
        if climbs == 0 { return (scope, rest) }
        return (path.isEmpty ? 0 : self.scope(at: path), rest)
    }

    /// The element names of a relative path; `.` and nothing are the element itself.
    mutating func names(_ parts: [String], _ text: String, at node: MarkedYAML) -> [ElementName]? {
        if parts.isEmpty || parts == ["."] { return [] }
        var names: [ElementName] = []
        for part in parts {
            guard !part.isEmpty, part != ".", part != "..", !part.hasPrefix("@") else {
                report(node, "“\(text)” is no path: write names with “/” between, “..” first, “@attribute” last")
                return nil
            }
            guard let name = elementName(part, at: node) else { return nil }
            names.append(name)
        }
        return names
    }

    /// A name with its prefix resolved; a name without a prefix is in no namespace.
    mutating func elementName(_ text: String, at node: MarkedYAML) -> ElementName? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy(Self.isName) else {
            report(node, "“\(text)” is no XML name")
            return nil
        }
        guard parts.count == 2 else { return ElementName(namespace: "", local: text) }
        let prefix = String(parts[0])
        guard let namespace = namespaces[prefix] ?? (prefix == "xml" ? Self.xmlNamespace : nil) else {
            report(
                node, "the prefix “\(prefix)” is not declared in reads: namespaces",
                suggestion: Suggestion.nearest(to: prefix, among: namespaces.keys)
                    ?? (namespaces.count == 1 ? namespaces.keys.first : nil))
            return nil
        }
        return ElementName(namespace: namespace, local: String(parts[1]))
    }

    private static let xmlNamespace = "http://www.w3.org/XML/1998/namespace"

    // Enough to tell a slip of the pen; the reader knows the whole rule.
    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        let isStart = first.properties.isAlphabetic || first == "_" || first.value >= 0x80
        return isStart
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || "_-.".unicodeScalars.contains($0)
                    || $0.value >= 0x80
            }
    }
}
