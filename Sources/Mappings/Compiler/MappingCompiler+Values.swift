import CanonicalRecords
import Findings

/// How values that are written in a mapping become bytes of a field.
struct LiteralTarget {
    var machine: ValueMachine
    var wire: WireForm
}

extension MappingCompiler {
    /// Where a field with a specification gets its value from: exactly one of its keys says so.
    mutating func specifiedSource(
        _ keys: inout KeyChecker, _ field: RecordField, _ target: LiteralTarget, scope: Int
    ) -> StepSource? {
        var sources: [(String, StepSource?)] = []
        let separators = keys.texts("split")?.compactMap(\.text).filter { !$0.isEmpty }
        if let node = keys.optional("from") {
            let slots = slots(node, scope: scope)
            sources.append(
                (
                    "from",
                    slots.map { found in
                        separators.map { .split(found, separators: $0.map { Array($0.utf8) }) } ?? .slots(found)
                    }
                ))
        }
        if let node = keys.optional("const") {
            sources.append(("const", literal(node, target.machine, target.wire).map { .constant($0) }))
        }
        if let node = keys.optional("header") { sources.append(("header", headerSource(node))) }
        if let join = joined(&keys, scope: scope) { sources.append(("join", join)) }
        if let node = keys.optional("key-of") {
            sources.append(("key-of", keySource(node, &keys, field, scope: scope)))
        }
        guard sources.count == 1 else {
            let names = sources.isEmpty ? "none is there" : "there are " + sources.map(\.0).joined(separator: ", ")
            keys.report(keys.node, "a field takes its value from one of from, const, header, join, key-of; \(names)")
            return nil
        }
        if separators != nil, sources[0].0 != "from" { keys.report(keys.node, "“split” goes with “from”") }
        if sources[0].0 != "join", let with = keys.optional("with") { keys.report(with, "“with” goes with “join”") }
        if ["const", "key-of"].contains(sources[0].0) {
            for key in ["as", "map", "table"] {
                guard let node = keys.optional(key) else { continue }
                keys.report(node, "“\(key)” does not go with “\(sources[0].0)”")
            }
        }
        return sources[0].1
    }

    private mutating func headerSource(_ node: MarkedYAML) -> StepSource? {
        let name = node.text ?? ""
        if let header = program.headers.first(where: { $0.name == name }) { return .slots([header.slot]) }
        report(
            node, "“header” has no value “\(name)”",
            suggestion: Suggestion.nearest(to: name, among: program.headers.map(\.name)))
        return nil
    }

    // nil: there is no `join`; the inner nil: it is broken.
    private mutating func joined(_ keys: inout KeyChecker, scope: Int) -> StepSource?? {
        let separator = keys.text("with") ?? ""
        guard let node = keys.optional("join") else { return nil }
        guard let items = node.items, !items.isEmpty else {
            report(node, "“join” needs a list of columns or paths")
            return .some(nil)
        }
        let parts = items.compactMap { slots($0, scope: scope) }
        return .some(parts.count == items.count ? .join(parts, separator: Array(separator.utf8)) : nil)
    }

    /// A value that is written in the mapping, as the field's own machine makes it.
    mutating func literal(_ node: MarkedYAML, _ machine: ValueMachine, _ wire: WireForm) -> EncodedValue? {
        guard let text = node.text else {
            report(node, "the value must be a single value, not \(node.kindName)")
            return nil
        }
        var bytes: [UInt8] = []
        let raw = Array(text.utf8)
        let outcome = machine.convert(raw.span, into: &bytes)
        switch outcome.result {
        case .text: return EncodedValue(payload: bytes, text: String(decoding: bytes, as: UTF8.self))
        case .number: return EncodedValue(payload: outcome.encoded(as: wire), text: text)
        case .empty, .nullWord:
            report(node, "“\(text)” means that there is no value")
        case .rejected:
            // What becomes of a value in a document does not matter here.
            let told = outcome.issues.list.first?.kind.message.english ?? "it cannot be used"
            let why = told.split(separator: ";").first.map(String.init) ?? told
            let list = enumeration(of: machine)
            let names = list?.values.dropFirst().flatMap { [$0.shortName, $0.title] } ?? []
            let near = Suggestion.nearest(to: text, among: names)
            let all = list.map { near == nil ? "; docs/records.md lists what \($0.name) has" : "" } ?? ""
            report(
                node, "“\(text)” is no value of kind \(Self.name(of: machine.kind)): \(why)\(all)", suggestion: near)
        }
        return nil
    }

    private func enumeration(of machine: ValueMachine) -> Enumeration? {
        guard machine.kind == .enumeration, let terms = machine.terms else { return nil }
        return schema.enumerations.first { enumeration in
            enumeration.values.allSatisfy { value in
                value.number == 0 || terms.number(forExact: Array(value.name.utf8).span) == Int32(value.number)
            }
        }
    }
}

// Tables: inline (`map`) or by name (`table`).
extension MappingCompiler {
    mutating func lookup(_ keys: inout KeyChecker, _ target: LiteralTarget) -> LookupPlan? {
        let column = keys.optional("column")
        switch (keys.optional("map"), keys.optional("table")) {
        case (let map?, nil):
            if let column { report(column, "“column” goes with “table”") }
            return inlineLookup(map, target)
        case (nil, let table?): return tableLookup(table, column, target)
        case (.some, let table?): report(table, "a field has either “map” or “table”")
        case (nil, nil): if let column { report(column, "“column” goes with “table”") }
        }
        return nil
    }

    private mutating func inlineLookup(_ node: MarkedYAML, _ target: LiteralTarget) -> LookupPlan? {
        guard let pairs = node.pairs, !pairs.isEmpty else {
            report(node, "“map” gives each value of the document the value of the field")
            return nil
        }
        var plan = LookupPlan(table: TermIndex(terms: []), values: [])
        var terms: [(term: String, number: Int32)] = []
        for pair in pairs {
            let value = pair.value.isNull ? nil : literal(pair.value, target.machine, target.wire)
            if value == nil, !pair.value.isNull { continue }
            let term = pair.key.isNull ? "~" : pair.key.text ?? ""
            if term == "*" {
                plan.otherwise = .value(value)
            } else {
                terms.append((term, Int32(plan.values.count)))
                plan.values.append(value)
            }
        }
        plan.table = TermIndex(terms: terms)
        for conflict in plan.table.conflicts {
            let at = pairs.last { $0.key.text == conflict.term }?.key ?? node
            report(at, "“\(conflict.term)” is unreachable: an entry above is read the same way")
        }
        return plan
    }

    private mutating func tableLookup(_ node: MarkedYAML, _ column: MarkedYAML?, _ target: LiteralTarget) -> LookupPlan?
    {
        let name = node.text ?? ""
        guard let table = tables.table(named: name) else {
            report(node, tables.absence(of: name), suggestion: Suggestion.nearest(to: name, among: tables.names))
            return nil
        }
        usedTables.insert(name)
        if let column, !["code", "title"].contains(column.text) {
            report(column, "a code table gives its “code” or its “title”", suggestion: "code")
            return nil
        }
        var plan = LookupPlan(table: table.index, values: [], name: name)
        for row in table.rows {
            let value = column?.text == "title" ? row.title : row.code
            let cell = MarkedYAML(
                .scalar(value, isQuoted: true), file: node.file, line: node.line, column: node.column)
            let known = problems.count
            plan.values.append(literal(cell, target.machine, target.wire))
            for index in known..<problems.count {
                problems[index].message = "line \(row.line) of the code table “\(name)”: " + problems[index].message
            }
        }
        return plan
    }
}
