import CanonicalRecords

/// The ends of provenances, made once for each time from which records hold: most documents say it once, in their head.
///
/// What every record asks for is `mutating`: a call that only borrows would copy all of it.
struct ProvenanceTails: ~Copyable {
    private let writer: ProvenanceWriter
    private var bytes = RecordBuffer(capacity: 512)
    // By entry and operation.
    private var tails: PlainArray<Tail>
    // By entry: from which bytes of the block in progress its time was read; -1 for none, and for a constant.
    private var sources: PlainArray<Int32>
    private var time: [UInt8] = []
    private static let room = 8 << 10

    /// A tail among ``bytes``; no bytes before it is made.
    struct Tail: BitwiseCopyable {
        var start: Int32 = 0
        var end: Int32 = 0
        /// What there is to say about its time.
        var issues: ValueIssues = []

        var count: Int { Int(end &- start) }
    }

    init(entryCount: Int, writer: consuming ProvenanceWriter) {
        self.writer = writer
        tails = PlainArray(capacity: 2 * entryCount)
        tails.append(repeating: Tail(), count: 2 * entryCount)
        sources = PlainArray(capacity: entryCount)
        sources.append(repeating: -1, count: entryCount)
    }

    /// Forgets from which values times were read: the next block has bytes of its own.
    mutating func forgetSources() {
        for entry in 0..<sources.count where sources[entry] >= 0 { forget(entry) }
    }

    /// The tail of a record of an entry.
    @inline(__always)
    mutating func tail(
        of code: EntryCode, _ entry: Int, isDelete: Bool, _ row: RowView
    ) -> Tail {
        var found = -1
        if code.effectiveMachine != nil {
            for slot in code.effectiveSlots where found < 0 { found = row.first(slot) }
            let source = found < 0 || row.bytes(found).isEmpty ? -1 : row.value(found).start
            if source != sources[entry] {
                forget(entry)
                sources[entry] = source
            }
        }
        let known = tails[entry &* 2 &+ (isDelete ? 1 : 0)]
        if known.end > known.start { return known }
        return make(code, entry, isDelete, found, row)
    }

    /// Bytes of the content of field 1 of a record with this tail.
    @inline(__always)
    mutating func contentSize(place: Int, _ tail: Tail) -> Int { writer.contentSize(place: place, tail: tail.count) }

    /// Appends field 1 of a record with this tail; see ``ProvenanceWriter``.
    mutating func write(
        _ id: RecordBuffer.Words, content: Int, _ place: borrowing RecordBuffer, _ tail: Tail,
        to record: inout RecordBuffer
    ) {
        let end = bytes.bytes.extracting(Int(tail.start)..<Int(tail.end))
        writer.write(id, content: content, place, end, to: &record)
    }

    private mutating func make(
        _ code: EntryCode, _ entry: Int, _ isDelete: Bool, _ found: Int, _ row: RowView
    ) -> Tail {
        if bytes.count > Self.room {
            bytes.removeAll()
            for index in 0..<tails.count { tails[index] = Tail() }
        }
        time.removeAll(keepingCapacity: true)
        var issues: ValueIssues = []
        if let machine = code.effectiveMachine {
            if found >= 0 { issues = machine.convert(row.bytes(found), into: &time).issues }
        } else {
            time = code.effectiveConstant
        }
        let start = bytes.count
        writer.writeTail(isDelete: isDelete, effective: time, to: &bytes)
        // Most records hold from a day on.
        issues.subtract(ValueIssues(.dateTimeDateOnly))
        let made = Tail(start: Int32(start), end: Int32(bytes.count), issues: issues)
        tails[entry * 2 + (isDelete ? 1 : 0)] = made
        return made
    }

    private mutating func forget(_ entry: Int) {
        tails[entry * 2] = Tail()
        tails[entry * 2 + 1] = Tail()
        sources[entry] = -1
    }
}
