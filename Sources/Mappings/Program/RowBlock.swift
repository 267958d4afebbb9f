import CanonicalRecords
import Findings

/// Some rows of a document as they were read, with everything that converting them needs: raw values, and where they
/// stand. Readers fill blocks, record writers convert them; a block can be converted by anyone at any time.
///
/// Where a block ends depends on the document alone, never on how its bytes arrived.
struct RowBlock: ~Copyable, Sendable {
    // Little room at first, here and below: most documents are small, and blocks are used again.

    /// Raw values, UTF-8, and the text around them as it is needed to say where they stand.
    var bytes = RecordBuffer(capacity: 4 << 10)
    var values = PlainArray<RawValue>(capacity: 256)
    /// In XML filings: the stretches of text among the bytes, in order. Rosters have none: their rows are kept whole.
    var stretches = PlainArray<TextStretch>(capacity: 8)
    /// The places of values that do not stand in a stretch.
    var places = PlainArray<SourcePlace>(capacity: 8)
    /// By slot: the first value, or -1; counted from the ``RowEvent/base`` of a row. A list for each row of an XML
    /// filing, where elements come and go, and a single one for all rows of a roster. An instance of a nested scope lists
    /// only the slots that it needs.
    var heads = PlainArray<Int32>(capacity: 256)
    var events = PlainArray<RowEvent>(capacity: 32)
    /// What the reader noticed.
    var notes: [RowNote] = []
    /// By slot: its name as the document writes it.
    var names: [String] = []
    /// The columns that no field reads, where they are kept; their values follow those of the slots.
    var restHeads = ExtensionHeads()
    /// Rows of a roster that give no record.
    var skipped = ConversionSummary.SkippedRows()
    /// The offset in the text of the first place that may be asked for.
    var firstOffset = Int.max
    /// Whether an element of which rows were read is still open at its end.
    var isOpenEnded = false

    /// Bytes of values after which a block of an XML filing is full, and bytes of rows after which one of a roster is. What
    /// comes of them mostly fills a batch, whose bytes need not be copied then.
    static let filingSize = 112 << 10
    static let rosterSize = 40 << 10
    /// Events after which a block is full, however little their values hold.
    static let eventLimit = 8192

    var isEmpty: Bool { events.count == 0 && notes.isEmpty && skipped.total == 0 }

    /// Forgets all rows; the names stay.
    mutating func removeAll() {
        bytes.removeAll()
        values.removeAll()
        stretches.removeAll()
        places.removeAll()
        heads.removeAll()
        events.removeAll()
        notes.removeAll(keepingCapacity: true)
        skipped = .init()
        firstOffset = .max
        isOpenEnded = false
    }

    /// Takes a finding of the reader, to be told between those of the rows around it.
    mutating func note(_ finding: Finding) {
        notes.append(RowNote(event: events.count, content: .finding(finding)))
    }

    /// Where the row of an event begins; the offset counts bytes of the text.
    func place(ofEvent index: Int) -> SourcePlace {
        events[index].place
    }

    /// Notes the place of a value that does not stand in a stretch; gives what the value's origin is to be.
    mutating func add(place: SourcePlace) -> Int32 {
        places.append(place)
        return -1 - Int32(places.count)
    }

    /// Where a value of an event's row begins, where that is known, and whether the offset is that of the filed document.
    func place(ofValue index: Int, event: Int) -> (place: SourcePlace, isOriginal: Bool)? {
        let value = values[index]
        let row = events[event]
        guard value.origin >= 0 else { return place(ofValue: index) }
        if stretches.count > 0 { return (place(ofText: Int(value.origin), behind: row.place), false) }
        let tracker = PlaceTracker(at: row.place)
        let start = Int(row.start)
        return (tracker.place(after: bytes.bytes.extracting(start..<start + Int(value.origin))), false)
    }

    /// Where a value of an XML filing, or of a roster's head, stands.
    func place(ofValue index: Int) -> (place: SourcePlace, isOriginal: Bool)? {
        let value = values[index]
        if value.origin <= -2 { return (places[-2 - Int(value.origin)], value.isOriginal) }
        return value.origin < 0 ? nil : (place(ofText: Int(value.origin), behind: .start), false)
    }

    // The place of a byte of the stretches. It is counted from its row on, if that begins in the same one.
    private func place(ofText index: Int, behind row: SourcePlace) -> SourcePlace {
        var stretch = stretches.count - 1
        while stretches[stretch].start > index { stretch -= 1 }
        var place = stretches[stretch].place
        var start = Int(stretches[stretch].start)
        let distance = row.offset - place.offset
        if distance > 0, distance <= index - start { (place, start) = (row, start + distance) }
        return PlaceTracker(at: place).place(after: bytes.bytes.extracting(start..<index))
    }

    /// Whether a value is nothing but blanks.
    @inline(__always)
    func isBlank(_ value: Int) -> Bool {
        if values[value].start == values[value].end { return true }
        return TextValue.isBlank(bytes.bytes.extracting(Int(values[value].start)..<Int(values[value].end)))
    }

    /// The text of a value, for messages: its first bytes.
    func text(ofValue index: Int) -> String {
        let value = values[index]
        let end = min(Int(value.end), Int(value.start) + 4096)
        return bytes.bytes.extracting(Int(value.start)..<end).withUnsafeBufferPointer {
            String(decoding: $0, as: UTF8.self)
        }
    }
}

/// Something that the reader noticed.
struct RowNote: Sendable {
    enum Content: Sendable {
        case finding(Finding)
        /// A finding that will not be kept, so that nothing needs to be known of it but that there is one more.
        case one(FindingKind)
    }

    /// Before which of the block's events it is to be told.
    var event: Int
    var content: Content
}

/// A value as the document has it, in sixteen bytes: there is one for each cell of a roster.
struct RawValue: BitwiseCopyable {
    /// Where its bytes are in the block.
    var start: Int32
    var end: Int32
    /// In rosters: where the cell begins, counted from the start of its row. In XML filings: where the value stands, as an
    /// index of the block's bytes. In both -2, -3, … for the first, second, … of ``RowBlock/places``. -1: stands elsewhere.
    var origin: Int32
    // ``next`` above three flags; a block is far from having so many values that it would not fit.
    private var link: Int32

    @inline(__always)
    init(start: Int32, end: Int32, origin: Int32 = -1, isTooLong: Bool = false) {
        (self.start, self.end, self.origin) = (start, end, origin)
        link = -1 &<< 3 | (isTooLong ? 1 : 0)
    }

    /// The value behind it in the same slot, or -1.
    var next: Int32 {
        @inline(__always) get { link &>> 3 }
        set { link = newValue &<< 3 | link & 7 }
    }

    /// Longer than a value may be; its bytes are not there.
    var isTooLong: Bool { link & 1 != 0 }

    /// Its place is that in the document as filed already.
    var isOriginal: Bool {
        get { link & 2 != 0 }
        set { link = newValue ? link | 2 : link & ~2 }
    }

    /// While it is being read: where it is in the text, rather than in the block.
    var isPending: Bool {
        @inline(__always) get { link & 4 != 0 }
        @inline(__always) set { link = newValue ? link | 4 : link & ~4 }
    }

    /// Whether it is the only value of its slot, and its bytes are there.
    @inline(__always)
    var isPlain: Bool { link < 0 && link & 1 == 0 }
}

/// A part of the document's text that a block has.
struct TextStretch: BitwiseCopyable {
    /// Where it begins in the block's bytes. It ends before the next one does.
    var start: Int32
    /// Where it begins in the text.
    var place: SourcePlace
}

/// What happened at one point of the document.
struct RowEvent: BitwiseCopyable {
    enum Kind: UInt8, BitwiseCopyable {
        /// A scope begins: what its nested scopes gave before belongs to others.
        case begin
        /// An instance of a nested scope is complete.
        case nested
        /// A row is complete.
        case row
    }

    var kind: Kind
    /// Whether the row is so large that some of its values were not kept.
    var isOverfull = false
    /// The scope, or the nested plan.
    var number: Int32
    /// Where the first value of slot 0 is listed in ``RowBlock/heads``, or would be if it were.
    var heads: Int32 = 0
    /// The value that those are counted from.
    var base: Int32 = 0
    /// Where the bytes of the row begin, in rosters.
    var start: Int32 = 0
    /// The 1-based number of the row, or of the row around.
    var row = 0
    /// Where the row begins; the offset counts bytes of the text.
    var place = SourcePlace.start
}

/// The raw values of one row, by slot.
///
/// A *value* is an index that stays good while the block does.
struct RowView: ~Escapable {
    let event: RowEvent
    /// The event's number in its block.
    let index: Int
    private let bytes: Span<UInt8>
    private let values: Span<RawValue>
    private let heads: Span<Int32>

    @_lifetime(borrow block)
    @inline(__always)
    init(_ block: borrowing RowBlock, event index: Int) {
        event = block.events[index]
        self.index = index
        bytes = block.bytes.bytes
        values = block.values.span
        let start = Int(event.heads)
        heads = block.heads.span.extracting(start..<block.heads.count)
    }

    /// The first value of a slot, or -1 where the document has none (no such column, no such element).
    @inline(__always)
    func first(_ slot: Int) -> Int {
        let found = heads[slot]
        return found < 0 ? -1 : Int(found &+ event.base)
    }

    /// The value behind another of the same slot, or -1.
    @inline(__always)
    func next(_ value: Int) -> Int { Int(values[value].next) }

    /// The bytes of a value, UTF-8, as the document has them.
    @inline(__always)
    @_lifetime(copy self)
    func bytes(_ value: Int) -> Span<UInt8> {
        let found = values[value]
        return bytes.extracting(Int(found.start)..<Int(found.end))
    }

    /// A value.
    @inline(__always)
    func value(_ value: Int) -> RawValue { values[value] }

    /// The bytes of a value, UTF-8, as the document has them.
    @inline(__always)
    @_lifetime(copy self)
    func bytes(of value: RawValue) -> Span<UInt8> { bytes.extracting(Int(value.start)..<Int(value.end)) }

    /// Whether the value was longer than a value may be, so that its bytes are not there.
    @inline(__always)
    func isTooLong(_ value: Int) -> Bool { values[value].isTooLong }
}
