extension MappingProgram {
    /// A column that a document lacks.
    struct MissingColumn: Hashable {
        /// The column, or the alternatives for it.
        var column: String
        /// The field that reads it.
        var field: String
        /// Whether no row can be converted without it.
        var isNeeded: Bool
    }

    /// Whether some entry keeps what no field reads.
    var keepsRest: Bool {
        entries.contains { if case .rest = $0.extensions { true } else { false } }
    }

    /// The slots that nothing reads in this document, since it has an alternative that comes first.
    func idleAlternatives(exists: (Int) -> Bool) -> Set<Int> {
        var (read, idle) = (Set<Int>(), Set<Int>())
        for list in allAlternatives {
            guard let first = list.firstIndex(where: exists) else { continue }
            read.insert(list[first])
            idle.formUnion(list[(first + 1)...])
        }
        return idle.subtracting(read)
    }

    /// What the document's header lacks for the fields, each column once.
    func missingColumns(exists: (Int) -> Bool) -> [MissingColumn] {
        var missing: [MissingColumn] = []
        for entry in entries {
            for step in entry.steps {
                for slots in step.source.alternatives where !slots.contains(where: exists) {
                    let column = slots.map { self.slots[$0].name }.joined(separator: "/")
                    let isNeeded = step.isRequired && step.fallback == nil && step.source.isSingle
                    guard !missing.contains(where: { $0.column == column && $0.isNeeded == isNeeded }) else { continue }
                    missing.append(.init(column: column, field: "\(entry.name).\(step.name)", isNeeded: isNeeded))
                }
            }
            var others = entry.conditions.map { (slots: $0.slots, key: "when") }
            others += entry.deleteConditions.map { (slots: $0.slots, key: "delete-when") }
            if case .slots(let slots, _)? = entry.effective { others.append((slots, "effective")) }
            for other in others where !other.slots.contains(where: exists) {
                let column = other.slots.map { slots[$0].name }.joined(separator: "/")
                missing.append(.init(column: column, field: "\(entry.name): \(other.key)", isNeeded: false))
            }
        }
        return missing.filter { one in one.isNeeded || !missing.contains { $0.column == one.column && $0.isNeeded } }
    }
}

extension StepSource {
    /// The slots of each value that the source reads, with their alternatives.
    var alternatives: [[Int]] {
        switch self {
        case .slots(let slots), .split(let slots, _): [slots]
        case .join(let parts, _): parts
        case .identity(_, let parts): parts.flatMap(\.source.alternatives)
        case .groups(let groups): groups.flatMap { $0.flatMap(\.source.alternatives) }
        case .constant, .keyOf, .nested: []
        }
    }

    /// Whether the source is nothing without the slots that it names.
    var isSingle: Bool {
        switch self {
        case .slots: true
        case .identity(_, let parts): parts.allSatisfy(\.source.isSingle)
        default: false
        }
    }
}
