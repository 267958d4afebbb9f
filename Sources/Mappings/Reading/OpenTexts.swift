import Findings
import XMLFilings

/// The open elements whose text is wanted, and their text so far.
///
/// Text is copied only where it does not stand in the document in one piece, or the reader is about to drop it.
struct OpenTexts: ~Copyable {
    /// One of them.
    struct One: BitwiseCopyable {
        /// Where the element begins in the text.
        var offset: Int
        /// The same, counted, once the text from there on has been settled: which of the known places; otherwise -1.
        fileprivate(set) var known: Int32 = -1
        /// Whether its text was longer than a value may be.
        fileprivate(set) var isTooLong = false
        /// Where its text stands in the document, while that is all there is; otherwise -1.
        fileprivate(set) var start = -1
        fileprivate(set) var end = -1
        // What is copied begins here, and goes on to where the next one's begins.
        fileprivate var copy: Int
    }

    private var open = PlainArray<One>()
    private var copied = PlainArray<UInt8>(capacity: 256)
    private var places = PlainArray<SourcePlace>(capacity: 8)
    // Where the innermost one begins as long as it is not among the others, because there is nothing of its text; or -1.
    private var fresh = -1

    /// Whether there is nothing yet of the text of the innermost one, and it has not been settled.
    var isFresh: Bool { fresh >= 0 }

    var isEmpty: Bool { fresh < 0 && open.count == 0 }

    /// An element begins.
    @inline(__always)
    mutating func begin(at offset: Int) {
        if fresh >= 0 { keepFresh() }
        fresh = offset
    }

    /// The innermost one ends, of whose text there is nothing; where it begins.
    @inline(__always)
    mutating func endFresh() -> Int {
        let offset = fresh
        fresh = -1
        return offset
    }

    private mutating func keepFresh() {
        guard fresh >= 0 else { return }
        open.append(One(offset: fresh, copy: copied.count))
        fresh = -1
    }

    /// Takes a piece of the reader's text for the innermost one.
    mutating func take(_ reader: borrowing XMLReader, _ stretch: XMLStretch, limit: Int) {
        keepFresh()
        var one = open[open.count - 1]
        guard !one.isTooLong else { return }
        let count = reader.bytes(stretch).count
        if one.start < 0, copied.count == one.copy, stretch.isLiteral, count <= limit {
            (one.start, one.end) = (stretch.start, stretch.end)
        } else {
            let length = copied.count - one.copy + one.end - one.start + count
            copyLiteral(&one, reader)
            if length <= limit { copied.append(reader.bytes(stretch)) } else { one.isTooLong = true }
            if one.isTooLong { copied.truncate(to: one.copy) }
        }
        open[open.count - 1] = one
    }

    private mutating func copyLiteral(_ one: inout One, _ reader: borrowing XMLReader) {
        guard one.start >= 0 else { return }
        copied.append(reader.bytes(from: one.start, to: one.end))
        (one.start, one.end) = (-1, -1)
    }

    /// The innermost element ends. What was copied of its text is there until ``drop(_:)``.
    mutating func end() -> One {
        keepFresh()
        let one = open[open.count - 1]
        open.truncate(to: open.count - 1)
        return one
    }

    /// Forgets the text of an element that has ended.
    mutating func drop(_ one: One) {
        copied.truncate(to: one.copy)
        if isEmpty { places.removeAll() }
    }

    /// What was copied of the text of the element that has just ended.
    @_lifetime(borrow self)
    borrowing func bytes(_ one: One) -> Span<UInt8> {
        copied.span.extracting(one.copy..<copied.count)
    }

    /// Where an element begins, once that has been settled.
    func place(_ one: One) -> SourcePlace? {
        one.known < 0 ? nil : places[Int(one.known)]
    }

    /// Takes everything that the reader is about to drop.
    mutating func settle(_ reader: inout XMLReader, _ pending: PendingText) {
        keepFresh()
        guard open.count > 0 else { return }
        copyLiterals(reader)
        var tracker = PlaceTracker(at: pending.start ?? .start)
        for index in 0..<open.count where open[index].known < 0 {
            let offset = open[index].offset
            open[index].known = Int32(places.count)
            places.append(
                reader.canPlace(offset: offset)
                    ? reader.place(ofOffset: offset) : pending.place(of: offset, from: &tracker, reader))
        }
    }

    // What was copied before the first text that still stands in the document stays where it is: a text that comes in
    // many pieces is not moved with each of them.
    private mutating func copyLiterals(_ reader: borrowing XMLReader) {
        var first = 0
        while first < open.count, open[first].start < 0 { first += 1 }
        guard first < open.count else { return }
        let total = copied.count
        let kept = first + 1 < open.count ? open[first + 1].copy : total
        var behind = PlainArray<UInt8>(capacity: total - kept)
        behind.append(copied.span.extracting(kept..<total))
        copied.truncate(to: kept)
        for index in first..<open.count {
            var one = open[index]
            if index > first {
                let end = index + 1 < open.count ? open[index + 1].copy : total
                let copy = copied.count
                copied.append(behind.span.extracting(one.copy - kept..<end - kept))
                one.copy = copy
            }
            copyLiteral(&one, reader)
            open[index] = one
        }
    }
}
