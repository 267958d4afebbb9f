import CanonicalRecords
import Findings

/// Runs a program on the rows of one document and writes their records.
///
/// Steps run in the order of field numbers and append to one buffer, so that the bytes are those that any protobuf
/// library would write. All buffers are reused; a value is copied once, from the document into the record.
struct RecordWriter: ~Copyable {
    let program: MappingProgram
    let frozen: FrozenProgram
    let limits: ConversionLimits
    var summary: ConversionSummary
    var rows: RowBuffer
    /// Collects what `explain` shows; nil in conversion.
    var trace: RowTrace?

    let provenance: ProvenanceWriter
    let identity: RecordIdentity
    var body = RecordBuffer()
    var extensionFields = RecordBuffer()
    // A normalised value, and the parts of one before they are normalised.
    var value: [UInt8] = []
    var joined: [UInt8] = []
    var effective: [UInt8] = []
    var natural: [UInt8] = []
    /// By step of the entry in progress: what was written.
    var payloads: [Payload] = []
    /// By entry: the id that it gave for this row.
    var ids: [SipHash128.Digest?]
    var failed: [Bool]
    /// By entry: how many records it gave.
    var recordCounts: [Int]
    var rejectsFiling = false
    var nested: [NestedMessages]
    var counts: [Int]
    var headerTexts: [String?]
    var pendingCounts: [Int] = []
    var pendingEntries: [Int] = []

    /// Where a step's value is in the body, and the number where it is one.
    struct Payload {
        var start = 0
        var end = 0
        var number: Int64 = 0
        var isText = false
        var isSet: Bool { end > start }
    }

    /// The finished instances of a nested scope.
    struct NestedMessages: Sendable {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        var hasFailed = false
        var isFull = false
    }

    init(_ mapping: Mapping, _ context: FilingContext, limits: ConversionLimits) {
        program = mapping.program
        frozen = mapping.frozen
        self.limits = limits
        summary = ConversionSummary(findingLimit: limits.findings)
        rows = RowBuffer(chunkSize: limits.chunkSize)
        provenance = ProvenanceWriter(context, mapping: mapping)
        identity = RecordIdentity(context, entryTypes: program.entries.map(\.typeName))
        ids = Array(repeating: nil, count: program.entries.count)
        failed = Array(repeating: false, count: program.entries.count)
        recordCounts = Array(repeating: 0, count: program.entries.count)
        nested = Array(repeating: NestedMessages(), count: program.nested.count)
        counts = Array(repeating: 0, count: program.controls.count)
        headerTexts = Array(repeating: nil, count: program.headers.count)
    }

    /// Converts the row that `source` holds: all its records, or none.
    mutating func convertRow<Source: RowValues & ~Copyable>(scope: Int, from source: inout Source) {
        summary.rowsRead += 1
        var isGood = true
        var isSelected = false
        if source.isOverfull {
            isGood = false
            let arguments = [program.entries[program.scopes[scope].entries[0]].name, "\(limits.recordSize)"]
            report(
                .mappingRecordTooLarge, severity: nil, step: nil, place: source.rowPlace, row: source.row,
                arguments: arguments)
        }
        for entry in program.scopes[scope].entries where isGood || !source.isOverfull {
            ids[entry] = nil
            failed[entry] = false
            guard isSelectedEntry(entry, source) else { continue }
            isSelected = true
            failed[entry] = !writeRecord(entry, from: &source)
            isGood = isGood && !failed[entry]
        }
        finishRow(isGood: isGood, isSelected: isSelected)
        if !isGood { applyPolicy(row: source.row, place: source.rowPlace) }
    }

    private mutating func finishRow(isGood: Bool, isSelected: Bool) {
        if isGood, isSelected {
            summary.rowsConverted += 1
            for entry in pendingEntries { recordCounts[entry] += 1 }
            for control in pendingCounts { counts[control] += 1 }
            rows.commit()
        } else if isGood {
            summary.skipped.unselected += 1
        } else {
            summary.rowsSetAside += 1
            rows.discard()
        }
        pendingCounts.removeAll(keepingCapacity: true)
        pendingEntries.removeAll(keepingCapacity: true)
    }

    private mutating func applyPolicy(row: Int, place: SourcePlace) {
        if rejectsFiling || program.onError == .filing {
            reject(Finding(.mappingRowRefused, at: place, row: row, arguments: ["\(row)"]))
        } else if case .thresholdCount(let count) = program.onError, summary.rowsSetAside > count {
            rejectForThreshold("\(count)")
        }
    }

    /// Rejects when the share of rows set aside is too large; known only at the end.
    mutating func checkShare() {
        guard case .thresholdShare(let share) = program.onError else { return }
        let judged = summary.rowsConverted + summary.rowsSetAside
        if Double(summary.rowsSetAside) > share * Double(judged) { rejectForThreshold("\(Self.percent(share)) %") }
    }

    private static func percent(_ share: Double) -> String {
        let number = share * 100
        return number == number.rounded() ? "\(Int(number))" : "\(number)"
    }

    private mutating func rejectForThreshold(_ threshold: String) {
        let total = summary.rowsConverted + summary.rowsSetAside
        reject(Finding(.mappingThreshold, arguments: ["\(summary.rowsSetAside)", "\(total)", threshold]))
    }

    /// Ends the document with a fatal finding; the first one counts.
    mutating func reject(_ finding: Finding) {
        guard summary.rejection == nil else { return }
        summary.findings.report(finding)
        summary.rejection = finding
        rows.discardAll()
    }

    private func isSelectedEntry<Source: RowValues & ~Copyable>(_ entry: Int, _ source: borrowing Source) -> Bool {
        frozen.entries[entry].value.conditions.allSatisfy { holds($0, source) }
    }

    func holds<Source: RowValues & ~Copyable>(_ condition: ConditionPlan, _ source: borrowing Source) -> Bool {
        for slot in condition.slots {
            let value = source.first(slot)
            if value >= 0 { return condition.holds(for: source.bytes(value)) }
        }
        return condition.holdsForNothing
    }
}
