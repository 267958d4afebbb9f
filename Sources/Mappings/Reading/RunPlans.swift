import XMLFilings

/// What to do with each run that the reader knows (``XMLReader/passRuns(in:)``): decided when it is met for the first time,
/// from the state in which it is always met.
struct RunPlans: ~Copyable, Sendable {
    /// One thing to do.
    struct Step: BitwiseCopyable {
        enum Kind: UInt8, BitwiseCopyable {
            /// The element of a state ends.
            case end
            /// The same, where all that is done is that scopes end.
            case endScope
            /// The element of a state begins.
            case begin
            /// A slot takes the value of an attribute.
            case attribute
            /// The same for a slot of the head.
            case headAttribute
        }

        var kind: Kind
        // Of the attribute among those of the run.
        var attribute: Int32 = 0
        // The state, scope or slot.
        var number: Int32
    }

    struct Plan: BitwiseCopyable {
        var firstStep: Int32 = -1
        var stepCount: Int32 = 0
        // The place in the document behind the run.
        var state: Int32 = 0
        var depthBelow: Int32 = 0
        // The slot that takes the text, where that is all of the text of an element which ends then; -1 where it has to be
        // looked at more closely.
        var textSlot: Int32 = -1
        // Whether at last an element begins of which nothing but its text is to be taken.
        var beginsText = false
    }

    private var plans = PlainArray<Plan>()
    private(set) var steps = PlainArray<Step>()

    /// The number of a place in the document as far as runs depend on it; -1 where there are none.
    @inline(__always)
    static func context(state: Int, depthBelow: Int) -> Int32 {
        guard state >= 0, state < 1 << 20, depthBelow < 256 else { return -1 }
        return Int32(truncatingIfNeeded: state &* 256 &+ depthBelow)
    }

    /// The plan of a run; nil when none has been made.
    @inline(__always)
    func plan(_ run: Int32) -> Plan? {
        guard Int(run) < plans.count, plans[Int(run)].firstStep >= 0 else { return nil }
        return plans[Int(run)]
    }

    /// Makes the plan of a run, which is met in a state.
    mutating func makePlan(
        _ run: Int32, state: Int, depthBelow: Int, _ automaton: borrowing PathAutomaton, _ reader: borrowing XMLReader,
        _ rows: borrowing FilingRows
    ) -> Plan {
        let shape = reader.shape(ofRun: run)
        var plan = Plan(firstStep: Int32(steps.count))
        var (next, below) = (state, depthBelow)
        for _ in 0..<shape.ends {
            if below > 0 {
                below -= 1
            } else {
                addEnd(next, automaton)
                next = automaton.parent(next)
            }
        }
        if shape.ends > 0, depthBelow == 0, automaton.states[state].isPlainText {
            let slots = automaton.states[state].textSlots
            if slots.count == 1, !rows.isReadWithin(Int(automaton.slots[Int(slots.start)])) {
                plan.textSlot = automaton.slots[Int(slots.start)]
            }
        }
        if let name = shape.start { addStart(run, name, shape, &plan, &next, &below, automaton, reader, rows) }
        plan.stepCount = Int32(steps.count) - plan.firstStep
        (plan.state, plan.depthBelow) = (Int32(next), Int32(below))
        while plans.count <= Int(run) { plans.append(Plan()) }
        plans[Int(run)] = plan
        return plan
    }

    private mutating func addStart(
        _ run: Int32, _ name: XMLNameID, _ shape: XMLRunShape, _ plan: inout Plan, _ state: inout Int,
        _ below: inout Int, _ automaton: borrowing PathAutomaton, _ reader: borrowing XMLReader,
        _ rows: borrowing FilingRows
    ) {
        let next = below > 0 ? -1 : automaton.next(state, name)
        guard next >= 0 else {
            if !shape.isEmptyElement { below += 1 }
            return
        }
        let element = automaton.states[next]
        plan.beginsText =
            element.textSlots.count > 0 && element.scopes.count == 0 && !element.hasAttributes && !shape.isEmptyElement
        if element.isPlaced, !plan.beginsText { steps.append(Step(kind: .begin, number: Int32(next))) }
        for index in 0..<shape.attributeCount {
            guard let slots = automaton.slots(next, attribute: reader.attributeName(index, ofRun: run)) else {
                continue
            }
            for position in slots.range {
                let slot = automaton.slots[position]
                let kind = rows.isHead(Int(slot)) ? Step.Kind.headAttribute : .attribute
                steps.append(Step(kind: kind, attribute: Int32(index), number: slot))
            }
        }
        if shape.isEmptyElement { addEnd(next, automaton) } else { state = next }
    }

    private mutating func addEnd(_ state: Int, _ automaton: borrowing PathAutomaton) {
        let plan = automaton.states[state]
        guard plan.textSlots.count == 0 else { return steps.append(Step(kind: .end, number: Int32(state))) }
        for index in plan.scopes.range.reversed() {
            steps.append(Step(kind: .endScope, number: automaton.scopes[index]))
        }
    }
}
