import CanonicalRecords

extension MappingCompiler {
    mutating func compileGives(_ node: MarkedYAML) {
        guard let items = node.items, !items.isEmpty else {
            report(node, "“gives” must be a list with at least one record")
            return
        }
        for item in items { draft(item) }
        for index in drafts.indices { compileEntry(index) }
        orderEntries()
    }

    // First of all the types, names and scopes, so that entries can refer to each other in any order.
    private mutating func draft(_ node: MarkedYAML) {
        guard node.pairs != nil else {
            report(node, "an entry of “gives” must be a mapping with “record” and “fields”")
            return
        }
        guard let typeNode = node["record"], let typeName = typeNode.text else {
            report(node, "“record” is missing in an entry of “gives”")
            return
        }
        guard let type = schema.recordType(named: typeName) else {
            report(
                typeNode, "unknown record type “\(typeName)”",
                suggestion: Suggestion.nearest(to: typeName, among: schema.recordTypes.map(\.name)))
            return
        }
        let name = node["name"]?.text ?? typeName
        if drafts.contains(where: { $0.name == name }) {
            report(
                node["name"] ?? typeNode, "another entry is called “\(name)” already; give this one a “name” of its own"
            )
        }
        guard let scope = entryScope(node) else {
            undrafted.insert(name)
            return
        }
        drafts.append(EntryDraft(node: node, type: type, name: name, scope: scope))
    }

    private mutating func entryScope(_ node: MarkedYAML) -> Int? {
        guard program.format == .xml else {
            if let each = node["each"] { report(each, "“each” is for xml only; in csv each row is one") }
            if program.scopes.count == 1 { program.scopes.append(ScopePlan(path: [])) }
            return 1
        }
        guard let each = node["each"], let text = each.text else {
            report(
                node["each"] ?? node,
                "“each” is missing: the path of the element that is one \(node["record"]?.text ?? "record")")
            return nil
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return names(parts, text, at: each).map { path in
            checkRoot(path, parts, at: each)
            return scope(at: path)
        }
    }

    private mutating func compileEntry(_ index: Int) {
        current = index
        let draft = drafts[index]
        var keys = KeyChecker(draft.node, noun: "an entry of “gives”")
        for known in ["record", "each"] { _ = keys.optional(known) }
        if keys.text("name") == "", let node = keys.optional("name") { keys.report(node, "“name” must not be empty") }
        var plan = EntryPlan(
            name: draft.name, typeName: draft.type.name, bodyNumber: draft.type.bodyNumber, scope: draft.scope)
        if let node = keys.optional("when") { plan.conditions = conditions(node, scope: draft.scope) }
        if let node = keys.optional("delete-when") { plan.deleteConditions = conditions(node, scope: draft.scope) }
        let fieldsNode = keys.required("fields")
        if let fieldsNode {
            plan.steps = steps(fieldsNode, shape: draft.type.shape, scope: draft.scope, prefix: "")
        }
        let key = keys.texts("key") ?? []
        compileKey(key, fieldsNode, draft.type, &plan)
        if let node = keys.optional("extension") { plan.extensions = extensions(node, scope: draft.scope) }
        if let node = keys.optional("effective") { plan.effective = compileEffective(node, scope: draft.scope) }
        plan.crossCheck = crossCheck(plan.steps)
        problems += keys.finish()
        drafts[index].plan = plan
    }

    private mutating func compileKey(
        _ nodes: [MarkedYAML], _ fields: MarkedYAML?, _ type: RecordType, _ plan: inout EntryPlan
    ) {
        for node in nodes {
            let name = node.text ?? ""
            guard type.shape.field(named: name) != nil else {
                unknownField(
                    name, of: type.shape, at: node, meant: fields.flatMap { Self.field(reading: name, in: $0) })
                continue
            }
            guard let step = plan.steps.firstIndex(where: { $0.name == name }) else {
                if fields?[name] == nil { report(node, "the key field “\(name)” has no entry in “fields”") }
                continue
            }
            if plan.steps[step].isRepeated || ![.text, .varint].contains(plan.steps[step].wire) {
                report(node, "the key field “\(name)” must be a single text, code or whole number")
                continue
            }
            if plan.key.contains(step) {
                report(node, "the key field “\(name)” is listed twice")
                continue
            }
            plan.key.append(step)
            plan.steps[step].isRequired = true
            if plan.steps[step].failure == .leaveOut { plan.steps[step].failure = .row }
        }
    }

    // Who names the column in a key means the field that reads it.
    private static func field(reading column: String, in fields: MarkedYAML) -> String? {
        let reading = fields.pairs?.first { pair in
            let source = pair.value["from"] ?? pair.value
            return (source.items ?? [source]).contains { $0.text == column }
        }
        return reading?.key.text
    }

    /// Tells of a field that there is not, and which one was probably meant.
    mutating func unknownField(_ name: String, of shape: MessageShape, at node: MarkedYAML, meant: String? = nil) {
        let byWord =
            shape.fields.first { $0.title == name } ?? shape.fields.first { $0.terms.contains(name) }
        report(
            node, "\(shape.name) has no field “\(name)”",
            suggestion: meant ?? byWord?.name ?? Suggestion.nearest(to: name, among: shape.fields.map(\.name)))
    }

    private func crossCheck(_ steps: [FieldStep]) -> CrossCheckPlan? {
        guard let number = steps.firstIndex(where: { $0.machine.kind == .identityNumber && $0.wire == .text }) else {
            return nil
        }
        let birth = steps.firstIndex { $0.name == "birth_date" }
        let sex = steps.firstIndex { $0.name == "sex" }
        return birth == nil && sex == nil ? nil : CrossCheckPlan(identityNumber: number, birthDate: birth, sex: sex)
    }

    // Entries run behind those whose ids they need; among free ones the mapping's order stays.
    private mutating func orderEntries() {
        var order: [Int] = []
        while order.count < drafts.count {
            let next = drafts.indices.first { !order.contains($0) && drafts[$0].needs.isSubset(of: order) }
            guard let next else {
                let stuck = drafts.indices.filter { !order.contains($0) }
                for index in stuck {
                    report(drafts[index].node, "“key-of” goes round in a circle: “\(drafts[index].name)” needs itself")
                }
                return
            }
            order.append(next)
        }
        for index in order {
            guard var plan = drafts[index].plan else { continue }
            plan.steps = plan.steps.map { renumbered($0, order) }
            program.scopes[plan.scope].entries.append(program.entries.count)
            program.entries.append(plan)
        }
    }

    private func renumbered(_ step: FieldStep, _ order: [Int]) -> FieldStep {
        guard case .keyOf(let draft) = step.source else { return step }
        var step = step
        step.source = .keyOf(entry: order.firstIndex(of: draft) ?? 0)
        return step
    }
}
