import CanonicalRecords

extension MappingCompiler {
    /// Values of the document's head: in XML a path from the root element, in CSV the text behind a label above the
    /// header.
    mutating func compileHeader(_ node: MarkedYAML) {
        guard let pairs = node.pairs else {
            report(node, "“header” gives each value of the document's head a name")
            return
        }
        for pair in pairs {
            guard let name = pair.key.text, Self.isWord(name) else {
                report(pair.key, "the name of a header value has only letters, digits, “-” and “_”")
                continue
            }
            if let plan = headerPlan(name, pair.value) { program.headers.append(plan) }
        }
    }

    private mutating func headerPlan(_ name: String, _ node: MarkedYAML) -> HeaderPlan? {
        let isXML = program.format == .xml
        let sourceKey = isXML ? "from" : "after"
        if isXML, node.text != nil {
            return slot(node, scope: 0).map { HeaderPlan(name: name, slot: $0, machine: .init(.text)) }
        }
        var keys = KeyChecker(node, noun: isXML ? "a header value" : "a header value, {after: label}")
        let text = keys.text(sourceKey, isRequired: true)
        let source = keys.optional(sourceKey)
        let machine = keys.optional("as").flatMap { valueKind(named: $0) } ?? .text
        let zone = keys.optional("zone").flatMap { self.zone($0) }
        problems += keys.finish()
        guard let source, let text else { return nil }
        var options = ValueOptions()
        if let zone { options.zone = zone }
        let slot =
            isXML
            ? self.slot(source, scope: 0) : self.slot(SlotPlan(scope: 0, source: .preamble(label: text), name: text))
        return slot.map { HeaderPlan(name: name, slot: $0, machine: ValueMachine(machine, options: options)) }
    }

    static func isWord(_ text: String) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-" || $0 == "_"
            }
    }

    /// Kinds that `as` can name, spelled as in `docs/records.md`.
    static let kindNames: [(name: String, kind: ValueKind)] = [
        ("text", .text), ("name", .name), ("code", .code), ("person-name", .personName),
        ("identity-number", .identityNumber), ("identity-document-number", .identityDocumentNumber),
        ("unified-social-credit-code", .socialCreditCode), ("mobile-number", .mobile), ("phone-number", .phone),
        ("area-code", .areaCode), ("place-code", .placeCode), ("date", .date), ("date-time", .dateTime),
        ("money", .money), ("count", .count), ("decimal", .decimal), ("percentage", .percentage),
        ("longitude", .longitude), ("latitude", .latitude), ("boolean", .boolean), ("enumeration", .enumeration),
    ]

    static func name(of kind: ValueKind) -> String {
        kindNames.first { $0.kind == kind }?.name ?? "value"
    }

    mutating func valueKind(named node: MarkedYAML) -> ValueKind? {
        if let kind = Self.kindNames.first(where: { $0.name == node.text })?.kind { return kind }
        let names = Self.kindNames.map(\.name)
        let near = node.text.flatMap { Suggestion.nearest(to: $0, among: names) }
        let all = near == nil ? "; there are " + names.joined(separator: ", ") : ""
        report(node, "unknown kind “\(node.text ?? "")”" + all, suggestion: near)
        return nil
    }

    mutating func zone(_ node: MarkedYAML) -> FixedZone? {
        if let zone = node.text.flatMap({ FixedZone($0) }) { return zone }
        report(
            node, "unknown time zone “\(node.text ?? "")”; write Asia/Shanghai, UTC or an offset such as +08:00",
            suggestion: node.text.flatMap { Suggestion.nearest(to: $0, among: FixedZone.names) })
        return nil
    }
}
