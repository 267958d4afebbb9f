import CSVRosters
import Findings
import TextEncodings

/// The rows of a CSV roster, with the columns that a program's slots name.
struct RosterRows: RowValues, ~Copyable {
    var reader: CSVReader
    var text: DocumentText
    private(set) var header: CSVHeader?
    private(set) var row = 0
    private let slots: [SlotPlan]
    // By slot: a column, an index into `ranges` from `keptBase` on, or -1.
    private var values: [Int]
    // Values that outlive their row: those of the preamble and of filled columns.
    private var kept: [UInt8] = []
    private var ranges: [Range<Int>] = []
    private var filled: [(slot: Int, column: Int, value: [UInt8])] = []
    // How much of `kept` and `ranges` belongs to the preamble.
    private var preambleSize = 0
    private var preambleCount = 0
    private var rest: [(name: [UInt8], column: Int)] = []
    private static let keptBase = 1 << 24

    init(_ mapping: Mapping, encoding: TextEncoding, limits: CSVLimits) {
        let dialect = mapping.program.reads.delimiter.map { CSVDialect(delimiter: $0) }
        reader = CSVReader(dialect: dialect, limits: limits)
        text = DocumentText(encoding: encoding)
        slots = mapping.program.slots
        values = Array(repeating: -1, count: slots.count)
    }

    /// Finds the columns of all slots.
    mutating func bind(_ header: CSVHeader, keepsRest: Bool) {
        self.header = header
        var used = Set<Int>()
        for index in slots.indices {
            switch slots[index].source {
            case .column(let name):
                values[index] = header.column(named: name) ?? -1
                used.insert(values[index])
            case .filledColumn(let name):
                guard let column = header.column(named: name) else { continue }
                used.insert(column)
                filled.append((index, column, []))
            case .preamble(let label): bindPreamble(index, label, header)
            case .text, .attribute: break
            }
        }
        preambleSize = kept.count
        preambleCount = ranges.count
        let free = header.columns.indices.filter { !used.contains($0) && !header.columns[$0].isEmpty }
        unmapped = free.map { header.columns[$0] }
        guard keepsRest else { return }
        rest = free.map { (Array(header.columns[$0].utf8), $0) }.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// The columns that no slot names.
    private(set) var unmapped: [String] = []

    private mutating func bindPreamble(_ slot: Int, _ label: String, _ header: CSVHeader) {
        for preamble in header.preamble {
            guard let value = Preamble.value(behind: label, in: preamble.cells) else { continue }
            values[slot] = Self.keptBase + ranges.count
            ranges.append(kept.count..<kept.count + value.utf8.count)
            kept.append(contentsOf: value.utf8)
            return
        }
    }

    /// Whether a slot has a column, or a value in the preamble.
    func exists(_ slot: Int) -> Bool {
        values[slot] >= 0 || filled.contains { $0.slot == slot }
    }

    /// Goes on to the reader's current row, which is data: counts it and fills blank cells from above.
    mutating func takeRow(isData: Bool) {
        row += 1
        guard isData, !filled.isEmpty else { return }
        kept.removeSubrange(preambleSize...)
        ranges.removeSubrange(preambleCount...)
        for index in filled.indices {
            let cell = reader.field(filled[index].column)
            if !TextValue.trimBlanks(cell).isEmpty {
                filled[index].value = cell.withUnsafeBufferPointer { Array($0) }
            }
            values[filled[index].slot] = Self.keptBase + ranges.count
            ranges.append(kept.count..<kept.count + filled[index].value.count)
            kept.append(contentsOf: filled[index].value)
        }
    }

    // MARK: RowValues

    func first(_ slot: Int) -> Int { values[slot] }

    func next(_ value: Int) -> Int { -1 }

    @_lifetime(borrow self)
    func bytes(_ value: Int) -> Span<UInt8> {
        if value >= Self.keptBase { return kept.span.extracting(ranges[value - Self.keptBase]) }
        // The bytes are in the reader's buffer and stay there until the reader, which is part of this value, is
        // changed.
        return _overrideLifetime(reader.field(value), borrowing: self)
    }

    // The reader refuses rows with longer fields.
    func isTooLong(_ value: Int) -> Bool { false }

    var isOverfull: Bool { false }

    func place(_ value: Int) -> SourcePlace? {
        value < Self.keptBase ? text.original(reader.place(ofField: value)) : nil
    }

    func name(_ slot: Int) -> String {
        let column = values[slot]
        guard column >= 0, column < Self.keptBase, let header, column < header.columns.count else {
            return slots[slot].name
        }
        return header.columns[column]
    }

    var restCount: Int { rest.count }
    func restName(_ index: Int) -> [UInt8] { rest[index].name }
    func restValue(_ index: Int) -> Int { rest[index].column }

    var rowLine: Int { reader.place.line }
    var rowPlace: SourcePlace { text.original(reader.place) }
}
