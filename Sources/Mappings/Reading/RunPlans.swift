import XMLFilings

/// What to do with each run that the reader knows (``XMLReader/nextRun(in:)``): decided when it is met for the first time,
/// from the state in which it is always met.
struct RunPlans: ~Copyable, Sendable {
    /// One thing to do.
    struct Step: BitwiseCopyable {
        enum Kind: UInt8, BitwiseCopyable {
            /// The element of a state ends or begins.
            case end, begin
            /// An element that the mapping does not know ends or begins.
            case endUnknown, beginUnknown
        }

        var kind: Kind
        var state: Int32
    }

    /// An attribute that slots take.
    struct Attribute: BitwiseCopyable {
        var index: Int32
        var slots: PathAutomaton.Stretch
    }

    struct Plan: BitwiseCopyable {
        var firstStep: Int32 = -1
        var stepCount: Int32 = 0
        var firstAttribute: Int32 = 0
        var attributeCount: Int32 = 0
        // Whether the text is that of an element which then ends, which slots take that are none of the head.
        var takesWholeText = false

        var steps: Range<Int> { Int(firstStep)..<Int(firstStep &+ stepCount) }
        var attributes: Range<Int> { Int(firstAttribute)..<Int(firstAttribute &+ attributeCount) }
    }

    private var plans = PlainArray<Plan>()
    private(set) var steps = PlainArray<Step>()
    private(set) var attributes = PlainArray<Attribute>()
    private static let statesPerDepth: Int32 = 256

    /// The number of a place in the document as far as runs depend on it; -1 where there are none.
    @inline(__always)
    static func context(state: Int, depthBelow: Int) -> Int32 {
        guard state >= 0, state < 1 << 20, depthBelow < 256 else { return -1 }
        return Int32(truncatingIfNeeded: state &* 256 &+ depthBelow)
    }

    /// The plan of a run, which the reader has just passed.
    @inline(__always)
    mutating func plan(
        _ run: Int32, state: Int, depthBelow: Int, _ automaton: borrowing PathAutomaton, _ reader: borrowing XMLReader
    ) -> Plan {
        if Int(run) < plans.count {
            let plan = plans[Int(run)]
            if plan.firstStep >= 0 { return plan }
        }
        return add(run, state, depthBelow, automaton, reader)
    }

    private mutating func add(
        _ run: Int32, _ state: Int, _ depthBelow: Int, _ automaton: borrowing PathAutomaton,
        _ reader: borrowing XMLReader
    ) -> Plan {
        let shape = reader.shape(ofRun: run)
        var plan = Plan(firstStep: Int32(steps.count), firstAttribute: Int32(attributes.count))
        var (state, below) = (state, depthBelow)
        for _ in 0..<shape.ends {
            if below > 0 {
                below -= 1
                steps.append(Step(kind: .endUnknown, state: 0))
            } else {
                steps.append(Step(kind: .end, state: Int32(state)))
                state = automaton.parent(state)
            }
        }
        if let name = shape.start { addStart(name, shape, in: below > 0 ? -1 : state, automaton, reader) }
        plan.stepCount = Int32(steps.count) - plan.firstStep
        plan.takesWholeText =
            shape.ends > 0 && depthBelow == 0 && automaton.states[Int(steps[Int(plan.firstStep)].state)].isPlainText
        plan.attributeCount = Int32(attributes.count) - plan.firstAttribute
        while plans.count <= Int(run) { plans.append(Plan()) }
        plans[Int(run)] = plan
        return plan
    }

    private mutating func addStart(
        _ name: XMLNameID, _ shape: XMLRunShape, in state: Int, _ automaton: borrowing PathAutomaton,
        _ reader: borrowing XMLReader
    ) {
        let next = state < 0 ? -1 : automaton.next(state, name)
        let isKnown = next >= 0
        steps.append(Step(kind: isKnown ? .begin : .beginUnknown, state: Int32(next)))
        for index in 0..<reader.attributeCount where isKnown {
            guard let slots = automaton.slots(next, attribute: reader.attributeName(index)) else { continue }
            attributes.append(Attribute(index: Int32(index), slots: slots))
        }
        if shape.isEmptyElement { steps.append(Step(kind: isKnown ? .end : .endUnknown, state: Int32(next))) }
    }
}
