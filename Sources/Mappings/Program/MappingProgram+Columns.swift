extension MappingProgram {
    /// A column or path that a document lacks.
    struct MissingInput: Hashable {
        /// The slots of the column or path, with the alternatives for it.
        var slots: [Int]
        /// Their names, as the mapping writes them.
        var name: String
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

    /// What the document lacks for the fields, each column or path once.
    func missingInputs(exists: (Int) -> Bool) -> [MissingInput] {
        var missing: [MissingInput] = []
        func note(_ slots: [Int], for field: String, isNeeded: Bool) {
            guard !slots.contains(where: exists) else { return }
            let name = slots.map { self.slots[$0].name }.joined(separator: "/")
            guard !missing.contains(where: { $0.name == name && $0.isNeeded == isNeeded }) else { return }
            missing.append(.init(slots: slots, name: name, field: field, isNeeded: isNeeded))
        }
        func note(_ step: FieldStep, of entry: EntryPlan, isNeeded: Bool) {
            switch step.source {
            case .groups(let groups): for part in groups.joined() { note(part, of: entry, isNeeded: false) }
            case .nested(let plan): for part in nested[plan].steps { note(part, of: entry, isNeeded: false) }
            default:
                for slots in step.source.alternatives {
                    note(slots, for: "\(entry.name).\(step.name)", isNeeded: isNeeded)
                }
            }
        }
        for entry in entries {
            for step in entry.steps {
                note(step, of: entry, isNeeded: step.isRequired && step.fallback == nil && step.source.isSingle)
            }
            for one in entry.conditions { note(one.slots, for: "\(entry.name): when", isNeeded: false) }
            for one in entry.deleteConditions { note(one.slots, for: "\(entry.name): delete-when", isNeeded: false) }
            if case .slots(let slots, _)? = entry.effective {
                note(slots, for: "\(entry.name): effective", isNeeded: false)
            }
        }
        return missing.filter { one in one.isNeeded || !missing.contains { $0.name == one.name && $0.isNeeded } }
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
