import CanonicalRecords
import Findings

/// Runs a program on blocks of rows and writes their records.
///
/// Steps run in the order of field numbers and append to one buffer, so that the bytes are those that any protobuf
/// library would write. All buffers are reused. It reports nothing itself: what there is to say about rows is collected in
/// ``problems``, for whoever knows the whole document.
struct RecordWriter: ~Copyable, Sendable {
    let program: MappingProgram
    let code: ProgramCode
    let limits: ConversionLimits
    let identity: RecordIdentity

    // What the block in progress gave so far; see ``BlockResult``.

    var output = RecordBuffer()
    var entries = PlainArray<WrittenRecord>(capacity: 1)
    var problems: [RowProblem] = []
    var counts: BlockCounts
    /// Collects what `explain` shows; nil in conversion.
    var trace: RowTrace?

    // The row in progress.

    var body = RecordBuffer()
    var extensionFields = RecordBuffer()
    /// The fields of provenance that say where the row is.
    var place = RecordBuffer(capacity: 32)
    // The parts of a value before they are normalised, and a natural key.
    var joined = RecordBuffer(capacity: 512)
    /// Whether all parts in ``joined`` are clean text; see ``TextValue/isClean(_:)``.
    var isJoinedClean = false
    /// The step whose join is in ``joined``; -1 for anything else that is there.
    var joinedStep: Int32 = -1
    /// Where in ``joined`` the parts begin that another step joins, too; a separator comes first where others are before it.
    var joinedTail = 0
    /// By step: how its last join began.
    var prefixes = PlainArray<JoinPrefix>()
    /// By step that refers by a join: the hash of how it began.
    var prefixHashes = PlainArray<SipHash128>()
    /// Bytes of ``joined`` that are in the hash of its step already; -1 where there is no such hash.
    var hashedBytes = -1
    /// Blocks so far.
    var blocks = 0
    var natural = RecordBuffer(capacity: 512)
    /// By step of the entry in progress: what was written, for those that note it.
    var payloads = PlainArray<Payload>()
    /// By entry: the id that it gave for this row, as text.
    var ids = PlainArray<RecordBuffer.Words?>()
    var failed = PlainArray<Bool>()
    var rejectsFiling = false
    /// The columns that are kept though no field reads them.
    var restHeads = ExtensionHeads()
    /// How many more rows may be set aside before the filing is rejected.
    var failuresLeft = Int.max
    /// By nested plan: its finished instances, which wait for the record around them.
    var nested: [NestedMessages]
    var pendingControls = PlainArray<Int>()
    var tails: ProvenanceTails
    var memo: ValueMemo

    /// Where a step's value is in the body, and the number where it is one.
    struct Payload: BitwiseCopyable {
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
        code = mapping.code
        self.limits = limits
        identity = RecordIdentity(
            context, entryTypes: program.entries.map(\.typeName), keyTypes: mapping.code.keyTypes)
        ids.append(repeating: nil, count: program.entries.count)
        failed.append(repeating: false, count: program.entries.count)
        prefixes.append(repeating: JoinPrefix(), count: code.steps.count)
        prefixHashes.append(repeating: SipHash128(key: context.identityKey.key), count: code.steps.count)
        payloads.append(repeating: Payload(), count: mapping.code.entries.map(\.codes.count).max() ?? 0)
        nested = Array(repeating: NestedMessages(), count: program.nested.count)
        counts = BlockCounts(program)
        tails = ProvenanceTails(
            entryCount: program.entries.count, writer: ProvenanceWriter(context, mapping: mapping))
        memo = ValueMemo(stepCount: code.steps.count + 1)
    }

    /// Converts the rows of a block in order, into a result that is empty. A row that rejects the filing is the last one.
    mutating func convert(_ block: borrowing RowBlock, into result: inout BlockResult) {
        tails.forgetSources()
        blocks += 1
        rejectsFiling = false
        restHeads = block.restHeads
        exchange(&result)
        result.output = [UInt8](capacity: BlockResult.outputCapacity(forBytes: block.bytes.count)) { lent in
            swap(&output, &lent)
            convert(block)
            swap(&output, &lent)
        }
        exchange(&result)
    }

    // The buffers of the result are filled in place.
    private mutating func exchange(_ result: inout BlockResult) {
        swap(&entries, &result.entries)
        swap(&problems, &result.problems)
        swap(&counts, &result.counts)
    }

    private mutating func convert(_ block: borrowing RowBlock) {
        for index in 0..<block.events.count {
            let event = block.events[index]
            switch event.kind {
            case .begin: beginScope(Int(event.number))
            case .nested: finishNested(Int(event.number), RowView(block, event: index))
            case .row:
                convertRow(Int(event.number), RowView(block, event: index))
                if rejectsFiling { return }
            }
        }
    }

    // All records of the row, or none.
    private mutating func convertRow(_ scope: Int, _ row: RowView) {
        memo.beginRow()
        let start = output.count
        let firstEntry = entries.count
        var isGood = true
        var isSelected = false
        if row.event.isOverfull {
            isGood = false
            let name = program.entries[program.scopes[scope].entries[0]].name
            report(.mappingRecordTooLarge, about: row, arguments: [name, "\(limits.recordSize)"])
        }
        place.removeAll()
        ProvenanceWriter.appendPlace(line: row.event.place.line, row: row.event.row, to: &place)
        for index in code.scopes[scope] where isGood || !row.event.isOverfull {
            let entry = code.scopeEntries[index]
            ids[entry] = nil
            failed[entry] = false
            // Asked here: a call that only borrows would copy all of the writer.
            if code.entries[entry].hasConditions, !meetsConditions(entry, row) { continue }
            isSelected = true
            failed[entry] = !writeRecord(entry, row)
            isGood = isGood && !failed[entry]
        }
        if isGood {
            finishGoodRow(isSelected: isSelected, from: firstEntry)
        } else {
            output.truncate(to: start)
            entries.truncate(to: firstEntry)
            setAside(row)
        }
        pendingControls.removeAll()
    }

    @inline(__always)
    private mutating func finishGoodRow(isSelected: Bool, from firstEntry: Int) {
        guard isSelected else {
            counts.unselected += 1
            return
        }
        counts.converted += 1
        for index in firstEntry..<entries.count { counts.records[Int(entries[index].entry)] += 1 }
        for index in 0..<pendingControls.count { counts.controls[pendingControls[index]] += 1 }
    }

    // The rest is up to whoever knows how many rows of the document were set aside before.
    private mutating func setAside(_ row: RowView) {
        failuresLeft -= 1
        rejectsFiling = rejectsFiling || program.onError == .filing || failuresLeft < 0
        problems.append(
            RowProblem(kind: .mappingRowRefused, event: row.index, role: rejectsFiling ? .rejectsFiling : .setsAside))
    }

    private func meetsConditions(_ entry: Int, _ row: RowView) -> Bool {
        program.entries[entry].conditions.allSatisfy { holds($0, row) }
    }

    func holds(_ condition: ConditionPlan, _ row: RowView) -> Bool {
        for slot in condition.slots {
            let value = row.first(slot)
            if value >= 0 { return condition.holds(for: row.bytes(value)) }
        }
        return condition.holdsForNothing
    }
}

/// A record of ``RecordWriter/output``.
struct WrittenRecord: BitwiseCopyable {
    var entry: Int32
    var isDelete: Bool
    var id: SipHash128.Digest
    /// Where it is, its length included, and where in it body and extension begin.
    var start: Int
    var content: Int
    var end: Int
}

/// Numbers of one block.
struct BlockCounts: ~Copyable, Sendable {
    var converted = 0
    /// Good rows that meet the conditions of no entry.
    var unselected = 0
    /// By entry: how many records it gave.
    var records = PlainArray<Int>(capacity: 8)
    /// By control: how many records it counts.
    var controls = PlainArray<Int>(capacity: 8)

    init(_ program: MappingProgram) {
        records.append(repeating: 0, count: program.entries.count)
        controls.append(repeating: 0, count: program.controls.count)
    }

    /// Makes all of them zero.
    mutating func removeAll() {
        (converted, unselected) = (0, 0)
        for index in 0..<records.count { records[index] = 0 }
        for index in 0..<controls.count { controls[index] = 0 }
    }
}
