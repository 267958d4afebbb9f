import CanonicalRecords

/// What steps made of the values they have met: people fill columns with the same few hundred words and dates over and
/// over, so most fields are copied from here instead of being normalised, looked up and encoded again.
///
/// Only what needed no word said about it is remembered, and only short values with short results. A place is found by a
/// hash of the whole value and compared in full; a new value takes the place of an old one. Where the values of a step
/// hardly ever return, as numbers do, remembering them is given up. It begins after some rows, so that a document of a
/// few does not pay for the places.
struct ValueMemo: ~Copyable, Sendable {
    /// Bytes of the longest value that is remembered.
    static let longestValue = 24
    /// Bytes of the longest field that is remembered, its tag included.
    static let longestField = 32

    // The places of one step after those of another.
    private var places: PlainArray<Place>
    private var tallies: PlainArray<Tally>
    private static let placeBits = 8

    /// A value, and the field that it gave: one cache line.
    struct Place: BitwiseCopyable {
        fileprivate var first: UInt64 = 0
        fileprivate var middle: UInt64 = 0
        fileprivate var last: UInt64 = 0
        /// The field as it is written, tag and length included; what is behind ``size`` means nothing.
        var field: RecordBuffer.Words = (0, 0, 0, 0)
        var number: Int32 = 0
        // Of the value; zero for none.
        fileprivate var length: UInt8 = 0
        var size: UInt8 = 0
        /// Where the payload begins within the field.
        var payload: UInt8 = 0
        private var flags: UInt8 = 0

        init() {}

        var isText: Bool {
            get { flags & 1 != 0 }
            set { flags = newValue ? flags | 1 : flags & ~1 }
        }

        /// Whether the value means something, even where that is a zero, which is not written.
        var isWritten: Bool {
            get { flags & 2 != 0 }
            set { flags = newValue ? flags | 2 : flags & ~2 }
        }

        @inline(__always)
        fileprivate func holds(_ value: ValueWords) -> Bool {
            (first ^ value.first) | (middle ^ value.middle) | (last ^ value.last)
                | UInt64(length ^ UInt8(truncatingIfNeeded: value.length)) == 0
        }
    }

    /// How often the values of a step were not found.
    struct Tally: BitwiseCopyable {
        var misses: Int32 = 0
        var isGivenUp = false
        /// The number of rows when misses were counted last.
        var rows = 0
    }

    private var rows = 0
    /// Whether anything is remembered yet.
    private(set) var isOpen = false
    // The row before which remembering begins.
    private static let firstRow = 16

    init(stepCount: Int) {
        places = PlainArray(capacity: 1)
        tallies = PlainArray(capacity: stepCount)
        tallies.append(repeating: Tally(isGivenUp: true), count: stepCount)
    }

    /// Counts a row.
    @inline(__always)
    mutating func beginRow() {
        rows &+= 1
        if rows == Self.firstRow { open() }
    }

    @inline(never)
    private mutating func open() {
        isOpen = true
        places.append(repeating: Place(), count: tallies.count << Self.placeBits)
        for step in 0..<tallies.count { tallies[step] = Tally(rows: rows) }
    }

    /// Whether the values of a step are worth remembering.
    @inline(__always)
    func remembers(_ step: Int) -> Bool { !tallies[step].isGivenUp }

    /// Where a value of a step is, or would be.
    @inline(__always)
    func place(of value: ValueWords, _ step: Int) -> Int {
        step &<< Self.placeBits &+ Int(truncatingIfNeeded: value.hash &>> UInt64(64 &- Self.placeBits))
    }

    /// Whether a place holds the value.
    @inline(__always)
    func holds(_ value: ValueWords, at place: Int) -> Bool { places[place].holds(value) }

    /// What was made of the value at a place.
    @inline(__always)
    subscript(place: Int) -> Place { places[place] }

    /// Remembers what was made of a value.
    mutating func keep(_ value: ValueWords, _ made: Place, at place: Int) {
        var made = made
        (made.first, made.middle, made.last) = (value.first, value.middle, value.last)
        made.length = UInt8(truncatingIfNeeded: value.length)
        places[place] = made
    }

    /// Counts a value that was not there; from time to time, judges whether to go on: not where most rows had a new one.
    mutating func miss(_ step: Int) {
        tallies[step].misses &+= 1
        guard tallies[step].misses >= Self.trial else { return }
        tallies[step].isGivenUp = rows - tallies[step].rows < 2 * Int(Self.trial)
        tallies[step].misses = 0
        tallies[step].rows = rows
    }

    private static let trial: Int32 = 2048
}

/// A short value as words: equal words are equal values.
///
/// The length is one of them, and where the value does not fill the others they overlap, so that every byte is in one.
struct ValueWords: BitwiseCopyable {
    fileprivate var first: UInt64 = 0
    fileprivate var middle: UInt64 = 0
    fileprivate var last: UInt64 = 0
    fileprivate let length: UInt64

    /// nil for no bytes, and for more than ``ValueMemo/longestValue``.
    @inline(__always)
    init?(_ value: Span<UInt8>) {
        let count = value.count
        guard count > 0, count <= ValueMemo.longestValue else { return nil }
        length = UInt64(truncatingIfNeeded: count)
        if count >= 8 {
            first = value.word64(at: 0)
            last = value.word64(at: count &- 8)
            if count > 16 { middle = value.word64(at: 8) }
        } else if count >= 4 {
            first = value.word32(at: 0)
            last = value.word32(at: count &- 4)
        } else {
            first = UInt64(value[0])
            middle = UInt64(value[count &>> 1])
            last = UInt64(value[count &- 1])
        }
    }

    @inline(__always)
    fileprivate var hash: UInt64 {
        let mixed = (first &* 0x9E37_79B9_7F4A_7C15) ^ (middle &* 0xD6E8_FEB8_6659_FD93) ^ last ^ length
        return (mixed ^ mixed &>> 32) &* 0xA076_1D64_78BD_642F
    }
}
