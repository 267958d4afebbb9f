import CanonicalRecords

// The records that it gives, field by field.
extension DraftWriter {
    func add(_ entry: EntryGuess, isFirst: Bool, to text: inout DraftText) {
        let number = entry.fields.count + entry.lists.count
        text.add(
            1, "- record: \(entry.type.name)", "\(entry.type.title), \(number) \(number == 1 ? "field" : "fields")")
        if let each = self.entry, let filing {
            let count = filing.nodes[each.node].count
            text.add(2, "each: \(DraftText.scalar(each.path))", "one record each: \(count) in the sample")
        }
        if let key = entry.key {
            let fields = key.fields.count == 1 ? key.fields[0] : "[\(key.fields.joined(separator: ", "))]"
            text.add(2, "key: \(fields)", "what tells one from another: \(key.reason)")
        }
        text.add(2, "fields:")
        var groups: Set<String> = []
        for field in entry.fields { add(field, in: entry, &groups, to: &text) }
        for list in entry.lists {
            text.add(3, "\(list.field.name):", list.reason)
            text.add(4, "each: \(DraftText.scalar(list.list.path))")
            text.add(4, "fields:")
            for field in list.fields {
                text.add(5, "\(field.target.path): \(source(field, list.list.columns))", field.reason)
            }
        }
        if entry.type.name == plan.entries.last?.type.name { addUnused(to: &text) }
    }

    // Fields of a structure stand together below its name.
    private func add(
        _ field: FieldGuess, in entry: EntryGuess, _ groups: inout Set<String>, to text: inout DraftText
    ) {
        let parts = field.target.path.split(separator: ".").map(String.init)
        guard parts.count == 2 else {
            return text.add(3, "\(field.target.path): \(source(field, plan.columns))", field.reason)
        }
        guard groups.insert(parts[0]).inserted else { return }
        text.add(3, "\(parts[0]):")
        text.add(4, "fields:")
        for inner in entry.fields where inner.target.path.hasPrefix(parts[0] + ".") {
            let name = inner.target.path.dropFirst(parts[0].count + 1)
            text.add(5, "\(name): \(source(inner, plan.columns))", inner.reason)
        }
    }

    private func source(_ field: FieldGuess, _ columns: [SampleColumn]) -> String {
        switch field.source {
        case .column(let column):
            let name = DraftText.scalar(columns[column].source)
            var extra = ""
            if let table = field.table { extra += ", table: \(DraftText.scalar(table))" }
            if let unit = field.unit { extra += ", unit: \(unit)" }
            if !field.separators.isEmpty {
                extra += ", split: [" + field.separators.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
            }
            return extra.isEmpty ? name : "{ from: \(name)\(extra) }"
        case .join(let joined):
            return "{ join: \(DraftText.list(joined.map { columns[$0].source })), with: \"/\" }"
        case .keyOf(let type): return "{ key-of: \(type) }"
        case .keyOfOther(let type, let field, let column):
            return "{ key-of: \(type), by: { \(field): \(DraftText.scalar(columns[column].source)) } }"
        }
    }

    private func addUnused(to text: inout DraftText) {
        let nameless = roster?.nameless ?? []
        let lists = unusedOfLists
        guard !plan.unused.isEmpty || !nameless.isEmpty || !lists.isEmpty else { return }
        text.remark(
            2,
            "Not used, and why. To keep some as they are, list them: extension: [\(roster == nil ? "PATH, PATH" : "COLUMN, COLUMN")]"
        )
        for (column, reason) in plan.unused {
            text.remark(2, "  \(DraftText.scalar(plan.columns[column].source)): \(reason)")
        }
        for path in lists { text.remark(2, "  \(DraftText.scalar(path)): no list of the record takes it") }
        for column in nameless {
            text.remark(2, "  column \(column): it has values and no name; give it one in the form")
        }
    }

    private var unusedOfLists: [String] {
        guard let entry else { return [] }
        let taken = Set(plan.entries.flatMap { $0.lists.map(\.list.path) })
        return entry.lists.flatMap { list -> [String] in
            guard taken.contains(list.path) else { return [list.path] }
            let used =
                plan.entries.flatMap(\.lists).first { $0.list.path == list.path }?.fields.compactMap(\.column) ?? []
            return list.columns.indices.filter { !used.contains($0) }.map {
                list.columns[$0].source == "." ? list.path : "\(list.path)/\(list.columns[$0].source)"
            }
        }
    }
}
