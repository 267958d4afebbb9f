import CSVRosters
import CanonicalRecords
import Findings

/// Puts the rows of a CSV roster into blocks: the row as it is written, and where in it the values of each slot are.
struct RosterRows: ~Copyable, Sendable {
    private(set) var header: CSVHeader?
    private(set) var row = 0
    /// The columns that nothing reads.
    private(set) var unmapped: [String] = []
    private(set) var names: [String]
    /// What there is to say about the values above the header.
    private(set) var findings: [Finding] = []
    private let slots: [SlotPlan]
    // By slot, and behind those by column that is kept: the column, or -1.
    private var columns: PlainArray<Int32>
    // How many columns the header has.
    private var width = 0
    // The values that stand above the header, by slot, and where they are in the block: each row has them behind its own.
    private var preamble: [(slot: Int, value: [UInt8], place: SourcePlace)] = []
    private var preambleValues: [RawValue] = []
    // Columns whose blank cells repeat the last value above.
    private var filled: [FilledColumn] = []
    private var restHeads = ExtensionHeads()

    // By such a column: what its blank cells have now.
    private var lasts = PlainArray<LastValue>(capacity: 4)

    private struct FilledColumn: Sendable {
        var slot: Int
        // The last value of the block before.
        var value: [UInt8] = []
    }

    struct LastValue: BitwiseCopyable {
        var column: Int32
        // Of the block in progress. It has no place of its own.
        var value: RawValue
    }

    init(_ mapping: Mapping) {
        slots = mapping.program.slots
        names = slots.map(\.name)
        columns = PlainArray(capacity: slots.count)
        columns.append(repeating: -1, count: slots.count)
    }

    /// Finds the columns of all slots.
    ///
    /// - Parameter original: What a place in the text is in the document as filed.
    mutating func bind(_ header: CSVHeader, _ program: MappingProgram, original: (SourcePlace) -> SourcePlace) {
        self.header = header
        width = header.columns.count
        let head = Preamble(header.preamble, labels: slots.compactMap(\.source.label))
        for index in slots.indices {
            switch slots[index].source {
            case .column(let name): bindColumn(index, header.column(named: name))
            case .filledColumn(let name):
                bindColumn(index, header.column(named: name))
                // Findings name it as the mapping does.
                names[index] = slots[index].name
                if columns[index] >= 0 { filled.append(FilledColumn(slot: index)) }
            case .preamble(let label): bindLabel(index, head.values(behind: label), original)
            case .text, .attribute: break
            }
        }
        let idle = program.idleAlternatives { exists($0) }
        let used = Set(slots.indices.filter { !idle.contains($0) }.map { columns[$0] })
        let free = header.columns.indices.filter { !used.contains(Int32($0)) }
        unmapped = free.map { header.columns[$0] }.filter { !$0.isEmpty }
        guard program.keepsRest else { return }
        let rest = free.map { (name: Array(Self.keptName(of: $0, header).utf8), column: $0) }
        for kept in rest.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            restHeads.append(kept.name)
            columns.append(Int32(kept.column))
        }
    }

    // A column without a name is called what a spreadsheet shows above it, `E列`; with a number where another is called so.
    private static func keptName(of column: Int, _ header: CSVHeader) -> String {
        guard header.columns[column].isEmpty else { return header.columns[column] }
        var letters = ""
        var rest = column + 1
        while rest > 0 {
            letters = String(UnicodeScalar(UInt8(0x41 + (rest - 1) % 26))) + letters
            rest = (rest - 1) / 26
        }
        let name = letters + "列"
        var unique = name
        var number = 2
        while header.columns.contains(unique) {
            unique = "\(name)#\(number)"
            number += 1
        }
        return unique
    }

    private mutating func bindColumn(_ slot: Int, _ column: Int?) {
        guard let column, let header else { return }
        columns[slot] = Int32(column)
        names[slot] = header.columns[column]
    }

    // The first value counts; another one that says something else is told.
    private mutating func bindLabel(
        _ slot: Int, _ values: [Preamble.Value], _ original: (SourcePlace) -> SourcePlace
    ) {
        guard let first = values.first else { return }
        preamble.append((slot, Array(first.text.utf8), original(first.place)))
        let text = HeaderName.normalised(first.text)
        guard let other = values.first(where: { HeaderName.normalised($0.text) != text }) else { return }
        findings.append(
            Finding(.mappingValueRepeated, at: other.place, field: names[slot], arguments: [names[slot]]))
    }

    /// Whether a slot has a column, or a value in the preamble.
    func exists(_ slot: Int) -> Bool {
        columns[slot] >= 0 || preamble.contains { $0.slot == slot }
    }

    /// The value of a slot above the header.
    func headValue(_ slot: Int) -> [UInt8]? {
        preamble.first { $0.slot == slot }?.value
    }

    /// Puts what every row needs into an empty block.
    mutating func beginBlock(_ block: inout RowBlock) {
        block.names = names
        block.restHeads = restHeads
        preambleValues.removeAll(keepingCapacity: true)
        // A block that was begun before the header was found has a list without columns.
        block.heads.removeAll()
        for index in 0..<columns.count { block.heads.append(columns[index]) }
        for one in preamble {
            block.heads[one.slot] = Int32(width + preambleValues.count)
            var value = block.values[Int(Self.add(one.value, to: &block))]
            value.origin = block.add(place: one.place)
            value.isOriginal = true
            preambleValues.append(value)
        }
        lasts.removeAll()
        for column in filled {
            let value = Int(Self.add(column.value, to: &block))
            lasts.append(LastValue(column: columns[column.slot], value: block.values[value]))
        }
    }

    /// Goes on to the next row without taking it.
    mutating func skipRow() {
        row += 1
    }

    /// Puts a row, which is data, into the block; gives the number of its cells. (To ask the reader would copy all of it.)
    mutating func takeRow(_ taken: CSVRow, at place: SourcePlace, into block: inout RowBlock) -> Int {
        row += 1
        let start = block.bytes.count
        let base = block.values.count
        block.bytes.append(taken.bytes)
        let fields = taken.fields
        let count = min(fields.count, width)
        var hasRewritten = false
        block.values.append(count: count) { index in
            let field = fields[index]
            hasRewritten = hasRewritten || field.isRewritten
            return RawValue(
                start: Int32(truncatingIfNeeded: start &+ field.start),
                end: Int32(truncatingIfNeeded: start &+ field.end), origin: Int32(truncatingIfNeeded: field.origin))
        }
        // Short rows end in empty cells.
        if count < width {
            let length = taken.bytes.count
            let end = Int32(truncatingIfNeeded: start &+ length)
            block.values.append(
                repeating: RawValue(start: end, end: end, origin: Int32(truncatingIfNeeded: length)),
                count: width - count)
        }
        if hasRewritten { addRewritten(taken, base, to: &block) }
        for value in preambleValues { block.values.append(value) }
        fill(base, in: &block)
        block.firstOffset = min(block.firstOffset, place.offset)
        block.events.append(
            RowEvent(kind: .row, number: 1, base: Int32(base), start: Int32(start), row: row, place: place))
        return fields.count
    }

    private func addRewritten(_ taken: CSVRow, _ base: Int, to block: inout RowBlock) {
        for index in 0..<min(taken.fields.count, width) where taken.fields[index].isRewritten {
            block.values[base + index].start = Int32(block.bytes.count)
            block.bytes.append(taken.text(taken.fields[index]))
            block.values[base + index].end = Int32(block.bytes.count)
        }
    }

    // A blank cell has the last value above.
    private mutating func fill(_ base: Int, in block: inout RowBlock) {
        for index in 0..<lasts.count {
            let cell = base &+ Int(lasts[index].column)
            if block.isBlank(cell) {
                block.values[cell] = lasts[index].value
            } else {
                var value = block.values[cell]
                value.origin = -1
                block.values[cell] = value
                lasts[index].value = value
            }
        }
    }

    /// Keeps what the next block needs of this one.
    mutating func endBlock(_ block: borrowing RowBlock) {
        for index in filled.indices {
            let last = lasts[index].value
            filled[index].value = block.bytes.bytes.extracting(Int(last.start)..<Int(last.end))
                .withUnsafeBufferPointer { Array($0) }
        }
    }

    private static func add(_ value: [UInt8], to block: inout RowBlock) -> Int32 {
        let start = Int32(block.bytes.count)
        block.bytes.append(value)
        block.values.append(RawValue(start: start, end: Int32(block.bytes.count)))
        return Int32(block.values.count - 1)
    }
}
