import XMLFilings

/// The elements and attributes of a document that its mapping does not read, each once.
struct UnmappedNames: Sendable {
    /// Paths from the root element, in order of first sight.
    private(set) var paths: [String] = []
    // By state: the ids that were seen, so that most calls are one look into a table.
    private var elements: [[Bool]] = []
    private var attributes: [[Bool]] = []
    private static let limit = 1_000
    private static let idLimit = 4_096

    mutating func note(
        element name: XMLNameID, in state: Int, _ automaton: PathAutomaton, _ reader: borrowing XMLReader
    ) {
        guard Self.isFirst(name, state, &elements), paths.count < Self.limit else { return }
        paths.append(Self.path(automaton.paths[state], reader.local(of: name)))
    }

    mutating func note(
        attribute name: XMLNameID, in state: Int, _ automaton: PathAutomaton, _ reader: borrowing XMLReader
    ) {
        guard Self.isFirst(name, state, &attributes), paths.count < Self.limit else { return }
        paths.append(Self.path(automaton.paths[state], "@" + reader.local(of: name)))
    }

    private static func isFirst(_ name: XMLNameID, _ state: Int, _ seen: inout [[Bool]]) -> Bool {
        guard name.index < idLimit else { return false }
        while seen.count <= state { seen.append([]) }
        if name.index < seen[state].count {
            guard !seen[state][name.index] else { return false }
        } else {
            seen[state] += Array(repeating: false, count: name.index + 1 - seen[state].count)
        }
        seen[state][name.index] = true
        return true
    }

    private static func path(_ path: [ElementName], _ last: String) -> String {
        (path.map(\.local) + [last]).joined(separator: "/")
    }
}
