import Findings
import TextEncodings
import XMLFilings

/// The values of the elements that are open in an XML filing, by slot.
///
/// Values live in one arena. A scope's values are forgotten when it ends, unless a scope around it took some meanwhile;
/// so the arena holds no more than the open scopes, whatever the size of the document.
struct FilingRows: RowValues, ~Copyable {
    private struct Value {
        var start: Int
        var end: Int
        var next: Int
        var place: SourcePlace
        var isTooLong: Bool
        /// The place is that in the document as filed already.
        var isOriginal: Bool
    }

    private struct OpenScope {
        var scope: Int
        var arena: Int
        var values: Int
        /// A scope around this one took a value meanwhile.
        var isPinned = false
    }

    var text: DocumentText
    var row = 0
    private var place = SourcePlace.start
    private(set) var isOverfull = false
    private let slots: [SlotPlan]
    private let slotsOfScope: [[Int]]
    private let keepsAll: [Bool]
    private let fieldSize: Int
    private let budget: Int
    private var heads: [Int]
    private var tails: [Int]
    private var values: [Value] = []
    private var arena: [UInt8] = []
    private var open: [OpenScope] = []
    private var openRows: [(row: Int, place: SourcePlace)] = []
    private var rowCount = 0
    // What a value costs besides its bytes.
    private static let valueCost = 64

    init(_ program: MappingProgram, encoding: TextEncoding, limits: ConversionLimits) {
        text = DocumentText(encoding: encoding)
        slots = program.slots
        slotsOfScope = program.scopes.indices.map { scope in
            program.slots.indices.filter { program.slots[$0].scope == scope }
        }
        let repeated = program.repeatedSlots
        keepsAll = program.slots.indices.map { repeated.contains($0) }
        fieldSize = limits.fieldSize
        budget = 4 * limits.recordSize
        heads = Array(repeating: -1, count: program.slots.count)
        tails = heads
    }

    /// Whether an instance of some scope is open.
    var isInScope: Bool { !open.isEmpty }

    /// The offset in the text of the oldest place that can still be asked for.
    var oldestPlace: Int {
        let value = values.first { !$0.isOriginal }
        return min(openRows.first?.place.offset ?? .max, value?.place.offset ?? .max)
    }

    /// Begins an instance of a scope.
    mutating func begin(_ scope: Int, isRow: Bool, at place: SourcePlace) {
        if open.isEmpty { isOverfull = false }
        for slot in slotsOfScope[scope] {
            heads[slot] = -1
            tails[slot] = -1
        }
        open.append(OpenScope(scope: scope, arena: arena.count, values: values.count))
        guard isRow else { return }
        rowCount += 1
        openRows.append((rowCount, place))
        row = rowCount
        self.place = place
    }

    /// Ends the innermost scope.
    mutating func end(isRow: Bool) {
        let scope = open.removeLast()
        if !scope.isPinned {
            arena.removeSubrange(scope.arena...)
            values.removeSubrange(scope.values...)
        }
        guard isRow else { return }
        openRows.removeLast()
        if let around = openRows.last { (row, place) = around }
    }

    /// Adds a value to a slot. Of slots that give single values two are kept: the second shows that there are several.
    mutating func add(_ bytes: Span<UInt8>, to slot: Int, at place: SourcePlace, isTooLong: Bool) {
        let head = heads[slot]
        let owner = slots[slot].scope
        if head >= 0, owner == 0 || !keepsAll[slot] && values[head].next >= 0 { return }
        let isTooLong = isTooLong || bytes.count > fieldSize
        guard arena.count + bytes.count + values.count * Self.valueCost <= budget else {
            isOverfull = true
            return
        }
        pinScopes(inside: owner)
        let start = arena.count
        if !isTooLong { arena.append(bytes) }
        // Values of the head outlive everything; their places are translated while that is still possible.
        let isOriginal = owner == 0
        values.append(
            Value(
                start: start, end: arena.count, next: -1, place: isOriginal ? text.original(place) : place,
                isTooLong: isTooLong, isOriginal: isOriginal))
        if head < 0 { heads[slot] = values.count - 1 } else { values[tails[slot]].next = values.count - 1 }
        tails[slot] = values.count - 1
    }

    private mutating func pinScopes(inside owner: Int) {
        var index = open.count - 1
        while index >= 0, open[index].scope != owner {
            open[index].isPinned = true
            index -= 1
        }
    }

    // MARK: RowValues

    func first(_ slot: Int) -> Int { heads[slot] }

    func next(_ value: Int) -> Int { values[value].next }

    @_lifetime(borrow self)
    func bytes(_ value: Int) -> Span<UInt8> {
        arena.span.extracting(values[value].start..<values[value].end)
    }

    func isTooLong(_ value: Int) -> Bool { values[value].isTooLong }

    func place(_ value: Int) -> SourcePlace? {
        values[value].isOriginal ? values[value].place : text.original(values[value].place)
    }

    func name(_ slot: Int) -> String { slots[slot].name }

    var restCount: Int { 0 }
    func restName(_ index: Int) -> [UInt8] { [] }
    func restValue(_ index: Int) -> Int { -1 }

    var rowLine: Int { place.line }
    var rowPlace: SourcePlace { text.original(place) }
}
