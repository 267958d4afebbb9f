/// The parts of a program that run for every row, each in a place of its own: handing one over copies nothing.
struct FrozenProgram: Sendable {
    /// By entry.
    let entries: [Frozen<EntryPlan>]
    /// By entry.
    let steps: [[Frozen<FieldStep>]]
    /// By nested plan.
    let nestedSteps: [[Frozen<FieldStep>]]

    init(_ program: MappingProgram) {
        entries = program.entries.map(Frozen.init)
        steps = program.entries.map { $0.steps.map(Frozen.init) }
        nestedSteps = program.nested.map { $0.steps.map(Frozen.init) }
    }
}

/// A value that never changes, shared by reference.
final class Frozen<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
