import CanonicalRecords
import Findings
import XMLFilings

/// The values of the elements that are open in an XML filing, by slot; they are kept in the block in progress.
///
/// What the open scopes may hold is bounded, whatever the size of the document. A block can end at any row: what belongs to
/// scopes that are still open is carried over to the next one.
struct FilingRows: ~Copyable {
    private struct OpenRow {
        var number: Int
        var place: SourcePlace
    }

    private struct Carried {
        var slot: Int
        var bytes: [UInt8]
        var place: SourcePlace
        var value: RawValue
    }

    private(set) var isOverfull = false
    private let slotOwners: [Int32]
    private let slotsOfScope: [[Int]]
    private let keepsAll: [Bool]
    private let fieldSize: Int
    private let budget: Int
    // By slot: the first and the last of its values in the block.
    private var heads: PlainArray<Int32>
    private var tails: PlainArray<Int32>
    private var open: [Int] = []
    private var openRows: [OpenRow] = []
    private var rowCount = 0
    // What the block held when the outermost scope began.
    private var bytesBefore = 0
    private var valuesBefore = 0
    private var carried: [Carried] = []
    // What a value costs besides its bytes.
    private static let valueCost = 64

    init(_ program: MappingProgram, limits: ConversionLimits) {
        slotOwners = program.slots.map { Int32($0.scope) }
        slotsOfScope = program.scopes.indices.map { scope in
            program.slots.indices.filter { program.slots[$0].scope == scope }
        }
        let repeated = program.repeatedSlots
        keepsAll = program.slots.indices.map { repeated.contains($0) }
        fieldSize = limits.fieldSize
        budget = 4 * limits.recordSize
        heads = PlainArray(capacity: program.slots.count)
        heads.append(repeating: -1, count: program.slots.count)
        tails = PlainArray(capacity: program.slots.count)
        tails.append(repeating: -1, count: program.slots.count)
    }

    /// Whether an instance of some scope is open.
    var isInScope: Bool { !open.isEmpty }

    /// Whether a slot has a value.
    func has(_ slot: Int) -> Bool { heads[slot] >= 0 }

    /// The value of a slot.
    func value(_ slot: Int, in block: borrowing RowBlock) -> [UInt8]? {
        guard heads[slot] >= 0 else { return nil }
        let value = block.values[Int(heads[slot])]
        return block.bytes.bytes.extracting(Int(value.start)..<Int(value.end)).withUnsafeBufferPointer { Array($0) }
    }

    /// Begins an instance of a scope.
    mutating func begin(
        _ scope: Int, isRow: Bool, collectsMessages: Bool, at place: SourcePlace, in block: inout RowBlock
    ) {
        if open.isEmpty {
            isOverfull = false
            bytesBefore = block.bytes.count
            valuesBefore = block.values.count
        }
        for slot in slotsOfScope[scope] {
            heads[slot] = -1
            tails[slot] = -1
        }
        open.append(scope)
        if collectsMessages { block.events.append(RowEvent(kind: .begin, number: Int32(scope))) }
        guard isRow else { return }
        rowCount += 1
        openRows.append(OpenRow(number: rowCount, place: place))
        block.firstOffset = min(block.firstOffset, place.offset)
    }

    /// Notes that an instance of a nested scope, or a row, is complete.
    mutating func complete(_ kind: RowEvent.Kind, _ number: Int, in block: inout RowBlock) {
        let row = openRows.last
        block.events.append(
            RowEvent(
                kind: kind, isOverfull: isOverfull, number: Int32(number), heads: Int32(block.heads.count),
                row: row?.number ?? 0, place: row?.place ?? .start))
        block.heads.append(heads.span)
    }

    /// Ends the innermost scope.
    mutating func end(isRow: Bool) {
        open.removeLast()
        if isRow { openRows.removeLast() }
    }

    /// Adds a value to a slot. Of slots that give single values two are kept: the second shows that there are several.
    mutating func add(
        _ bytes: Span<UInt8>, to slot: Int, at place: SourcePlace, isTooLong: Bool, isOriginal: Bool,
        in block: inout RowBlock
    ) {
        let head = Int(heads[slot])
        let owner = slotOwners[slot]
        if head >= 0, owner == 0 || !keepsAll[slot] && block.values[head].next >= 0 { return }
        let isTooLong = isTooLong || bytes.count > fieldSize
        let cost = block.bytes.count - bytesBefore + (block.values.count - valuesBefore) * Self.valueCost
        guard cost + bytes.count <= budget else {
            isOverfull = true
            return
        }
        let start = block.bytes.count
        if !isTooLong { block.bytes.append(bytes) }
        let index = Int32(block.values.count)
        block.values.append(
            RawValue(
                start: Int32(start), end: Int32(block.bytes.count), isTooLong: isTooLong, isOriginal: isOriginal))
        block.places.append(place)
        if head < 0 { heads[slot] = index } else { block.values[Int(tails[slot])].next = index }
        tails[slot] = index
    }

    // MARK: The end of a block

    /// Ends a block: notes what its successor needs of it.
    mutating func endBlock(_ block: inout RowBlock) {
        block.isOpenEnded = !open.isEmpty
        for slot in 0..<heads.count {
            let isLive = slotOwners[slot] == 0 || open.contains(Int(slotOwners[slot]))
            var index = isLive ? Int(heads[slot]) : -1
            while index >= 0 {
                let value = block.values[index]
                let bytes = block.bytes.bytes.extracting(Int(value.start)..<Int(value.end))
                let copy = bytes.withUnsafeBufferPointer { Array($0) }
                carried.append(Carried(slot: slot, bytes: copy, place: block.places[index], value: value))
                index = Int(value.next)
            }
            heads[slot] = -1
            tails[slot] = -1
        }
    }

    /// Begins a block.
    mutating func beginBlock(_ block: inout RowBlock) {
        bytesBefore = 0
        valuesBefore = 0
        for one in carried {
            let index = Int32(block.values.count)
            let start = Int32(block.bytes.count)
            block.bytes.append(one.bytes)
            var value = one.value
            (value.start, value.end, value.next) = (start, Int32(block.bytes.count), -1)
            block.values.append(value)
            block.places.append(one.place)
            if !value.isOriginal { block.firstOffset = min(block.firstOffset, one.place.offset) }
            if heads[one.slot] < 0 { heads[one.slot] = index } else { block.values[Int(tails[one.slot])].next = index }
            tails[one.slot] = index
        }
        carried.removeAll(keepingCapacity: true)
        for row in openRows { block.firstOffset = min(block.firstOffset, row.place.offset) }
    }
}
