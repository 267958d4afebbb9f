extension MappingProgram {
    /// Slots of which every value is used, because they fill lists.
    var repeatedSlots: Set<Int> {
        var repeated: Set<Int> = []
        forEachStep { step in
            switch step.source {
            case .slots(let slots) where step.isRepeated, .split(let slots, _): repeated.formUnion(slots)
            case .identity(_, let parts) where step.isRepeated:
                repeated.formUnion(parts.flatMap { $0.source.alternatives.joined() })
            default: break
            }
        }
        return repeated
    }

    /// Slots of the document's head that records are made from.
    var headSlotsOfRecords: Set<Int> {
        Set(allAlternatives.joined()).filter { slots[$0].scope == 0 }
    }

    /// The slots of each value that is read for records, with their alternatives.
    var allAlternatives: [[Int]] {
        var lists: [[Int]] = []
        forEachStep { step in lists += step.source.alternatives }
        for entry in entries { lists += otherAlternatives(of: entry) }
        if case .slots(let slots, _)? = effective { lists.append(slots) }
        return lists
    }

    /// By slot: the scopes within its own of which records, or parts of them, read it. They do so when they end.
    var innerReaders: [[Int]] {
        var readers = Array(repeating: [Int](), count: slots.count)
        func note(_ alternatives: [[Int]], by scope: Int) {
            for slot in Set(alternatives.joined()) where slots[slot].scope > 0 && slots[slot].scope != scope {
                readers[slot].append(scope)
            }
        }
        for entry in entries {
            note(entry.steps.flatMap(\.source.alternatives) + otherAlternatives(of: entry), by: entry.scope)
        }
        for plan in nested { note(plan.steps.flatMap(\.source.alternatives), by: plan.scope) }
        return readers
    }

    /// By slot: for each value that it is an alternative for, the slots of its scope that come before it.
    var preferences: [[[Int]]] {
        var preferences = Array(repeating: [[Int]](), count: slots.count)
        for list in allAlternatives {
            for (position, slot) in list.enumerated() {
                preferences[slot].append(list[..<position].filter { slots[$0].scope == slots[slot].scope })
            }
        }
        return preferences
    }

    // Those that are no fields.
    private func otherAlternatives(of entry: EntryPlan) -> [[Int]] {
        var lists = (entry.conditions + entry.deleteConditions).map(\.slots)
        if case .slots(let kept) = entry.extensions { lists += kept.map { [$0.slot] } }
        if case .slots(let slots, _)? = entry.effective { lists.append(slots) }
        return lists
    }

    /// By nested plan: a range with all slots that its steps read.
    var nestedSlots: [Range<Int>] {
        nested.map { plan in
            let slots = plan.steps.flatMap { $0.source.alternatives.joined() }
            return slots.isEmpty ? 0..<0 : slots.min()!..<slots.max()! + 1
        }
    }

    private func forEachStep(_ body: (FieldStep) -> Void) {
        func visit(_ steps: [FieldStep]) {
            for step in steps {
                body(step)
                if case .groups(let groups) = step.source { groups.forEach(visit) }
            }
        }
        for entry in entries { visit(entry.steps) }
        for plan in nested { visit(plan.steps) }
    }
}
