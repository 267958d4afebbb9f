import Findings

/// The values that a document says once, for all of its records.
struct HeaderValues: Sendable {
    /// By the mapping's `header`: the value, normalised.
    private(set) var texts: [String?]
    // By the mapping's `header`: what was noticed; a number says no more of itself that it is about so many.
    private var issues: [ValueIssues]

    init(_ program: MappingProgram) {
        texts = Array(repeating: nil, count: program.headers.count)
        issues = Array(repeating: [], count: program.headers.count)
    }

    /// The value as a number that is declared; nil where it is none.
    func number(_ index: Int) -> DeclaredNumber? {
        texts[index].flatMap { DeclaredNumber(Array($0.utf8).span, issues[index]) }
    }

    /// Reads the values that were not there before.
    ///
    /// - Parameter value: The raw value of a slot, where the document has one so far.
    mutating func read(_ program: MappingProgram, into summary: inout ConversionSummary, value: (Int) -> [UInt8]?) {
        for (index, plan) in program.headers.enumerated() where texts[index] == nil {
            guard let raw = value(plan.slot) else { continue }
            var text: [UInt8] = []
            let outcome = plan.machine.convert(raw.span, into: &text)
            switch outcome.result {
            case .text: texts[index] = String(decoding: text, as: UTF8.self)
            case .number: texts[index] = String(outcome.number)
            case .empty, .nullWord, .rejected: continue
            }
            issues[index] = outcome.issues
            summary.header[plan.name] = texts[index]
        }
        guard case .snapshot = program.delivery, missingScope(program) == nil else { return }
        summary.snapshotScope = program.id + (program.snapshotScope.map { "/" + (texts[$0] ?? "") } ?? "")
    }

    /// What rejects a snapshot whose scope is not known (yet).
    func missingScope(_ program: MappingProgram) -> Finding? {
        guard let index = program.snapshotScope, texts[index] == nil else { return nil }
        let name = program.slots[program.headers[index].slot].name
        return Finding(.mappingScopeMissing, field: name, arguments: [name])
    }
}
