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
        var used: Set<Int> = []
        forEachStep { step in used.formUnion(step.source.alternatives.joined()) }
        for entry in entries {
            for condition in entry.conditions + entry.deleteConditions { used.formUnion(condition.slots) }
            if case .slots(let kept) = entry.extensions { used.formUnion(kept.map(\.slot)) }
            if case .slots(let slots, _)? = entry.effective { used.formUnion(slots) }
        }
        if case .slots(let slots, _)? = effective { used.formUnion(slots) }
        return used.filter { slots[$0].scope == 0 }
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
