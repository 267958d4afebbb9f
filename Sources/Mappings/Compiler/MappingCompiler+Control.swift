import CanonicalRecords

extension MappingCompiler {
    mutating func compileControl(_ node: MarkedYAML) {
        guard let items = node.items else {
            report(node, "“control” must be a list of counts")
            return
        }
        for item in items {
            if let plan = controlPlan(item) { program.controls.append(plan) }
        }
    }

    private mutating func controlPlan(_ node: MarkedYAML) -> ControlPlan? {
        var keys = KeyChecker(node, noun: "an entry of “control”")
        let count = keys.required("count")
        let whereNode = keys.optional("where")
        let equals = keys.optional("equals")
        let atLeast = keys.optional("at-least")
        let name = keys.text("name")
        let asOf = keys.optional("as-of")
        problems += keys.finish()
        guard let count, let counted = count.text else { return nil }
        guard let entries = counting(counted, count) else { return nil }
        guard let declaredNode = equals ?? atLeast, equals == nil || atLeast == nil else {
            report(node, "an entry of “control” has either “equals” or “at-least”")
            return nil
        }
        guard let declared = declared(declaredNode) else { return nil }
        let conditions = entries.map { controlConditions(whereNode, entry: $0) }
        var plan = ControlPlan(
            name: name ?? Self.name(counted, whereNode), typeName: program.entries[entries[0]].typeName,
            entries: entries, conditions: conditions, declared: declared, isAtLeast: equals == nil)
        if let asOf { plan.asOf = day(asOf) }
        return plan
    }

    // The entries that `count` names, by their name or record type.
    private mutating func counting(_ counted: String, _ node: MarkedYAML) -> [Int]? {
        let entries = program.entries.indices.filter {
            program.entries[$0].name == counted || program.entries[$0].typeName == counted
        }
        if entries.isEmpty, !undrafted.contains(counted) {
            report(
                node, "this mapping gives no “\(counted)” to count",
                suggestion: Suggestion.nearest(to: counted, among: drafts.flatMap { [$0.name, $0.type.name] }))
        }
        return entries.isEmpty ? nil : entries
    }

    private static func name(_ counted: String, _ conditions: MarkedYAML?) -> String {
        let tests = (conditions?.pairs ?? []).map { pair in
            "\(pair.key.text ?? "") = \((pair.value.items ?? [pair.value]).compactMap(\.text).joined(separator: "|"))"
        }
        return tests.isEmpty ? counted : "\(counted) where \(tests.joined(separator: ", "))"
    }

    private mutating func declared(_ node: MarkedYAML) -> ControlPlan.Declared? {
        if let number = node.integer, number >= 0 { return .constant(number) }
        let text = node.text ?? ""
        if text == "totals" || text.hasPrefix("totals.") {
            if program.reads.totals.isEmpty {
                report(node, "“totals” needs reads: totals, the words that begin a row of totals")
            }
            return .totals(column: text == "totals" ? nil : String(text.dropFirst("totals.".count)))
        }
        if text.hasPrefix("header.") { return headerIndex(node).map { .header($0) } }
        report(node, "a declared number is a whole number, header.name, totals or totals.column")
        return nil
    }

    private mutating func day(_ node: MarkedYAML) -> ControlPlan.Day {
        if node.text?.hasPrefix("header.") == true { return headerIndex(node).map { .header($0) } ?? .none }
        return literal(node, ValueMachine(.date), .text).map { .constant($0.text) } ?? .none
    }

    private mutating func controlConditions(_ node: MarkedYAML?, entry: Int) -> [ControlCondition] {
        guard let node else { return [] }
        guard let pairs = node.pairs, !pairs.isEmpty else {
            report(node, "“where” gives fields the values that are counted")
            return []
        }
        return pairs.compactMap { pair in
            let name = pair.key.text ?? ""
            let plan = program.entries[entry]
            guard let type = schema.recordType(named: plan.typeName), let field = type.shape.field(named: name) else {
                if let type = schema.recordType(named: plan.typeName) {
                    unknownField(name, of: type.shape, at: pair.key)
                }
                return nil
            }
            guard let step = plan.steps.firstIndex(where: { $0.name == name }), plan.steps[step].wire != .message else {
                // A field that is broken has been told already.
                let isBroken = drafts.first { $0.name == plan.name }?.node["fields"]?[name] != nil
                if isBroken { return nil }
                report(pair.key, "“\(name)” is not filled by the entry “\(plan.name)”, so it cannot be counted by")
                return nil
            }
            guard let kind = Self.valueKind(of: field) else { return nil }
            let machine = machine(kind, of: field, ValueOptions())
            if pair.value.items?.isEmpty == true {
                report(pair.value, "“where” needs at least one value for “\(name)”")
            }
            let payloads = (pair.value.items ?? [pair.value]).compactMap {
                literal($0, machine, plan.steps[step].wire)?.payload
            }
            return ControlCondition(step: step, payloads: payloads)
        }
    }
}
