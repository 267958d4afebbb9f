import XMLFilings

/// What to do at each element, decided before the document is read: one state for each path that the mapping knows.
///
/// A step is an index into a table, by state and interned name; names are never compared while reading.
struct PathAutomaton: Sendable {
    /// What happens at the elements of one path, as ranges of flat lists.
    struct State: BitwiseCopyable, Sendable {
        /// Scopes that begin and end with the element.
        var scopes = Stretch()
        /// Slots that take its text.
        var textSlots = Stretch()
        /// Whether slots take its attributes.
        var hasAttributes = false
        /// Whether all that is taken of it by name is its text, for records.
        var isPlainText = false
        /// Whether it is a row, or several.
        var hasRows = false

        /// Whether the place of something in the element's tag may be asked for.
        var isPlaced: Bool { scopes.count > 0 || textSlots.count > 0 || hasAttributes }
    }

    /// A part of a flat list.
    struct Stretch: BitwiseCopyable, Sendable {
        var start: Int32 = 0
        var count: Int32 = 0

        var range: Range<Int> { Int(start)..<Int(start &+ count) }
    }

    /// State 0 is the root element.
    private(set) var states: [State] = []
    private(set) var scopes: [Int32] = []
    private(set) var slots: [Int32] = []
    /// By state: the path from the root element (exclusive).
    private(set) var paths: [[ElementName]] = []
    private var parents: [Int32] = []
    private var plans: [Plan] = [Plan()]
    private var width = 0
    // By state and name: the next state, or -1.
    private var transitions: [Int32] = []
    // By state and name: the slots that take the attribute's value; a count of -1 for an attribute that is not read.
    private var attributes: [Stretch] = []

    // A state while paths are collected.
    private struct Plan: Sendable {
        var scopes: [Int32] = []
        var textSlots: [Int32] = []
        var hasRows = false
        // Whether its text belongs to the head of the document.
        var isHead = false
        var path: [ElementName] = []
        var children: [ElementName: Int] = [:]
        var attributes: [ElementName: [Int32]] = [:]
    }

    init(_ program: MappingProgram) {
        for scope in program.scopes.indices.dropFirst() {
            let plan = plan(at: program.scopes[scope].path)
            plans[plan].scopes.append(Int32(scope))
            plans[plan].hasRows = plans[plan].hasRows || program.scopes[scope].isRow
        }
        for (slot, plan) in program.slots.enumerated() {
            switch plan.source {
            case .text(let path):
                let number = self.plan(at: path)
                plans[number].textSlots.append(Int32(slot))
                plans[number].isHead = plans[number].isHead || plan.scope == 0
            case .attribute(let path, let name):
                plans[self.plan(at: path)].attributes[name, default: []].append(Int32(slot))
            case .column, .filledColumn, .preamble: break
            }
        }
    }

    private mutating func plan(at path: [ElementName]) -> Int {
        var current = 0
        for (index, name) in path.enumerated() {
            if let next = plans[current].children[name] {
                current = next
                continue
            }
            plans.append(Plan(path: Array(path[...index])))
            plans[current].children[name] = plans.count - 1
            current = plans.count - 1
        }
        return current
    }

    /// Lays out the tables for the ids that names have in a reader; `names` are interned there in this order.
    mutating func bind(to reader: inout XMLReader, _ names: inout [ElementName]) {
        func id(_ name: ElementName) -> Int {
            let before = reader.nameCount
            let id = reader.intern(namespace: name.namespace, local: name.local).index
            if reader.nameCount > before { names.append(name) }
            return id
        }
        for plan in plans {
            for name in plan.children.keys { _ = id(name) }
            for name in plan.attributes.keys { _ = id(name) }
        }
        width = reader.nameCount
        transitions = Array(repeating: -1, count: plans.count * width)
        attributes = Array(repeating: Stretch(start: 0, count: -1), count: plans.count * width)
        parents = Array(repeating: -1, count: plans.count)
        for (index, plan) in plans.enumerated() {
            for next in plan.children.values { parents[next] = Int32(index) }
            states.append(
                State(
                    scopes: Self.add(plan.scopes, to: &scopes), textSlots: Self.add(plan.textSlots, to: &slots),
                    hasAttributes: !plan.attributes.isEmpty,
                    isPlainText: plan.scopes.isEmpty && !plan.textSlots.isEmpty && !plan.isHead,
                    hasRows: plan.hasRows))
            paths.append(plan.path)
            for (name, next) in plan.children { transitions[index * width + id(name)] = Int32(next) }
            for (name, taking) in plan.attributes {
                attributes[index * width + id(name)] = Self.add(taking, to: &slots)
            }
        }
        plans = []
    }

    private static func add(_ numbers: [Int32], to list: inout [Int32]) -> Stretch {
        defer { list += numbers }
        return Stretch(start: Int32(list.count), count: Int32(numbers.count))
    }

    /// The state of the element around.
    @inline(__always)
    func parent(_ state: Int) -> Int { Int(parents[state]) }

    /// The state of a child element, or -1.
    @inline(__always)
    func next(_ state: Int, _ name: XMLNameID) -> Int {
        name.index < width ? Int(transitions[state &* width &+ name.index]) : -1
    }

    /// The slots that take an attribute's value; nil for an attribute that the mapping does not read.
    @inline(__always)
    func slots(_ state: Int, attribute name: XMLNameID) -> Stretch? {
        guard name.index < width else { return nil }
        let found = attributes[state &* width &+ name.index]
        return found.count < 0 ? nil : found
    }
}
