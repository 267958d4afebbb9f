import CSVRosters
import TextEncodings

extension MappingCompiler {
    mutating func compileReads(_ node: MarkedYAML) {
        var keys = KeyChecker(node, noun: "“reads”")
        switch keys.word("format", of: ["csv", "xml"], isRequired: true) {
        case "csv":
            program.format = .csv
            compileCSV(&keys)
            refuse(["root", "namespaces"], &keys, "is for xml only")
        case "xml":
            program.format = .xml
            compileXML(&keys)
            refuse(["header", "totals", "skip", "fill-down", "delimiter"], &keys, "is for csv only")
        default:
            // Without a format nothing can be said about the other keys.
            problems += keys.problems
            return
        }
        compileEncoding(&keys)
        problems += keys.finish()
    }

    private mutating func compileEncoding(_ keys: inout KeyChecker) {
        guard let label = keys.text("encoding"), let node = keys.optional("encoding"), label != "auto" else { return }
        program.reads.encoding = TextEncoding(label: label)
        if program.reads.encoding == nil {
            keys.report(
                node, "unknown encoding “\(label)”; known are auto, utf-8, gb18030 and utf-16",
                suggestion: Suggestion.nearest(to: label, among: ["auto", "utf-8", "gb18030", "utf-16"]))
        }
    }

    private mutating func compileCSV(_ keys: inout KeyChecker) {
        if let node = keys.required("header") { program.reads.header = header(node) }
        program.reads.totals = words("totals", &keys).compactMap(\.text)
        program.reads.skip = words("skip", &keys).compactMap(\.text)
        fillDown = words("fill-down", &keys)
        guard let node = keys.optional("delimiter") else { return }
        if node.text == "auto" { return }
        let named: [String: CSVDelimiter] = [
            "comma": .comma, "tab": .tab, "semicolon": .semicolon, "pipe": .bar, "full-width-comma": .fullWidthComma,
        ]
        program.reads.delimiter = node.text.flatMap { named[$0] ?? CSVDelimiter(rawValue: $0) }
        if program.reads.delimiter == nil {
            keys.report(
                node, "“delimiter” must be auto, comma, tab, semicolon, pipe or full-width-comma",
                suggestion: node.text.flatMap { Suggestion.nearest(to: $0, among: named.keys) })
        }
    }

    // Words that rows begin with, or columns: a blank one would be none, or any.
    private func words(_ key: String, _ keys: inout KeyChecker) -> [MarkedYAML] {
        let nodes = keys.texts(key) ?? []
        for node in nodes where Self.isBlank(node) { keys.report(node, "“\(key)” has a word that is blank") }
        return nodes.filter { !Self.isBlank($0) }
    }

    private static func isBlank(_ node: MarkedYAML) -> Bool { HeaderName.normalised(node.text ?? "").isEmpty }

    // Each column that the header must have; a list within the list is one column under several names.
    private mutating func header(_ node: MarkedYAML) -> [[String]] {
        let columns = (node.items ?? [node]).map { texts($0, "a column of the header") }
        for name in (node.items ?? [node]).flatMap({ $0.items ?? [$0] }) where name.text != nil && Self.isBlank(name) {
            report(name, "the name of a column must not be blank")
        }
        if columns.isEmpty || columns.contains(where: \.isEmpty) { report(node, "“header” names at least one column") }
        return columns.filter { !$0.isEmpty }
    }

    private mutating func compileXML(_ keys: inout KeyChecker) {
        if let node = keys.optional("namespaces") {
            for pair in node.pairs ?? [] {
                guard let prefix = pair.key.text, let namespace = pair.value.text, !namespace.isEmpty else {
                    keys.report(pair.key, "“namespaces” gives each prefix the URI of a namespace")
                    continue
                }
                namespaces[prefix] = namespace
            }
            if node.pairs == nil { keys.report(node, "“namespaces” gives each prefix the URI of a namespace") }
        }
        guard let text = keys.text("root", isRequired: true), let node = keys.optional("root") else { return }
        program.reads.root = elementName(text, at: node)
    }

    private func refuse(_ names: [String], _ keys: inout KeyChecker, _ reason: String) {
        for name in names {
            if let node = keys.optional(name) { keys.report(node, "“\(name)” \(reason)") }
        }
    }
}
