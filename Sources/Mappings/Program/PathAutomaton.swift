import XMLFilings

/// What to do at each element, decided before the document is read: one state for each path that the mapping knows.
///
/// A step is an index into a table, by state and interned name; names are never compared while reading.
struct PathAutomaton: Sendable {
    /// What happens at the elements of one path.
    struct State: Sendable {
        /// Scopes that begin and end with the element.
        var scopes: [Int] = []
        /// Slots that take its text.
        var textSlots: [Int] = []
        var path: [ElementName] = []
        fileprivate var children: [ElementName: Int] = [:]
        fileprivate var attributes: [ElementName: [Int]] = [:]
    }

    /// State 0 is the root element.
    private(set) var states: [State] = [State()]
    private var width = 0
    // By state and name: the next state, or -1.
    private var transitions: [Int32] = []
    // By state and name: an index into `attributeSlots`, or -1.
    private var attributes: [Int32] = []
    private var attributeSlots: [[Int]] = []

    init(_ program: MappingProgram) {
        for scope in program.scopes.indices.dropFirst() {
            states[state(at: program.scopes[scope].path)].scopes.append(scope)
        }
        for (slot, plan) in program.slots.enumerated() {
            switch plan.source {
            case .text(let path): states[state(at: path)].textSlots.append(slot)
            case .attribute(let path, let name): states[state(at: path)].attributes[name, default: []].append(slot)
            case .column, .filledColumn, .preamble: break
            }
        }
    }

    private mutating func state(at path: [ElementName]) -> Int {
        var current = 0
        for (index, name) in path.enumerated() {
            if let next = states[current].children[name] {
                current = next
                continue
            }
            states.append(State(path: Array(path[...index])))
            states[current].children[name] = states.count - 1
            current = states.count - 1
        }
        return current
    }

    /// Gives every name its id in the reader and lays out the tables.
    mutating func bind(to reader: inout XMLReader) {
        func id(_ name: ElementName) -> Int { reader.intern(namespace: name.namespace, local: name.local).index }
        for state in states {
            for name in state.children.keys { _ = id(name) }
            for name in state.attributes.keys { _ = id(name) }
        }
        width = reader.nameCount
        transitions = Array(repeating: -1, count: states.count * width)
        attributes = transitions
        for (index, state) in states.enumerated() {
            for (name, next) in state.children { transitions[index * width + id(name)] = Int32(next) }
            for (name, slots) in state.attributes {
                attributes[index * width + id(name)] = Int32(attributeSlots.count)
                attributeSlots.append(slots)
            }
        }
    }

    /// The state of a child element, or -1.
    @inline(__always)
    func next(_ state: Int, _ name: XMLNameID) -> Int {
        name.index < width ? Int(transitions[state &* width &+ name.index]) : -1
    }

    /// The slots that take an attribute's value; none for an attribute that the mapping does not read.
    @inline(__always)
    func slots(_ state: Int, attribute name: XMLNameID) -> [Int]? {
        guard name.index < width else { return nil }
        let index = Int(attributes[state &* width &+ name.index])
        return index < 0 ? nil : attributeSlots[index]
    }
}
