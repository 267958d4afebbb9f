/// A short value with its spelling evened out, on the stack: full width becomes half width, invisible characters go, blanks
/// go or collapse, and what spreadsheets put around a value to keep it text is taken off.
///
/// Codes, dates and numbers are read from this. Chinese characters stay as they are, in UTF-8.
struct FoldedValue {
    /// Bytes that are kept; no code, date or number is longer.
    static let capacity = 96

    /// What happens to blanks inside the value; those at its ends always go.
    enum Blanks {
        case drop
        case collapse
        /// As `drop`, but between two digits a blank becomes the comma that separates groups of them, and a line break a
        /// blank: `1 234` is one number, `86 90` and two lines are two.
        case separate
    }

    private var storage = InlineArray<96, UInt8>(repeating: 0)
    /// Bytes in use.
    private(set) var count = 0
    /// The value did not fit; what is here is only its beginning.
    private(set) var overflowed = false
    // What a blank becomes before the next character; 0 for nothing.
    private var pending: UInt8 = 0

    /// Folds `raw`; more than ``capacity`` bytes set ``overflowed``.
    init(_ raw: Span<UInt8>, blanks: Blanks = .drop) {
        var index = Self.start(of: raw)
        let end = Self.end(of: raw, from: index)
        while index < end, !overflowed {
            let byte = raw[index]
            if byte &- 0x21 < 0x5E {
                if pending != 0 { appendPending(before: byte, blanks) }
                append(byte: byte)
                index += 1
                continue
            }
            let scalar = Scalars.next(in: raw, at: &index, end: end)
            switch Folding.of(scalar) {
            case .removed: continue
            case .blank: if count > 0 { meetBlank(scalar, blanks) }
            case .kept(let value):
                if pending != 0 { appendPending(before: UInt8(clamping: value), blanks) }
                append(value)
            }
        }
        unquote()
    }

    /// The folded bytes.
    var span: Span<UInt8> {
        @_lifetime(borrow self)
        borrowing get { storage.span.extracting(0..<count) }
    }

    /// The byte at `index`, or 0 behind the end.
    subscript(index: Int) -> UInt8 {
        index < count ? storage[index] : 0
    }

    /// Whether nothing is left.
    var isEmpty: Bool { count == 0 }

    /// Cuts the value to its first `count` bytes.
    mutating func truncate(to count: Int) {
        self.count = min(self.count, count)
    }

    /// Removes the first `length` bytes.
    mutating func removeFirst(_ length: Int) {
        guard length > 0, length <= count else { return }
        for index in length..<max(length, count) { storage[index - length] = storage[index] }
        count -= length
    }

    /// Appends one ASCII byte, if there is room.
    mutating func append(byte: UInt8) {
        guard count < Self.capacity else {
            overflowed = true
            return
        }
        storage[count] = byte
        count += 1
    }

    /// Removes every occurrence of an ASCII byte.
    mutating func remove(_ byte: UInt8) {
        var kept = 0
        for index in 0..<count where storage[index] != byte {
            storage[kept] = storage[index]
            kept += 1
        }
        count = kept
    }

    /// Turns ASCII letters into capitals.
    mutating func uppercase() {
        for index in 0..<count where storage[index] >= 0x61 && storage[index] <= 0x7A { storage[index] -= 0x20 }
    }

    private mutating func meetBlank(_ scalar: UInt32, _ blanks: Blanks) {
        switch blanks {
        case .drop: break
        case .collapse: pending = 0x20
        case .separate:
            let isLineBreak = (0x0A...0x0D).contains(scalar) || scalar == 0x85 || scalar == 0x2028 || scalar == 0x2029
            pending = isLineBreak || pending == 0x20 ? 0x20 : 0x2C
        }
    }

    private mutating func appendPending(before next: UInt8, _ blanks: Blanks) {
        let isWanted = blanks == .collapse || self[count - 1] &- 0x30 <= 9 && next &- 0x30 <= 9
        if isWanted { append(byte: pending) }
        pending = 0
    }

    private mutating func append(_ scalar: UInt32) {
        if scalar < 0x80 {
            append(byte: UInt8(truncatingIfNeeded: scalar))
        } else {
            Scalars.encode(scalar) { append(byte: $0) }
        }
    }

    // A leading apostrophe, tab or accent is how people tell a spreadsheet that a number is text.
    private mutating func unquote() {
        while count > 0, storage[0] == 0x27 || storage[0] == 0x60 { removeFirst(1) }
        if count >= 2, storage[0] == 0x3D, storage[1] == 0x22 { removeFirst(1) }
        if count >= 2, storage[0] == 0x22, storage[count - 1] == 0x22 {
            removeFirst(1)
            count -= 1
        }
    }

    private static func start(of raw: Span<UInt8>) -> Int {
        var index = 0
        while index < raw.count, raw[index] <= 0x20 { index += 1 }
        return index
    }

    private static func end(of raw: Span<UInt8>, from start: Int) -> Int {
        var end = raw.count
        while end > start, raw[end - 1] <= 0x20 { end -= 1 }
        return end
    }
}
