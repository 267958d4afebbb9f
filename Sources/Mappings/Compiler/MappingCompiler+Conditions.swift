import Findings

extension MappingCompiler {
    /// The lines of `when`: `column: value`, `column: [values]`, `column: present`-like tests; all must hold.
    mutating func conditions(_ node: MarkedYAML, scope: Int) -> [ConditionPlan] {
        guard let pairs = node.pairs, !pairs.isEmpty else {
            report(node, "a condition gives each column or path the values that it must have")
            return []
        }
        return pairs.compactMap { pair in
            guard let slots = slots(pair.key, scope: scope), let (test, isNegated) = test(pair.value) else {
                return nil
            }
            return ConditionPlan(slots: slots, test: test, isNegated: isNegated)
        }
    }

    private mutating func test(_ node: MarkedYAML) -> (ConditionPlan.Test, Bool)? {
        guard node.pairs != nil else { return terms(node).map { (.oneOf($0), false) } }
        var keys = KeyChecker(node, noun: "a condition")
        let not = keys.optional("not")
        let present = keys.optional("present")
        let isPresent = keys.boolean("present")
        problems += keys.finish()
        switch (not, present) {
        case (let not?, nil): return terms(not).map { (.oneOf($0), true) }
        case (nil, _?): return isPresent.map { (.present, !$0) }
        default:
            report(node, "a condition is a value, a list of values, {not: …} or {present: true}")
            return nil
        }
    }

    private mutating func terms(_ node: MarkedYAML) -> TermIndex? {
        let words = texts(node, "a condition's value")
        if node.items?.isEmpty == true { report(node, "a condition needs at least one value") }
        // A blank value is compared with nothing: cells that are blank are not present.
        for item in node.items ?? [node] where item.text.map({ $0.allSatisfy(\.isWhitespace) }) == true {
            report(item, "a condition's value is blank; for cells that are, write { present: false }")
        }
        for item in node.items ?? [node] where item.text == "present" {
            problems.append(
                MappingProblem(
                    at: item, severity: .warning,
                    "this is met where “present” stands in the document; for any value write { present: true }"))
        }
        return words.isEmpty ? nil : TermIndex(terms: words.map { ($0, 1) })
    }

    mutating func extensions(_ node: MarkedYAML, scope: Int) -> ExtensionPlan {
        if node.text == "rest" {
            if program.format == .csv { return .rest }
            report(node, "“rest” is for csv only; in xml name the paths to keep")
            return .none
        }
        if let pairs = node.pairs {
            for pair in pairs where pair.key.text?.isEmpty != false {
                report(pair.key, "the name under which a value is kept must be a text that is not empty")
            }
            let kept = pairs.compactMap { pair in
                slot(pair.value, scope: scope).map { ExtensionSlot(name: pair.key.text ?? "", slot: $0) }
            }
            return sorted(kept)
        }
        var names: Set<String> = []
        for item in node.items ?? [] {
            guard let name = item.text, !names.insert(name).inserted else { continue }
            report(item, "“\(name)” is kept already")
        }
        let kept = (node.items ?? [node]).compactMap { item in
            slot(item, scope: scope).map { ExtensionSlot(name: item.text ?? "", slot: $0) }
        }
        return sorted(kept)
    }

    // Maps are written in the order of their keys' bytes, so that equal records have equal bytes.
    private func sorted(_ slots: [ExtensionSlot]) -> ExtensionPlan {
        .slots(slots.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }

    /// From when records hold: a constant, a header value, or (in an entry) a column or path.
    mutating func compileEffective(_ node: MarkedYAML, scope: Int?) -> EffectivePlan? {
        if node.pairs != nil {
            var keys = KeyChecker(node, noun: "“effective”")
            let constant = keys.required("const")
            problems += keys.finish()
            let machine = ValueMachine(.dateTime)
            guard let constant else { return nil }
            let date = ValueMachine(.date)
            let kind = (constant.text ?? "").utf8.count > 10 ? machine : date
            return literal(constant, kind, .text).map { .constant($0.payload) }
        }
        if scope == nil, node.text?.hasPrefix("header.") != true {
            report(node, "“effective” of a mapping is {const: date} or a header value such as header.as-of")
            return nil
        }
        return slots(node, scope: scope ?? 0).map { .slots($0, ValueMachine(.dateTime)) }
    }
}
