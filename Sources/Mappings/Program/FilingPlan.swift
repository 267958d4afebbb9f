import XMLFilings

/// What reading any filing of a mapping needs, made once: most filings are small.
final class FilingPlan: Sendable {
    let automaton: PathAutomaton
    /// Slots of the head of the document that records need.
    let headSlots: Set<Int>
    /// Slots that keep all their values.
    let repeatedSlots: Set<Int>
    /// By slot: the scopes within its own that read it.
    let innerReaders: [[Int]]
    /// By slot: for each value that is read for records, the slots of the same scope that are preferred to it.
    let preferences: [[[Int]]]
    /// By nested plan: a range with all slots that it reads.
    let nestedSlots: [Range<Int>]
    /// Interned in this order, names have the ids that the automaton knows them by.
    private let names: [ElementName]
    private let root: ElementName

    init(_ program: MappingProgram) {
        root = program.reads.root ?? ElementName(namespace: "", local: "")
        var reader = XMLReader()
        _ = reader.intern(namespace: root.namespace, local: root.local)
        var automaton = PathAutomaton(program)
        var names: [ElementName] = []
        automaton.bind(to: &reader, &names)
        self.automaton = automaton
        self.names = names
        headSlots = program.headSlotsOfRecords
        repeatedSlots = program.repeatedSlots
        innerReaders = program.innerReaders
        preferences = program.preferences
        nestedSlots = program.nestedSlots
    }

    /// Gives a reader that has not begun the names; the id of the root element's.
    func introduce(to reader: inout XMLReader) -> XMLNameID {
        let id = reader.intern(namespace: root.namespace, local: root.local)
        for name in names { _ = reader.intern(namespace: name.namespace, local: name.local) }
        return id
    }
}
