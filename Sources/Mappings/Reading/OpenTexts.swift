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
        /// The same, once the text from there on has been settled.
        var known: SourcePlace?
        // Where its text stands in the document, while that is all there is; -1.
        private var rangeStart = -1
        private var rangeEnd = -1
        /// What is copied begins here, and goes on to where the next one's begins.
        var start: Int
        var isTooLong = false

        init(offset: Int, start: Int) {
            self.offset = offset
            self.start = start
        }

        /// Where its text stands in the document, while that is all there is.
        var range: Range<Int>? {
            @inline(__always) get { rangeStart < 0 ? nil : rangeStart..<rangeEnd }
            set { (rangeStart, rangeEnd) = newValue.map { ($0.lowerBound, $0.upperBound) } ?? (-1, -1) }
        }
    }

    private var open = PlainArray<One>()
    private var copied = PlainArray<UInt8>(capacity: 256)

    var isEmpty: Bool { open.count == 0 }

    /// An element begins.
    mutating func begin(at offset: Int) {
        open.append(One(offset: offset, start: copied.count))
    }

    /// Takes the reader's piece of text for the innermost one.
    mutating func take(_ reader: borrowing XMLReader, limit: Int) {
        var one = open[open.count - 1]
        if one.range == nil, copied.count == one.start, let range = reader.textRange, range.count <= limit {
            one.range = range
        } else {
            let length = copied.count - one.start + (one.range?.count ?? 0) + reader.text.count
            copyRange(&one, reader)
            if length <= limit { copied.append(reader.text) } else { one.isTooLong = true }
        }
        open[open.count - 1] = one
    }

    private mutating func copyRange(_ one: inout One, _ reader: borrowing XMLReader) {
        guard let range = one.range else { return }
        copied.append(reader.bytes(range))
        one.range = nil
    }

    /// The innermost element ends. What was copied of its text is there until ``drop(_:)``.
    mutating func end() -> One {
        let one = open[open.count - 1]
        open.truncate(to: open.count - 1)
        return one
    }

    /// Forgets the text of an element that has ended.
    mutating func drop(_ one: One) {
        copied.truncate(to: one.start)
    }

    /// What was copied of the text of the element that has just ended.
    @_lifetime(borrow self)
    borrowing func bytes(_ one: One) -> Span<UInt8> {
        copied.span.extracting(one.start..<copied.count)
    }

    /// Takes everything that the reader is about to drop.
    mutating func settle(_ reader: borrowing XMLReader, _ pending: PendingText) {
        guard open.count > 0 else { return }
        var settled = PlainArray<UInt8>(capacity: copied.count + 64)
        var tracker = PlaceTracker(at: pending.start ?? .start)
        for index in 0..<open.count {
            var one = open[index]
            let end = index + 1 < open.count ? open[index + 1].start : copied.count
            let start = settled.count
            settled.append(copied.span.extracting(one.start..<end))
            if let range = one.range { settled.append(reader.bytes(range)) }
            (one.start, one.range) = (start, nil)
            if one.known == nil { one.known = pending.place(of: one.offset, from: &tracker, reader) }
            open[index] = one
        }
        copied = settled
    }
}
