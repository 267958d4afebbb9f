import CanonicalRecords
import Findings
import XMLFilings

/// The values of the elements that are open in an XML filing, by slot; they are kept in the block in progress.
///
/// What the open scopes may hold is bounded, whatever the size of the document. A block can end at any row: what belongs to
/// scopes that are still open is carried over to the next one.
///
/// A value that stands in the text literally is noted by where it stands, and the text is put into the block as a whole
/// before the reader drops it (``PendingText``).
struct FilingRows: ~Copyable {
    // Not private: the compiler (6.3) breaks on private types of noncopyable ones that another file destroys.
    struct OpenRow: BitwiseCopyable {
        var number: Int
        var place: SourcePlace
    }

    struct Slot: BitwiseCopyable {
        // The scope that it belongs to.
        var owner: Int32
        // Whether it gives a list.
        var keepsAll: Bool
        // Whether scopes within its own read it.
        var isReadWithin: Bool
    }

    // What to do when a scope begins and ends.
    private struct Scope: BitwiseCopyable {
        var isRow: Bool
        // Whether it collects the messages of nested ones.
        var collectsMessages: Bool
        var slots: PathAutomaton.Stretch
        var nested: PathAutomaton.Stretch
    }

    private struct Carried {
        var slot: Int
        var bytes: [UInt8]
        var place: SourcePlace
        var value: RawValue
    }

    /// Bytes of all values of the block.
    private(set) var valueBytes = 0
    /// The text that the values since the last ``settle(_:in:)`` stand in.
    private(set) var pending = PendingText()
    private(set) var isOverfull = false
    private var slots: PlainArray<Slot>
    private let scopes: [Scope]
    // The slots and nested plans of the scopes.
    private let lists: [Int32]
    // By nested plan: a range with all slots that it reads.
    private let nestedSlots: [Range<Int>]
    private let innerReaders: [[Int]]
    // By scope: the number of its last instance, among all that began.
    private var begun: PlainArray<Int>
    private var beginCount = 0
    private let fieldSize: Int
    private let budget: Int
    // By slot: the first of its values in the block, or -1, and the last one, if there is a first.
    private var heads: PlainArray<Int32>
    private var tails: PlainArray<Int32>
    private var open = PlainArray<Int32>()
    private var openRows = PlainArray<OpenRow>()
    /// How many rows have begun.
    private(set) var rowCount = 0
    // By slot: whether it ever had a value.
    private var met: PlainArray<Bool>
    // What the values cost that were taken since the outermost scope began.
    private var cost = 0
    private var carried: [Carried] = []
    // What a value costs besides its bytes.
    private static let valueCost = 64

    init(_ program: MappingProgram, _ filing: FilingPlan, limits: ConversionLimits) {
        slots = PlainArray(capacity: program.slots.count)
        (scopes, lists) = Self.layOut(program)
        nestedSlots = filing.nestedSlots
        innerReaders = filing.innerReaders
        begun = PlainArray(capacity: scopes.count)
        begun.append(repeating: 0, count: scopes.count)
        for (slot, plan) in program.slots.enumerated() {
            slots.append(
                Slot(
                    owner: Int32(plan.scope), keepsAll: filing.repeatedSlots.contains(slot),
                    isReadWithin: !innerReaders[slot].isEmpty))
        }
        fieldSize = limits.fieldSize
        budget = 4 * limits.recordSize
        heads = PlainArray(capacity: program.slots.count)
        heads.append(repeating: -1, count: program.slots.count)
        tails = PlainArray(capacity: program.slots.count)
        tails.append(repeating: -1, count: program.slots.count)
        met = PlainArray(capacity: program.slots.count)
        met.append(repeating: false, count: program.slots.count)
    }

    private static func layOut(_ program: MappingProgram) -> ([Scope], [Int32]) {
        let parents = Set(program.nested.map(\.parent))
        var lists: [Int32] = []
        func add(_ numbers: [Int]) -> PathAutomaton.Stretch {
            defer { lists += numbers.map { Int32($0) } }
            return PathAutomaton.Stretch(start: Int32(lists.count), count: Int32(numbers.count))
        }
        let scopes = program.scopes.enumerated().map { number, scope in
            Scope(
                isRow: scope.isRow, collectsMessages: parents.contains(number),
                slots: add(program.slots.indices.filter { program.slots[$0].scope == number }),
                nested: add(scope.nested))
        }
        return (scopes, lists)
    }

    /// Whether an instance of some scope is open.
    var isInScope: Bool { open.count > 0 }

    /// Whether a slot has a value.
    func has(_ slot: Int) -> Bool { heads[slot] >= 0 }

    /// Whether a slot belongs to the head of the document.
    @inline(__always)
    func isHead(_ slot: Int) -> Bool { slots[slot].owner == 0 }

    /// Whether scopes within its own read a slot.
    func isReadWithin(_ slot: Int) -> Bool { slots[slot].isReadWithin }

    /// Whether a first value of the slot would come behind what reads it.
    @inline(__always)
    func isLate(_ slot: Int) -> Bool { slots[slot].isReadWithin && heads[slot] < 0 && isRead(slot) }

    private func isRead(_ slot: Int) -> Bool {
        let start = begun[Int(slots[slot].owner)]
        return innerReaders[slot].contains { begun[$0] > start }
    }

    /// The value of a slot; all that was added is settled.
    func value(_ slot: Int, in block: borrowing RowBlock) -> [UInt8]? {
        guard heads[slot] >= 0 else { return nil }
        let value = block.values[Int(heads[slot])]
        return block.bytes.bytes.extracting(Int(value.start)..<Int(value.end)).withUnsafeBufferPointer { Array($0) }
    }

    /// Begins an instance of a scope. The place matters where that is a row.
    mutating func begin(_ scope: Int, at place: SourcePlace, in block: inout RowBlock) {
        if open.count == 0 {
            isOverfull = false
            cost = 0
        }
        let plan = scopes[scope]
        beginCount &+= 1
        begun[scope] = beginCount
        for index in plan.slots.range { heads[Int(lists[index])] = -1 }
        open.append(Int32(scope))
        if plan.collectsMessages { block.events.append(RowEvent(kind: .begin, number: Int32(scope))) }
        guard plan.isRow else { return }
        rowCount += 1
        openRows.append(OpenRow(number: rowCount, place: place))
        block.firstOffset = min(block.firstOffset, place.offset)
    }

    /// Notes that the instance of a scope is complete as what it gives to the records around it.
    mutating func completeNested(of scope: Int, in block: inout RowBlock) {
        for index in scopes[scope].nested.range { complete(.nested, lists[index], in: &block) }
    }

    /// Ends the innermost instance of a scope, unless it is a row: then it is ended by ``endRow(_:in:)``.
    mutating func end(_ scope: Int, in block: inout RowBlock) -> Bool {
        if scopes[scope].isRow { return true }
        open.truncate(to: open.count - 1)
        return false
    }

    /// Ends the innermost row.
    mutating func endRow(_ scope: Int, in block: inout RowBlock) {
        complete(.row, Int32(scope), in: &block)
        open.truncate(to: open.count - 1)
        openRows.truncate(to: openRows.count - 1)
    }

    @inline(__always)
    private mutating func complete(_ kind: RowEvent.Kind, _ number: Int32, in block: inout RowBlock) {
        let listed = kind == .nested ? nestedSlots[Int(number)] : 0..<heads.count
        let row = openRows.count > 0 ? openRows[openRows.count - 1] : OpenRow(number: 0, place: .start)
        block.events.append(
            RowEvent(
                kind: kind, isOverfull: isOverfull, number: number, heads: Int32(block.heads.count - listed.lowerBound),
                row: row.number, place: row.place))
        block.heads.append(count: listed.count) { heads[listed.lowerBound &+ $0] }
    }

    // MARK: Values

    /// Where a value stands: in the pending text, or a place that is known.
    enum Origin {
        case text(Int)
        case known(SourcePlace, isOriginal: Bool)
    }

    /// Has the text from here on kept until it is settled.
    mutating func beginText(at place: SourcePlace) {
        pending.begin(at: place)
    }

    /// Adds a value that stands in the pending text literally. `origin` is the offset of what it is told by.
    @inline(__always)
    mutating func add(
        literal start: Int, _ end: Int, to slot: Int, at origin: Int, in block: inout RowBlock
    ) {
        let count = end &- start
        guard canTake(slot, count, in: block) else { return }
        guard count <= fieldSize else { return addTooLong(to: slot, at: origin, in: &block) }
        if pending.firstValue < 0 { pending.firstValue = block.values.count }
        append(pending.value(start, end, at: origin), to: slot, count, in: &block)
    }

    private mutating func addTooLong(to slot: Int, at origin: Int, in block: inout RowBlock) {
        let start = Int32(block.bytes.count)
        let value = RawValue(start: start, end: start, isTooLong: true)
        append(locate(value, .text(origin), in: &block), to: slot, 0, in: &block)
    }

    /// Adds a value to a slot. Of slots that give single values two are kept: the second shows that there are several.
    mutating func add(
        _ bytes: Span<UInt8>, to slot: Int, at origin: Origin, isTooLong: Bool, in block: inout RowBlock
    ) {
        guard canTake(slot, bytes.count, in: block) else { return }
        let isTooLong = isTooLong || bytes.count > fieldSize
        let start = Int32(block.bytes.count)
        if !isTooLong { block.bytes.append(bytes) }
        let value = RawValue(start: start, end: Int32(block.bytes.count), isTooLong: isTooLong)
        append(locate(value, origin, in: &block), to: slot, isTooLong ? 0 : bytes.count, in: &block)
    }

    @inline(__always)
    private mutating func canTake(_ slot: Int, _ count: Int, in block: borrowing RowBlock) -> Bool {
        let head = Int(heads[slot])
        if head >= 0, slots[slot].owner == 0 || !slots[slot].keepsAll && block.values[head].next >= 0 { return false }
        guard cost &+ count <= budget else {
            isOverfull = true
            return false
        }
        return true
    }

    private mutating func locate(_ value: RawValue, _ origin: Origin, in block: inout RowBlock) -> RawValue {
        var value = value
        switch origin {
        case .text(let offset):
            if pending.firstValue < 0 { pending.firstValue = block.values.count }
            value.origin = pending.relative(offset)
            pending.take(origin: offset)
        case .known(let place, let isOriginal):
            value.origin = block.add(place: place)
            value.isOriginal = isOriginal
        }
        return value
    }

    @inline(__always)
    private mutating func append(_ value: RawValue, to slot: Int, _ count: Int, in block: inout RowBlock) {
        valueBytes &+= count
        cost &+= count &+ Self.valueCost
        let index = Int32(truncatingIfNeeded: block.values.count)
        block.values.append(value)
        if heads[slot] < 0 { heads[slot] = index } else { block.values[Int(tails[slot])].next = index }
        tails[slot] = index
        met[slot] = true
    }

    /// By slot: whether it ever had a value.
    var metSlots: [Bool] { (0..<met.count).map { met[$0] } }

    /// Puts what the values stand in into the block.
    mutating func settle(_ reader: borrowing XMLReader, in block: inout RowBlock) {
        pending.settle(reader, in: &block)
    }

    // MARK: The end of a block

    /// Ends a block in which all is settled: notes what its successor needs of it.
    mutating func endBlock(_ block: inout RowBlock) {
        block.isOpenEnded = isInScope
        for slot in 0..<heads.count {
            let isLive = isHead(slot) || isOpen(slots[slot].owner)
            var index = isLive ? Int(heads[slot]) : -1
            while index >= 0 {
                let value = block.values[index]
                let bytes = block.bytes.bytes.extracting(Int(value.start)..<Int(value.end))
                let copy = bytes.withUnsafeBufferPointer { Array($0) }
                let place = block.place(ofValue: index)?.place ?? .start
                carried.append(Carried(slot: slot, bytes: copy, place: place, value: value))
                index = Int(value.next)
            }
            heads[slot] = -1
        }
    }

    private func isOpen(_ scope: Int32) -> Bool {
        for index in 0..<open.count where open[index] == scope { return true }
        return false
    }

    /// Begins a block.
    mutating func beginBlock(_ block: inout RowBlock) {
        cost = 0
        valueBytes = 0
        // A list that begins with a later slot says where slot 0 would stand: there has to be such a place.
        block.heads.append(repeating: -1, count: heads.count)
        for one in carried {
            let index = Int32(block.values.count)
            let start = Int32(block.bytes.count)
            block.bytes.append(one.bytes)
            valueBytes += one.bytes.count
            cost += one.bytes.count + Self.valueCost
            var value = one.value
            (value.start, value.end, value.next) = (start, Int32(block.bytes.count), -1)
            value.origin = block.add(place: one.place)
            block.values.append(value)
            if !value.isOriginal { block.firstOffset = min(block.firstOffset, one.place.offset) }
            if heads[one.slot] < 0 { heads[one.slot] = index } else { block.values[Int(tails[one.slot])].next = index }
            tails[one.slot] = index
        }
        carried.removeAll(keepingCapacity: true)
        for index in 0..<openRows.count { block.firstOffset = min(block.firstOffset, openRows[index].place.offset) }
    }
}
