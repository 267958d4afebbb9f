import CSVRosters
import CanonicalRecords
import Findings

/// Puts the rows of a CSV roster into blocks: the row as it is written, and where in it the values of each slot are.
struct RosterRows: ~Copyable, Sendable {
    private(set) var header: CSVHeader?
    private(set) var row = 0
    /// The columns that no slot names.
    private(set) var unmapped: [String] = []
    private(set) var names: [String]
    private let slots: [SlotPlan]
    // By slot, and behind those by column that is kept: the column, or -1.
    private var columns: PlainArray<Int32>
    // The values that stand above the header, by slot, and where they are in the block.
    private var preamble: [(slot: Int, value: [UInt8])] = []
    private var preambleHeads: [(slot: Int, value: Int32)] = []
    // Columns whose blank cells repeat the last value above.
    private var filled: [FilledColumn] = []
    private var restNames: [[UInt8]] = []

    private struct FilledColumn: Sendable {
        var slot: Int
        // The last value above: where it is in the block, and what it was at the end of the block before.
        var start: Int32 = 0
        var end: Int32 = 0
        var value: [UInt8] = []
    }

    init(_ mapping: Mapping) {
        slots = mapping.program.slots
        names = slots.map(\.name)
        columns = PlainArray(capacity: slots.count)
        columns.append(repeating: -1, count: slots.count)
    }

    /// Finds the columns of all slots.
    mutating func bind(_ header: CSVHeader, keepsRest: Bool) {
        self.header = header
        var used = Set<Int>()
        for index in slots.indices {
            switch slots[index].source {
            case .column(let name): bindColumn(index, header.column(named: name), &used)
            case .filledColumn(let name):
                bindColumn(index, header.column(named: name), &used)
                // Findings name it as the mapping does.
                names[index] = slots[index].name
                if columns[index] >= 0 { filled.append(FilledColumn(slot: index)) }
            case .preamble(let label):
                guard let value = Self.value(behind: label, header) else { continue }
                preamble.append((index, Array(value.utf8)))
            case .text, .attribute: break
            }
        }
        let free = header.columns.indices.filter { !used.contains($0) && !header.columns[$0].isEmpty }
        unmapped = free.map { header.columns[$0] }
        guard keepsRest else { return }
        let rest = free.map { (name: Array(header.columns[$0].utf8), column: $0) }
        for kept in rest.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            restNames.append(kept.name)
            columns.append(Int32(kept.column))
        }
    }

    private mutating func bindColumn(_ slot: Int, _ column: Int?, _ used: inout Set<Int>) {
        guard let column, let header else { return }
        columns[slot] = Int32(column)
        names[slot] = header.columns[column]
        used.insert(column)
    }

    private static func value(behind label: String, _ header: CSVHeader) -> String? {
        for preamble in header.preamble {
            if let value = Preamble.value(behind: label, in: preamble.cells) { return value }
        }
        return nil
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
        block.restNames = restNames
        preambleHeads.removeAll(keepingCapacity: true)
        for one in preamble {
            preambleHeads.append((one.slot, Self.add(one.value, to: &block)))
        }
        for index in filled.indices {
            let value = Int(Self.add(filled[index].value, to: &block))
            filled[index].start = block.values[value].start
            filled[index].end = block.values[value].end
        }
    }

    /// Goes on to the next row without taking it.
    mutating func skipRow() {
        row += 1
    }

    /// Puts the reader's current row, which is data, into the block.
    mutating func takeRow(_ reader: borrowing CSVReader, into block: inout RowBlock) {
        row += 1
        let start = block.bytes.count
        let heads = block.heads.count
        let place = reader.place
        let length = reader.row.count
        block.bytes.append(reader.row)
        let fields = reader.fields
        for index in 0..<columns.count {
            let column = Int(columns[index])
            block.heads.append(column < 0 ? -1 : Int32(truncatingIfNeeded: block.values.count))
            guard column >= 0 else { continue }
            // Short rows end in empty cells.
            var value = RawValue(
                start: Int32(start &+ length), end: Int32(start &+ length), origin: Int32(truncatingIfNeeded: length))
            if column < fields.count {
                let field = fields[column]
                value.origin = Int32(truncatingIfNeeded: field.origin)
                if field.isRewritten {
                    value.start = Int32(block.bytes.count)
                    block.bytes.append(reader.field(column))
                    value.end = Int32(block.bytes.count)
                } else {
                    value.start = Int32(truncatingIfNeeded: start &+ field.start)
                    value.end = Int32(truncatingIfNeeded: start &+ field.end)
                }
            }
            block.values.append(value)
        }
        for (slot, value) in preambleHeads { block.heads[heads + slot] = value }
        if !filled.isEmpty { fill(heads, in: &block) }
        block.firstOffset = min(block.firstOffset, place.offset)
        block.events.append(
            RowEvent(kind: .row, number: 1, heads: Int32(heads), start: Int32(start), row: row, place: place))
    }

    // A blank cell has the last value above. Such values have no place of their own.
    private mutating func fill(_ heads: Int, in block: inout RowBlock) {
        for index in filled.indices {
            let value = Int(block.heads[heads + filled[index].slot])
            if block.isBlank(value) {
                block.values[value].start = filled[index].start
                block.values[value].end = filled[index].end
            } else {
                filled[index].start = block.values[value].start
                filled[index].end = block.values[value].end
            }
            block.values[value].origin = -1
        }
    }

    /// Keeps what the next block needs of this one.
    mutating func endBlock(_ block: borrowing RowBlock) {
        for index in filled.indices {
            filled[index].value = block.bytes.bytes.extracting(Int(filled[index].start)..<Int(filled[index].end))
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
