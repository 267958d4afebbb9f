import CanonicalRecords

extension MappingCompiler {
    /// `key-of: Entry`, or `key-of: Type` with `by: {field: source}`.
    mutating func keySource(
        _ node: MarkedYAML, _ keys: inout KeyChecker, _ field: RecordField, scope: Int
    ) -> StepSource? {
        let by = keys.optional("by")
        guard field.kind == .reference else {
            let kind = Self.name(of: Self.valueKind(of: field) ?? .text)
            report(node, "“\(field.name)” holds a value of kind \(kind), not the id of a record")
            return nil
        }
        guard let name = node.text else {
            report(node, "“key-of” must be the name of an entry of “gives” or a record type")
            return nil
        }
        if let by { return keyBy(name, node, by, field, scope: scope) }
        return keyOfEntry(name, node, field)
    }

    private mutating func keyOfEntry(_ name: String, _ node: MarkedYAML, _ field: RecordField) -> StepSource? {
        let same = drafts.indices.filter { drafts[$0].type.name == name }
        guard let index = drafts.firstIndex(where: { $0.name == name }) ?? (same.count == 1 ? same[0] : nil) else {
            let isType = schema.recordType(named: name) != nil
            let message =
                same.count > 1
                ? "several entries give \(name); say which by its “name”"
                : isType
                    ? "this mapping gives no \(name); to refer to one of another filing, add “by” with its key's fields"
                    : "no entry of “gives” is called “\(name)”"
            report(node, message, suggestion: isType ? nil : Suggestion.nearest(to: name, among: drafts.map(\.name)))
            return nil
        }
        let draft = drafts[index]
        guard checkTarget(draft.type.name, node, field) else { return nil }
        guard draft.node["key"] != nil else {
            report(node, "the entry “\(draft.name)” has no “key”")
            return nil
        }
        guard draft.scope == drafts[current].scope else {
            report(node, "“key-of” needs an entry of the same “each”; use “by” with the fields of its key")
            return nil
        }
        drafts[current].needs.insert(index)
        return .keyOf(entry: index)
    }

    private mutating func checkTarget(_ type: String, _ node: MarkedYAML, _ field: RecordField) -> Bool {
        guard let wanted = field.refersTo, wanted != type else { return true }
        report(node, "“\(field.name)” refers to a \(wanted), not to a \(type)")
        return false
    }

    private mutating func keyBy(
        _ name: String, _ node: MarkedYAML, _ by: MarkedYAML, _ field: RecordField, scope: Int
    ) -> StepSource? {
        guard let type = schema.recordType(named: name) else {
            report(
                node, "unknown record type “\(name)”",
                suggestion: Suggestion.nearest(to: name, among: schema.recordTypes.map(\.name)))
            return nil
        }
        guard checkTarget(name, node, field) else { return nil }
        guard let pairs = by.pairs, !pairs.isEmpty else {
            report(by, "“by” gives each field of the key of \(name) its source")
            return nil
        }
        var parts: [KeyPartPlan] = []
        for pair in pairs {
            if let part = keyPart(pair, type, scope: scope) { parts.append(part) }
        }
        return parts.count == pairs.count ? .identity(typeName: name, parts: ordered(parts, ofType: name)) : nil
    }

    // Ids are made from the fields in the order of `key`. Where an entry here has a key of the same fields, that order is
    // known; elsewhere the order of `by` counts.
    private func ordered(_ parts: [KeyPartPlan], ofType type: String) -> [KeyPartPlan] {
        let keys = drafts.filter { $0.type.name == type }.compactMap { draft -> [String]? in
            guard let key = draft.node["key"] else { return nil }
            return (key.items ?? [key]).compactMap(\.text)
        }
        let written = parts.map(\.field)
        guard !keys.contains(written), let order = keys.first(where: { $0.sorted() == written.sorted() }) else {
            return parts
        }
        return order.compactMap { field in parts.first { $0.field == field } }
    }

    private mutating func keyPart(_ pair: MarkedYAML.Pair, _ type: RecordType, scope: Int) -> KeyPartPlan? {
        let name = pair.key.text ?? ""
        guard let field = type.shape.field(named: name) else {
            unknownField(name, of: type.shape, at: pair.key)
            return nil
        }
        let wrapper = MarkedYAML(
            .mapping([pair]), file: pair.key.file, line: pair.key.line, column: pair.key.column)
        guard let step = steps(wrapper, shape: type.shape, scope: scope, prefix: "").first else { return nil }
        guard !field.isRepeated, step.wire != .message else {
            report(pair.value, "“\(name)” is no single value")
            return nil
        }
        return KeyPartPlan(
            field: name, source: step.source, machine: step.machine, wire: step.wire, lookup: step.lookup,
            masking: step.masking)
    }
}

// Messages within a record.
extension MappingCompiler {
    mutating func messageStep(
        _ field: RecordField, _ shape: MessageShape, _ node: MarkedYAML, scope: Int, prefix: String
    ) -> FieldStep? {
        if let items = node.items {
            guard field.isRepeated, items.allSatisfy({ $0.pairs != nil }) else {
                let wanted = field.isRepeated ? "a list of mappings with “fields”" : "one mapping with “fields”"
                report(node, "“\(field.name)” takes \(wanted)")
                return nil
            }
            let groups = items.compactMap { group($0, field, shape, scope: scope, prefix: prefix) }
            return message(field, .groups(groups), prefix)
        }
        guard node.pairs != nil else {
            report(node, "“\(field.name)” is a message of its own: give it “fields”, not \(node.kindName)")
            return nil
        }
        guard let each = node["each"] else {
            return group(node, field, shape, scope: scope, prefix: prefix).map { message(field, .groups([$0]), prefix) }
        }
        return nestedStep(field, shape, node, each, scope: scope, prefix: prefix)
    }

    private mutating func group(
        _ node: MarkedYAML, _ field: RecordField, _ shape: MessageShape, scope: Int, prefix: String
    ) -> [FieldStep]? {
        var keys = KeyChecker(node, noun: "the field “\(field.name)”")
        let fields = keys.required("fields")
        if let each = keys.optional("each") { report(each, "“each” does not go into a list") }
        problems += keys.finish()
        return fields.map { steps($0, shape: shape, scope: scope, prefix: prefix + field.name + ".") }
    }

    private mutating func nestedStep(
        _ field: RecordField, _ shape: MessageShape, _ node: MarkedYAML, _ each: MarkedYAML, scope: Int, prefix: String
    ) -> FieldStep? {
        var keys = KeyChecker(node, noun: "the field “\(field.name)”")
        _ = keys.optional("each")
        let fields = keys.required("fields")
        problems += keys.finish()
        guard program.format == .xml else {
            report(each, "“each” is for xml only; in csv list the messages with their “fields”")
            return nil
        }
        guard field.isRepeated else {
            report(each, "“\(field.name)” holds one message; “each” would give several")
            return nil
        }
        let text = each.text ?? ""
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let path = names(parts, text, at: each), let fields else { return nil }
        let inner = self.scope(at: program.scopes[scope].path + path)
        let steps = steps(fields, shape: shape, scope: inner, prefix: prefix + field.name + ".")
        program.scopes[inner].nested.append(program.nested.count)
        program.nested.append(NestedPlan(scope: inner, parent: scope, steps: steps, name: prefix + field.name))
        return message(field, .nested(program.nested.count - 1), prefix)
    }

    private func message(_ field: RecordField, _ source: StepSource, _ prefix: String) -> FieldStep {
        FieldStep(
            name: prefix + field.name, number: field.number, wire: .message, keepsZero: true,
            isRepeated: field.isRepeated, source: source, machine: ValueMachine(.text), failure: .leaveOut,
            isRequired: false, masking: field.masking)
    }
}
