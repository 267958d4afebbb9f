/// A program in the form in which it runs for every row: plain values in flat arrays, so that taking one step copies and
/// counts nothing.
final class ProgramCode: Sendable {
    let program: MappingProgram
    /// All steps; ``StepCode/step`` counts in here.
    let steps: [FieldStep]
    let codes: [StepCode]
    /// By code: what is needed to copy its field from the memo.
    let shortcuts: [Shortcut]
    let entries: [EntryCode]
    /// The same entries, taken without counting.
    let pinnedEntries: [Pinned<EntryCode>]
    /// By scope: its entries, as a range of ``scopeEntries``.
    let scopes: [Range<Int>]
    let scopeEntries: [Int]
    /// By nested plan: its codes.
    let nested: [Range<Int>]
    /// Of steps that write several messages: the codes of each; ``StepCode/argument`` counts in here.
    let groups: [[Range<Int>]]
    /// Slots of all lists of alternatives, one list behind the other.
    let slots: [Int32]
    /// The parts of all joins, as lists of alternatives.
    let parts: [SlotList]
    /// Record types that are referred to by a key of one part; ``StepCode/argument`` counts in here.
    let keyTypes: [String]
    /// For filings in XML; a roster's has nothing in it.
    let filing: FilingPlan
    /// The tables of lookups, kept for the codes that refer to them.
    let lookups: [Frozen<LookupPlan>]

    init(_ program: MappingProgram) {
        self.program = program
        var build = Builder(program)
        let ranges = program.entries.map { build.add($0.steps) }
        nested = program.nested.map { build.add($0.steps) }
        steps = build.steps
        for (entry, range) in ranges.enumerated() {
            for step in program.payloadSteps(of: entry) { build.codes[range.lowerBound + step].isNoted = true }
        }
        codes = build.codes
        groups = build.groups
        slots = build.slots
        parts = build.parts
        keyTypes = build.keyTypes
        lookups = build.lookups
        filing = FilingPlan(program)
        shortcuts = codes.map { Shortcut($0, build) }
        entries = ranges.enumerated().map { EntryCode($1, $0, program) }
        pinnedEntries = entries.map { Pinned($0) }
        var scopeEntries: [Int] = []
        scopes = program.scopes.map {
            scopeEntries += $0.entries
            return scopeEntries.count - $0.entries.count..<scopeEntries.count
        }
        self.scopeEntries = scopeEntries
    }
}

/// An entry of `gives`.
final class EntryCode: Sendable {
    let plan: EntryPlan
    let codes: Range<Int>
    /// The tag of the record's body as written, lowest byte first, and how many bytes it has.
    let bodyTag: UInt32
    let bodyTagSize: Int32
    let hasConditions: Bool
    let hasDeleteConditions: Bool
    let crossCheck: CrossCheckPlan?
    /// The columns or paths that are kept by name, and how the fields of those begin.
    let extensionSlots: [Int]
    let extensionHeads: ExtensionHeads
    /// Whether every column is kept that no field reads.
    let keepsRest: Bool
    /// Of its codes: those whose payloads are asked for.
    let noted: [Int]
    let keyCount: Int
    /// From when its records hold, where that is the same for all.
    let effectiveConstant: [UInt8]
    /// Where to find from when a record holds.
    let effectiveSlots: [Int]
    let effectiveMachine: ValueMachine?
    /// By index of the program's controls that count the entry: what the record must say.
    let controls: [(index: Int, conditions: [ControlCondition])]

    init(_ codes: Range<Int>, _ number: Int, _ program: MappingProgram) {
        plan = program.entries[number]
        self.codes = codes
        (bodyTag, bodyTagSize) = ProgramCode.tag(field: plan.bodyNumber, type: 2)
        hasConditions = !plan.conditions.isEmpty
        hasDeleteConditions = !plan.deleteConditions.isEmpty
        crossCheck = plan.crossCheck
        keepsRest = if case .rest = plan.extensions { true } else { false }
        let kept = if case .slots(let slots) = plan.extensions { slots } else { [ExtensionSlot]() }
        extensionSlots = kept.map(\.slot)
        var heads = ExtensionHeads()
        for one in kept { heads.append(Array(one.name.utf8)) }
        extensionHeads = heads
        noted = program.payloadSteps(of: number).sorted()
        keyCount = plan.key.count
        switch plan.effective ?? program.effective {
        case nil: (effectiveConstant, effectiveSlots, effectiveMachine) = ([], [], nil)
        case .constant(let bytes): (effectiveConstant, effectiveSlots, effectiveMachine) = (bytes, [], nil)
        case .slots(let slots, let machine):
            (effectiveConstant, effectiveSlots, effectiveMachine) = ([], slots, machine)
        }
        controls = program.controls.enumerated().compactMap { index, control in
            control.entries.firstIndex(of: number).map { (index, control.conditions[$0]) }
        }
    }
}

extension MappingProgram {
    /// The steps of an entry whose payloads are asked for when all are written.
    fileprivate func payloadSteps(of entry: Int) -> Set<Int> {
        let plan = entries[entry]
        var asked = Set(plan.key)
        if let check = plan.crossCheck {
            asked.formUnion([check.identityNumber, check.birthDate, check.sex].compactMap { $0 })
        }
        for control in controls {
            guard let at = control.entries.firstIndex(of: entry) else { continue }
            asked.formUnion(control.conditions[at].map(\.step))
        }
        return asked
    }
}

/// Alternatives: the first of these slots that the document has counts.
struct SlotList: BitwiseCopyable, Sendable {
    var start: Int32
    var count: Int32
}

/// One step.
struct StepCode: BitwiseCopyable, Sendable {
    enum Operation: UInt8, BitwiseCopyable, Sendable {
        /// One value of the document, converted by a machine.
        case value
        /// One value of the document, looked up in a table.
        case lookup
        case join
        case constant
        case keyOf
        /// The id of a record whose key is one value of the document, or several that are joined.
        case reference, joinedReference
        /// Anything else; see the step's source.
        case other
    }

    var operation: Operation
    var isText: Bool
    var isDouble: Bool
    var keepsZero: Bool
    var isRepeated: Bool
    var is32Bit: Bool
    /// Whether the machine leaves clean text as it is.
    var isPlainText = false
    /// Whether what is written is asked for again: for a key, a control, or to be held against an identity number.
    var isNoted = false
    /// What stands between the parts of a join, when that is one byte.
    var separator: UInt8 = 0
    /// The field's tag as written, lowest byte first, and how many bytes it has.
    var tag: UInt32
    var tagSize: Int32
    /// The slots of the value. Of a join, the parts: as slots where there are no alternatives, otherwise as lists of them.
    var slots = SlotList(start: 0, count: 0)
    /// Whether the slots are lists of alternatives. Of a join in an XML filing they always are: in CSV, no part has a second
    /// value to look for.
    var hasAlternatives = false
    /// Of a join: how many of its first parts repeat the value above where their cells are blank.
    var repeatedParts: UInt8 = 0
    /// Of a join: at which of its parts the parts of a later join begin that ends as it does; -1 for none.
    var tailPart: Int32 = -1
    /// Of such a later join: the step of the one that has its text at the end; -1 for none.
    var tailOf: Int32 = -1
    /// The entry of `keyOf`, or the list of groups.
    var argument: Int32 = 0
    var step: Int32
    var machine: Pinned<ValueMachine>
    var table: Pinned<Frozen<LookupPlan>>?
}

/// What is needed of a code to copy its field from the memo; most fields are.
struct Shortcut: BitwiseCopyable, Sendable {
    /// The slot of the value; -1 where this code has no shortcut.
    var slot: Int32
    var step: Int32
    var isNoted: Bool
    /// Whether nothing is to be written, and nothing to be told, where the value is empty.
    var passesEmpty: Bool
}

extension Shortcut {
    fileprivate init(_ code: StepCode, _ build: ProgramCode.Builder) {
        let isOneValue = code.operation == .value || code.operation == .lookup
        let plan = build.steps[Int(code.step)]
        slot = isOneValue && code.slots.count == 1 ? build.slots[Int(code.slots.start)] : -1
        step = code.step
        isNoted = code.isNoted
        passesEmpty = plan.fallback == nil && !plan.isRequired
    }
}

/// A value that never changes, shared by reference.
final class Frozen<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}

extension ProgramCode {
    fileprivate struct Builder {
        // By slot: whether blank cells repeat the value above.
        let repeats: [Bool]
        // Whether a slot may have several values.
        let hasSeveralValues: Bool
        var steps: [FieldStep] = []
        var codes: [StepCode] = []
        var groups: [[Range<Int>]] = []
        var slots: [Int32] = []
        var parts: [SlotList] = []
        var keyTypes: [String] = []
        var lookups: [Frozen<LookupPlan>] = []

        init(_ program: MappingProgram) {
            hasSeveralValues = program.format == .xml
            repeats = program.slots.map { if case .filledColumn = $0.source { true } else { false } }
        }

        // Codes of one list stand together, so those of inner lists come first.
        mutating func add(_ list: [FieldStep]) -> Range<Int> {
            var made: [StepCode] = []
            for step in list { made.append(code(step)) }
            for index in made.indices where made[index].operation == .join { findTail(index, in: &made) }
            codes += made
            return codes.count - made.count..<codes.count
        }

        private mutating func code(_ step: FieldStep) -> StepCode {
            let (tag, size) = Self.tag(step)
            var code = StepCode(
                operation: .other, isText: step.wire == .text, isDouble: step.wire == .double,
                keepsZero: step.keepsZero,
                isRepeated: step.isRepeated, is32Bit: step.is32Bit, tag: tag, tagSize: size,
                step: Int32(steps.count), machine: Pinned(step.machine))
            code.isPlainText = step.machine.keepsCleanText
            steps.append(step)
            if let lookup = step.lookup {
                let frozen = Frozen(lookup)
                lookups.append(frozen)
                code.table = Pinned(frozen)
            }
            switch step.source {
            case .slots(let slots):
                code.slots = list(slots)
                if !step.isRepeated { code.operation = step.lookup == nil ? .value : .lookup }
            case .join(let alternatives, let separator) where separator.count == 1 && step.lookup == nil:
                code.operation = .join
                join(alternatives, separator[0], &code)
            case .constant: code.operation = .constant
            case .keyOf(let entry):
                code.operation = .keyOf
                code.argument = Int32(entry)
            case .groups(let inner):
                let ranges = inner.map { add($0) }
                code.argument = Int32(groups.count)
                groups.append(ranges)
            case .identity(let type, let parts): refer(type, parts, &code)
            case .join, .split, .nested: break
            }
            return code
        }

        // A place is joined for its id, and its last parts once more for its name: they need not be joined twice.
        private func findTail(_ index: Int, in made: inout [StepCode]) {
            let tail = made[index]
            guard !tail.hasAlternatives, tail.isPlainText, tail.isText else { return }
            for earlier in made.indices.prefix(index).reversed() {
                let whole = made[earlier]
                guard whole.operation == .join || whole.operation == .joinedReference, !whole.hasAlternatives,
                    whole.separator == tail.separator, whole.slots.count >= tail.slots.count
                else { continue }
                let part = whole.slots.count - tail.slots.count
                guard self[whole.slots].dropFirst(Int(part)).elementsEqual(self[tail.slots]),
                    whole.tailPart < 0 || whole.tailPart == part
                else { continue }
                made[earlier].tailPart = part
                made[index].tailOf = whole.step
                return
            }
        }

        private subscript(list: SlotList) -> ArraySlice<Int32> { slots[Int(list.start)...].prefix(Int(list.count)) }

        private mutating func join(_ alternatives: [[Int]], _ separator: UInt8, _ code: inout StepCode) {
            code.separator = separator
            code.isPlainText = code.isPlainText && separator > 0x20 && separator < 0x7F
            code.hasAlternatives = hasSeveralValues || alternatives.contains { $0.count != 1 }
            guard code.hasAlternatives else {
                code.slots = list(alternatives.flatMap { $0 })
                code.repeatedParts = UInt8(
                    alternatives.prefix(JoinPrefix.mostParts).prefix { repeats[$0[0]] }.count)
                return
            }
            let lists = alternatives.map { list($0) }
            code.slots = SlotList(start: Int32(parts.count), count: Int32(lists.count))
            parts += lists
        }

        private mutating func refer(_ type: String, _ key: [KeyPartPlan], _ code: inout StepCode) {
            guard key.count == 1, key[0].lookup == nil, !code.isRepeated else { return }
            code.isPlainText = key[0].machine.keepsCleanText
            switch key[0].source {
            case .slots(let slots):
                code.operation = .reference
                code.slots = list(slots)
            case .join(let alternatives, let separator) where separator.count == 1:
                code.operation = .joinedReference
                join(alternatives, separator[0], &code)
            default: return
            }
            code.machine = Pinned(key[0].machine)
            code.argument = Int32(keyTypes.count)
            keyTypes.append(type)
        }

        private mutating func list(_ alternatives: [Int]) -> SlotList {
            let start = slots.count
            slots += alternatives.map(Int32.init)
            return SlotList(start: Int32(start), count: Int32(alternatives.count))
        }

        private static func tag(_ step: FieldStep) -> (UInt32, Int32) {
            let type: UInt32 =
                switch step.wire {
                case .text, .message: 2
                case .double: 1
                case .varint: 0
                }
            return ProgramCode.tag(field: step.number, type: type)
        }
    }

    // A tag as written, lowest byte first, and how many bytes it has: three at most, for no field of the schema is numbered
    // above 262,143, so that a zero byte can be written along with it.
    fileprivate static func tag(field number: Int, type: UInt32) -> (UInt32, Int32) {
        precondition(number < 1 << 18, "The tag of field \(number) is too long")
        var rest = UInt32(number) << 3 | type
        var tag: UInt32 = 0
        var size: Int32 = 0
        while rest >= 0x80 {
            tag |= (rest & 0x7F | 0x80) << UInt32(size * 8)
            size += 1
            rest >>= 7
        }
        return (tag | rest << UInt32(size * 8), size + 1)
    }
}
