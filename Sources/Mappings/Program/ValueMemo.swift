import CanonicalRecords

/// What steps made of the values they have met: people fill columns with the same few hundred words and dates over and
/// over, so most fields are copied from here instead of being normalised, looked up and encoded again.
///
/// Only what needed no word said about it is remembered, and only short values with short results. A place is found by a
/// hash of the whole value and compared in full; a new value takes the place of an old one. Where the values of a step
/// hardly ever return, as numbers do, remembering them is given up.
struct ValueMemo: ~Copyable, Sendable {
    /// Bytes of the longest value that is remembered.
    static let longestValue = 24
    /// Bytes of the longest field that is remembered, its tag included.
    static let longestField = 32

    // The places of one step after those of another.
    private var places: PlainArray<Place>
    private var tallies: PlainArray<Tally>
    private static let placeBits = 8

    /// A value, and the field that it gave.
    struct Place: BitwiseCopyable {
        fileprivate var value = ValueWords()
        /// The field as it is written, tag and length included; what is behind ``size`` means nothing.
        var field: RecordBuffer.Words = (0, 0, 0, 0)
        var number: Int64 = 0
        var size: UInt8 = 0
        /// Where the payload begins within the field.
        var payload: UInt8 = 0
        var isText = false
        /// Whether the value means something, even where that is a zero, which is not written.
        var isWritten = false

        init() {}
    }

    private struct Tally: BitwiseCopyable {
        var hits: Int32 = 0
        var misses: Int32 = 0
        var isGivenUp = false
    }

    init(stepCount: Int) {
        places = PlainArray(capacity: stepCount << Self.placeBits)
        places.append(repeating: Place(), count: stepCount << Self.placeBits)
        tallies = PlainArray(capacity: stepCount)
        tallies.append(repeating: Tally(), count: stepCount)
    }

    /// Whether the values of a step are worth remembering.
    @inline(__always)
    func remembers(_ step: Int) -> Bool { !tallies[step].isGivenUp }

    /// Where a value of a step is, or would be.
    @inline(__always)
    func place(of value: ValueWords, _ step: Int) -> Int {
        step &<< Self.placeBits &+ Int(truncatingIfNeeded: value.hash &>> UInt64(64 &- Self.placeBits))
    }

    /// What is remembered at a place; nil when it is another value's.
    @inline(__always)
    mutating func find(_ value: ValueWords, at place: Int, _ step: Int) -> Place? {
        let found = places[place]
        guard found.value == value else { return nil }
        tallies[step].hits &+= 1
        return found
    }

    /// Remembers what was made of a value.
    mutating func keep(_ value: ValueWords, _ made: Place, at place: Int) {
        places[place] = made
        places[place].value = value
    }

    /// Counts a value that was not there; from time to time, judges whether to go on.
    mutating func miss(_ step: Int) {
        tallies[step].misses &+= 1
        guard tallies[step].misses >= Self.trial else { return }
        tallies[step].isGivenUp = tallies[step].hits < Self.trial
        tallies[step].hits = 0
        tallies[step].misses = 0
    }

    private static let trial: Int32 = 2048
}

/// A short value as words: equal words are equal values.
///
/// The length is one of them, and where the value does not fill the others they overlap, so that every byte is in one.
struct ValueWords: BitwiseCopyable, Equatable {
    private var first: UInt64 = 0
    private var middle: UInt64 = 0
    private var last: UInt64 = 0
    // Zero for no value at all.
    private var length: UInt64 = 0

    fileprivate init() {}

    /// nil for no bytes, and for more than ``ValueMemo/longestValue``.
    @inline(__always)
    init?(_ value: Span<UInt8>) {
        let count = value.count
        guard count &- 1 < ValueMemo.longestValue else { return nil }
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

    @inline(__always)
    static func == (left: ValueWords, right: ValueWords) -> Bool {
        (left.first ^ right.first) | (left.middle ^ right.middle) | (left.last ^ right.last)
            | (left.length ^ right.length) == 0
    }
}
