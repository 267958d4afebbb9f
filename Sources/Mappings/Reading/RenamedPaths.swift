/// Tells which paths of a mapping a source may have renamed: a document of many rows never has them, and has something in
/// their place that nobody reads.
///
/// What is missing says little by itself, since many elements are rare; so does what nobody reads. Together they are what a
/// renamed element looks like. Names are compared without their namespaces.
struct RenamedPaths {
    /// Fewer rows than this tell little about what a form has.
    static let tellingRows = 100
    private static let shownNames = 5

    private let program: MappingProgram
    private let wasMet: (Int) -> Bool
    // The paths of elements that were there, as far as the mapping knows them; the root element is the empty one.
    private var known: Set<[String]> = [[]]
    // By the path of an element: what is in it that nobody reads.
    private var unread: [[String]: [String]] = [:]

    /// - Parameters:
    ///   - unmapped: Paths of what nobody reads, as ``UnmappedNames`` tells them.
    ///   - wasMet: Whether a slot ever had a value.
    init(_ program: MappingProgram, unmapped: [String], wasMet: @escaping (Int) -> Bool) {
        self.program = program
        self.wasMet = wasMet
        for slot in program.slots.indices where wasMet(slot) { see(Self.element(program.slots[slot].source)) }
        for path in unmapped {
            let element = path.split(separator: "/").dropLast().map(String.init)
            unread[element, default: []].append(path)
            see(element)
        }
    }

    /// What is missing, and what there is in its place.
    var suspects: [(missing: MappingProgram.MissingInput, others: [String])] {
        program.missingInputs(exists: wasMet).compactMap { missing in
            var others: [String] = []
            for slot in missing.slots {
                for other in replacements(of: program.slots[slot].source) where !others.contains(other) {
                    others.append(other)
                }
            }
            return others.isEmpty ? nil : (missing, Array(others.prefix(Self.shownNames)))
        }
    }

    // An attribute in place of an attribute, an element in place of an element. Where the element around them is not there
    // either, that is what may have been renamed.
    private func replacements(of source: SlotSource) -> [String] {
        var path = Self.element(source)
        var isAttribute = if case .attribute = source { true } else { false }
        while !known.contains(path) {
            path.removeLast()
            isAttribute = false
        }
        return (unread[path] ?? []).filter { $0.contains("@") == isAttribute }
    }

    private mutating func see(_ path: [String]) {
        for length in 0...path.count { known.insert(Array(path[..<length])) }
    }

    private static func element(_ source: SlotSource) -> [String] {
        switch source {
        case .text(let path), .attribute(let path, _): path.map(\.local)
        case .column, .filledColumn, .preamble: []
        }
    }
}
