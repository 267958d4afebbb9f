import CanonicalRecords

extension MappingCompiler {
    /// The steps of a message's fields, in the order of the field numbers.
    mutating func steps(_ node: MarkedYAML, shape: MessageShape, scope: Int, prefix: String) -> [FieldStep] {
        guard let pairs = node.pairs else {
            report(node, "“fields” gives each field of \(shape.name) its source")
            return []
        }
        if pairs.isEmpty { report(node, "“fields” is empty") }
        var steps: [FieldStep] = []
        for pair in pairs {
            let name = pair.key.text ?? ""
            guard let field = shape.field(named: name) else {
                unknownField(name, of: shape, at: pair.key)
                continue
            }
            if pair.value.isNull {
                report(pair.key, "“\(name)” has no source: name a column or path")
            } else if let step = step(field, pair.value, scope: scope, prefix: prefix) {
                steps.append(step)
            }
        }
        return steps.sorted { $0.number < $1.number }
    }

    private mutating func step(_ field: RecordField, _ node: MarkedYAML, scope: Int, prefix: String) -> FieldStep? {
        if case .message(let shape) = field.shape {
            return messageStep(field, shape, node, scope: scope, prefix: prefix)
        }
        guard let kind = Self.valueKind(of: field), let wire = Self.wire(of: field) else {
            report(node, "the field “\(field.name)” cannot be filled by a mapping")
            return nil
        }
        guard node.pairs != nil else {
            guard let slots = slots(node, scope: scope) else { return nil }
            let machine = machine(kind, of: field, ValueOptions())
            return plain(field, wire, machine, source: source(of: field, .slots(slots), nil), prefix)
        }
        return specifiedStep(field, kind, wire, node, scope: scope, prefix: prefix)
    }

    // A field with a specification of its own: {from: …, as: …, …}.
    private mutating func specifiedStep(
        _ field: RecordField, _ kind: ValueKind, _ wire: WireForm, _ node: MarkedYAML, scope: Int, prefix: String
    ) -> FieldStep? {
        var keys = KeyChecker(node, noun: "the field “\(field.name)”")
        let input = inputKind(&keys, kind, field)
        let options = options(&keys, input, field)
        let machine = machine(input, of: field, options)
        let target = LiteralTarget(machine: self.machine(kind, of: field, options), wire: wire)
        let source = specifiedSource(&keys, field, target, scope: scope)
        let lookup = lookup(&keys, target)
        let fallback = keys.optional("default")
        let isRequired = keys.boolean("required") ?? false
        let failure = keys.word("on-error", of: ["leave-out", "record", "filing"])
        problems += keys.finish()
        guard let source else { return nil }
        var step = plain(field, wire, machine, source: self.source(of: field, source, lookup), prefix)
        step.lookup = lookup
        step.isRequired = isRequired
        step.failure = Self.failure(failure, isRequired: isRequired)
        if let fallback { step.fallback = self.fallback(fallback, field, target) }
        check(step, source, failure, node, field)
        return step
    }

    private mutating func check(
        _ step: FieldStep, _ source: StepSource, _ failure: String?, _ node: MarkedYAML, _ field: RecordField
    ) {
        if case .split = source, !field.isRepeated {
            report(
                node["split"] ?? node, "“split” needs a field that holds a list, and “\(field.name)” holds one value")
        }
        if case .identity(_, let parts) = step.source, field.isRepeated, parts.count > 1 {
            report(node["by"] ?? node, "“\(field.name)” holds a list; its records must have a key of one field")
        }
        if failure == "leave-out", step.isRequired {
            report(node["on-error"] ?? node, "“\(field.name)” is required, so it cannot be left out")
        }
    }

    private mutating func fallback(_ node: MarkedYAML, _ field: RecordField, _ target: LiteralTarget) -> EncodedValue? {
        if field.kind == .reference {
            report(node, "“\(field.name)” refers to a record; it can have no default")
            return nil
        }
        return literal(node, target.machine, target.wire)
    }

    private static func failure(_ word: String?, isRequired: Bool) -> FieldFailure {
        switch word {
        case "record": .row
        case "filing": .filing
        case "leave-out": .leaveOut
        default: isRequired ? .row : .leaveOut
        }
    }

    private func plain(
        _ field: RecordField, _ wire: WireForm, _ machine: ValueMachine, source: StepSource, _ prefix: String
    ) -> FieldStep {
        // A natural key may be personal data although the id that is made from it is not.
        var masking = field.masking
        if case .identity(_, let parts) = source { masking = masking ?? parts.lazy.compactMap(\.masking).first }
        let is32Bit = if case .int32 = field.shape { true } else { false }
        return FieldStep(
            name: prefix + field.name, number: field.number, wire: wire, keepsZero: field.hasPresence,
            isRepeated: field.isRepeated, is32Bit: is32Bit, source: source, machine: machine, failure: .leaveOut,
            isRequired: false, masking: masking)
    }

    private mutating func options(_ keys: inout KeyChecker, _ kind: ValueKind, _ field: RecordField) -> ValueOptions {
        let uses: [(key: String, kinds: [ValueKind], what: String)] = [
            ("zone", [.dateTime], "date-times"), ("excel-1904", [.date, .dateTime], "dates"),
            ("line-breaks", [.text], "texts"), ("unit", [.money], "money"),
        ]
        for use in uses where !use.kinds.contains(kind) {
            guard let node = keys.optional(use.key) else { continue }
            keys.report(
                node, "“\(use.key)” is for \(use.what), and “\(field.name)” is read as \(Self.name(of: kind))")
        }
        var options = ValueOptions()
        if let zone = keys.optional("zone").flatMap({ self.zone($0) }) { options.zone = zone }
        if let excel = keys.boolean("excel-1904") { options.uses1904Dates = excel }
        if let word = keys.word("line-breaks", of: ["keep", "space"]) { options.keepsLineBreaks = word == "keep" }
        switch keys.word("unit", of: ["元", "万元", "亿元", "yuan"]) {
        case "万元": options.moneyExponent = 4
        case "亿元": options.moneyExponent = 8
        default: break
        }
        return options
    }

    // `as` says what the document holds. It must be what the field holds, unless the field takes any text.
    private mutating func inputKind(_ keys: inout KeyChecker, _ kind: ValueKind, _ field: RecordField) -> ValueKind {
        guard let node = keys.optional("as"), let named = valueKind(named: node) else { return kind }
        let takesText: [ValueKind] = [.text, .name, .code]
        let givesText = ![.money, .count, .decimal, .percentage, .longitude, .latitude, .boolean, .enumeration]
            .contains(named)
        // Degrees are decimals as well.
        if named == .decimal, kind == .longitude || kind == .latitude { return kind }
        if named == kind || takesText.contains(kind) && givesText { return named }
        keys.report(
            node, "“\(field.name)” holds a value of kind \(Self.name(of: kind)), not \(Self.name(of: named))",
            suggestion: Self.name(of: kind))
        return kind
    }
}
