import Findings

/// The machine below ``CSVReader``: finds the fields of one row, and can stop at any byte and go on with more.
///
/// All indices are relative to the start of the row. It remembers where it was, so every byte is looked at once; twice
/// where a quote turns out never to be closed.
struct CSVScanner: ~Copyable, Sendable {
    enum Outcome {
        case needsInput
        /// The row is complete: `consumed` bytes belong to it and its line end.
        case row
        /// A limit is broken: see `refusal`.
        case refused
    }

    /// What to do after a mark was dealt with.
    enum Step {
        /// Go on with the next mark.
        case go
        /// Go on at `next`; the marks found before do not count.
        case jump
        case done(Outcome)
    }

    enum Mode {
        case unquoted
        /// Behind an opening quote.
        case quoted
        /// Behind a closing quote, up to the end of the field.
        case afterQuote
    }

    enum LineEnd {
        case feed, carriageReturn, both
    }

    /// Something found in the row in progress.
    struct Note: Sendable {
        var kind: FindingKind
        var index: Int
    }

    /// A limit that the row breaks.
    struct Refusal: Sendable {
        var kind: FindingKind
        var index: Int
        var limit: Int
    }

    let limits: CSVLimits
    let marks: CSVMarks

    var fields = CSVFields()
    /// Texts that differ from their bytes, one behind the other.
    var scratch: [UInt8] = []
    var rewrites: [Range<Int>] = []
    var notes: [Note] = []
    var refusal: Refusal?
    /// Bytes of the complete row with its line end, and without.
    var consumed = 0
    var rowLength = 0
    /// Line ends inside the quoted fields of the row.
    var innerLines = 0
    var endsInLineEnd = false

    // Marks that were found and not dealt with: bit i is the byte at base + i. Behind them the search goes on at `next`.
    // They outlast the row, so that the bytes behind its end are not searched again.
    var mask: UInt64 = 0
    var base = 0
    var next = 0

    var mode = Mode.unquoted
    var fieldStart = 0
    // The field in progress is unquoted and has had neither a quote nor a NUL.
    var isPlain = true
    // The unquoted field in progress has had a quote, so that all its quotes are ordinary characters.
    var sawQuote = false
    // The first NUL of the field in progress.
    var firstNul: Int?
    // Of the quoted field in progress.
    var quoteIndex = 0
    var linesBeforeQuote = 0
    var hasEscapes = false
    var closingQuote = 0
    // Of the document.
    var firstLineEnd: LineEnd?
    var sawMixedLineEnds = false

    init(delimiter: CSVDelimiter, limits: CSVLimits) {
        self.limits = limits
        marks = CSVMarks(delimiter: delimiter)
    }

    /// Forgets the complete row; the next one begins behind it.
    mutating func beginRow() {
        fields.removeAll()
        if !rewrites.isEmpty {
            scratch.removeAll(keepingCapacity: scratch.capacity < 1 << 20)
            rewrites.removeAll(keepingCapacity: true)
        }
        base &-= consumed
        next &-= consumed
        consumed = 0
        fieldStart = 0
        innerLines = 0
    }

    /// Scans the row that begins at `start`.
    ///
    /// - Parameter isLast: The document ends with `buffer`.
    mutating func scan(_ buffer: [UInt8], from start: Int, isLast: Bool) -> Outcome {
        let bytes = buffer.span.extracting(start...)
        while true {
            if let outcome = scan(bytes, isLast: isLast) { return outcome }
        }
    }

    // Answers `nil` when the end of the bytes showed that a quote is never closed, and they are to be scanned again.
    private mutating func scan(_ bytes: Span<UInt8>, isLast: Bool) -> Outcome? {
        while true {
            while mask != 0 {
                if isPlain, marks.delimiterLength == 1 {
                    fields.appendPlain(
                        bytes, marks: &mask, base: base, start: &fieldStart, delimiter: marks.delimiterByte,
                        limits: limits)
                    if mask == 0 { break }
                }
                let index = base &+ mask.trailingZeroBitCount
                if passesQuote(bytes, at: index) { continue }
                if endsPlainRow(bytes, at: index) { return .row }
                switch deal(with: bytes, at: index, isLast: isLast) {
                case .go: mask &= mask &- 1
                case .jump: mask = 0
                case .done(let outcome): return outcome
                }
            }
            guard next < bytes.count else { break }
            base = next
            let found = marks.find(in: bytes, at: base)
            mask = found.mask
            next = base &+ found.width
        }
        return endOfBytes(bytes, isLast: isLast)
    }

    // The hot path of quoted fields: a quote that opens one, or that closes one with nothing remarkable in it.
    @inline(__always)
    private mutating func passesQuote(_ bytes: Span<UInt8>, at index: Int) -> Bool {
        guard bytes[index] == 0x22 else { return false }
        if isPlain, index == fieldStart {
            mask &= mask &- 1
            openQuote(at: index)
            return true
        }
        guard mode == .quoted, endsPlainQuotedField(bytes, at: index) else { return false }
        // The quote and the delimiter behind it.
        mask &= mask &- 1
        mask &= mask &- 1
        return true
    }

    // A quote and a delimiter of one byte, both found, behind a field with nothing remarkable in it.
    @inline(__always)
    private mutating func endsPlainQuotedField(_ bytes: Span<UInt8>, at index: Int) -> Bool {
        let end = index &+ 1
        guard end < next, end < bytes.count, bytes[end] == marks.delimiterByte, marks.delimiterLength == 1, !hasEscapes,
            firstNul == nil, end <= limits.rowSize, index &- fieldStart <= limits.fieldSize,
            fields.count < limits.columns
        else { return false }
        fields.append(CSVField(start: fieldStart, end: index, isQuoted: true))
        fieldStart = end &+ 1
        mode = .unquoted
        isPlain = true
        return true
    }

    // A line end behind an unquoted field with nothing remarkable in it.
    @inline(__always)
    private mutating func endsPlainRow(_ bytes: Span<UInt8>, at index: Int) -> Bool {
        // The LF of a CR that comes last is perhaps still to come.
        guard bytes[index] == 0x0A || bytes[index] == 0x0D && index &+ 1 < bytes.count, isPlain,
            index <= limits.rowSize, index &- fieldStart <= limits.fieldSize, fields.count < limits.columns
        else { return false }
        fields.append(CSVField(start: fieldStart, end: index))
        _ = finishRow(bytes, at: index)
        return true
    }

    @inline(never)
    private mutating func deal(with bytes: Span<UInt8>, at index: Int, isLast: Bool) -> Step {
        switch mode {
        case .unquoted: dealUnquoted(bytes, at: index, isLast: isLast)
        case .quoted: dealQuoted(bytes, at: index, isLast: isLast)
        case .afterQuote: dealAfterQuote(bytes, at: index, isLast: isLast)
        }
    }

    private mutating func dealUnquoted(_ bytes: Span<UInt8>, at index: Int, isLast: Bool) -> Step {
        let byte = bytes[index]
        switch byte {
        case marks.delimiterByte:
            guard marks.isDelimiter(bytes, endingAt: index, from: fieldStart) else { return .go }
            guard endUnquoted(bytes, at: fieldEnd(before: index)) else { return .done(.refused) }
            fieldStart = index &+ 1
            return .go
        case 0x0A, 0x0D:
            if isUndecided(bytes, at: index, isLast: isLast) { return waitAt(index) }
            guard endUnquoted(bytes, at: index) else { return .done(.refused) }
            return finishRow(bytes, at: index)
        case 0x22:
            meetQuote(bytes, at: index)
            return .go
        case 0:
            if firstNul == nil { firstNul = index }
            isPlain = false
            return .go
        default:
            return .go
        }
    }

    /// Where the field before the delimiter ends whose last byte is at `index`.
    ///
    /// A delimiter of several bytes that crosses the row's limit is none: it must not matter whether all of it has come.
    func fieldEnd(before index: Int) -> Int {
        index > limits.rowSize ? index : index &+ 1 &- marks.delimiterLength
    }

    // Ends the unquoted field in progress; false when a limit is broken.
    private mutating func endUnquoted(_ bytes: Span<UInt8>, at end: Int) -> Bool {
        guard isAllowed(fieldUpTo: end) else { return false }
        sawQuote = false
        if firstNul == nil {
            fields.append(CSVField(start: fieldStart, end: end))
            isPlain = true
        } else {
            rewrite(bytes, isQuoted: false, end: end)
        }
        return true
    }

    /// Whether the field in progress may end at `end`; if not, `refusal` says why.
    ///
    /// The row's limit comes first, so that it does not matter how much of the row was there when a field ended.
    ///
    /// - Parameter size: Bytes of its value, where those are not all up to there.
    mutating func isAllowed(fieldUpTo end: Int, size: Int? = nil) -> Bool {
        if end > limits.rowSize {
            refusal = Refusal(kind: .csvRowTooLarge, index: 0, limit: limits.rowSize)
        } else if size ?? (end - fieldStart) > limits.fieldSize {
            refusal = Refusal(kind: .csvFieldTooLarge, index: fieldStart, limit: limits.fieldSize)
        } else if fields.count >= limits.columns {
            refusal = Refusal(kind: .csvTooManyColumns, index: fieldStart, limit: limits.columns)
        } else {
            return true
        }
        return false
    }

    /// A CR is the last byte there is: whether an LF belongs to it is not known yet.
    func isUndecided(_ bytes: Span<UInt8>, at index: Int, isLast: Bool) -> Bool {
        bytes[index] == 0x0D && index + 1 == bytes.count && !isLast && index <= limits.rowSize
    }

    /// Asks for input and looks at the byte at `index` again when it is there.
    mutating func waitAt(_ index: Int) -> Step {
        mask = 0
        next = index
        return .done(.needsInput)
    }

    /// Completes the row, whose last field has ended, at the line end at `index`.
    mutating func finishRow(_ bytes: Span<UInt8>, at index: Int) -> Step {
        mask &= mask &- 1
        var lineEnd = LineEnd.feed
        consumed = index + 1
        if bytes[index] == 0x0D {
            lineEnd = .carriageReturn
            if index + 1 < bytes.count, bytes[index + 1] == 0x0A {
                lineEnd = .both
                consumed = index + 2
                // The LF is the next mark, or the search goes on behind it.
                if consumed <= next { mask &= mask &- 1 } else { next = consumed }
            }
        }
        if lineEnd != firstLineEnd { noteLineEnd(lineEnd, at: index) }
        rowLength = index
        endsInLineEnd = true
        return .done(.row)
    }

    private mutating func noteLineEnd(_ lineEnd: LineEnd, at index: Int) {
        guard firstLineEnd != nil else {
            firstLineEnd = lineEnd
            return
        }
        guard !sawMixedLineEnds else { return }
        sawMixedLineEnds = true
        notes.append(Note(kind: .csvMixedLineEnds, index: index))
    }

    // All bytes were searched and no line end was found.
    private mutating func endOfBytes(_ bytes: Span<UInt8>, isLast: Bool) -> Outcome? {
        guard isLast || bytes.count > limits.rowSize else { return .needsInput }
        switch mode {
        case .unquoted:
            guard endUnquoted(bytes, at: bytes.count) else { return .refused }
        case .afterQuote:
            if let step = endQuoted(bytes, at: bytes.count) {
                guard case .done(let outcome) = step else { return nil }
                return outcome
            }
        case .quoted:
            leaveQuoteOut()
            return nil
        }
        consumed = bytes.count
        rowLength = bytes.count
        endsInLineEnd = false
        return .row
    }
}
