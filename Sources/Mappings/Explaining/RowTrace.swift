import CanonicalRecords
import Findings

/// Notes where each field of a row comes from, while the row is converted.
struct RowTrace: Sendable {
    /// One raw value that a field was made from.
    struct Reading: Sendable {
        var name = ""
        var place: SourcePlace?
        var raw: String
        var masking: Masking?
        // Where the value is in its block, until ``settle(in:_:)`` has found name and place.
        fileprivate var pending: (slot: Int, value: Int, event: Int)?

        fileprivate mutating func settle(in block: borrowing RowBlock, _ original: (SourcePlace) -> SourcePlace) {
            guard let known = pending else { return }
            pending = nil
            name = block.names[known.slot]
            guard let found = block.place(ofValue: known.value, event: known.event) else { return }
            place = found.isOriginal ? found.place : original(found.place)
        }
    }

    /// One field.
    struct Field: Sendable {
        var step: FieldStep
        var readings: [Reading] = []
        var written: [UInt8] = []
        var findings: [String] = []
    }

    /// One record.
    struct Record: Sendable {
        var entry: String
        var typeName: String
        var bodyNumber: Int
        var row = 0
        var fields: [Field] = []
    }

    let onlyRow: Int?
    private(set) var records: [Record] = []
    // How many of the records have all names and places.
    private var settled = 0
    private var current: Record?
    private var readings: [Reading] = []
    private var findings: [String] = []
    // By nested plan: what its instances were made from, until the record around them takes it.
    private var nested: [Int: (readings: [Reading], findings: [String])] = [:]
    private static let limit = 10_000

    init(onlyRow: Int?) {
        self.onlyRow = onlyRow
    }

    mutating func begin(_ entry: EntryPlan, row: Int) {
        current = nil
        guard onlyRow == nil || onlyRow == row, records.count < Self.limit else { return }
        current = Record(entry: entry.name, typeName: entry.typeName, bodyNumber: entry.bodyNumber, row: row)
    }

    mutating func read(_ raw: Span<UInt8>, slot: Int, value: Int, event: Int, masking: Masking?) {
        let text = raw.withUnsafeBufferPointer { String(decoding: $0.prefix(4096), as: UTF8.self) }
        readings.append(Reading(raw: text, masking: masking, pending: (slot, value, event)))
    }

    /// Finds names and places of what was read from a block, while it is there.
    mutating func settle(in block: borrowing RowBlock, _ original: (SourcePlace) -> SourcePlace) {
        for record in settled..<records.count {
            for field in records[record].fields.indices {
                for reading in records[record].fields[field].readings.indices {
                    records[record].fields[field].readings[reading].settle(in: block, original)
                }
            }
        }
        settled = records.count
        for plan in nested.keys {
            guard let count = nested[plan]?.readings.count else { continue }
            for reading in 0..<count { nested[plan]?.readings[reading].settle(in: block, original) }
        }
    }

    mutating func note(_ code: String) {
        findings.append(code)
    }

    mutating func finish(_ step: FieldStep, written: Span<UInt8>) {
        let bytes = written.withUnsafeBufferPointer { Array($0) }
        current?.fields.append(Field(step: step, readings: readings, written: bytes, findings: findings))
        readings.removeAll(keepingCapacity: true)
        findings.removeAll(keepingCapacity: true)
    }

    /// Keeps what an instance of a nested scope was made from.
    mutating func endNested(_ plan: Int) {
        nested[plan, default: ([], [])].readings += readings
        nested[plan, default: ([], [])].findings += findings
        readings.removeAll()
        findings.removeAll()
    }

    /// Takes what the instances of a nested scope were made from.
    mutating func takeNested(_ plan: Int) {
        guard let kept = nested.removeValue(forKey: plan) else { return }
        readings += kept.readings
        findings += kept.findings
    }

    mutating func end() {
        if let current { records.append(current) }
        current = nil
    }
}
