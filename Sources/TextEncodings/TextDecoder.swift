public import Findings

/// Decodes a document to UTF-8 as it streams by.
///
/// All of every piece of input is taken; the beginning of a character that the end of a piece cuts is kept until the next
/// one. A byte order mark is removed. What the encoding does not allow becomes U+FFFD, and never without a fault.
/// Memory: a few kilobytes, plus the history (see ``releaseHistory(before:)``) unless the document is faultless UTF-8.
public struct TextDecoder: Sendable {
    /// What the document is decoded from.
    public let encoding: TextEncoding
    /// The faults so far, or since ``takeFaults()``; no more than the limit are kept.
    public private(set) var faults: [DecodingFault] = []
    /// How many invalid sequences there were, kept or not; a cut last character is one of them.
    public private(set) var invalidCount = 0
    /// How many private-use characters there were, kept or not.
    public private(set) var privateUseCount = 0
    /// Bytes of the document that were taken so far.
    public private(set) var originalCount = 0
    /// Bytes of UTF-8 that were written so far.
    public private(set) var utf8Count = 0

    private let faultLimit: Int
    private var keptFaults = 0
    private var history: DecodingHistory
    // Bytes taken but not decoded: a cut character, or the start of the document until its mark is known.
    private var held: [UInt8] = []
    private var isPastMark = false
    private var block = DecodedBlock()

    /// Starts a document.
    ///
    /// - Parameters:
    ///   - encoding: What it is in.
    ///   - faultLimit: How many faults of the document are kept; the rest are counted.
    ///   - historySize: How many bytes of output offsets can be translated back for, when nothing is released.
    public init(
        from encoding: TextEncoding, faultLimit: Int = Limits.findingsPerFiling, historySize: Int = 8 << 20
    ) {
        self.encoding = encoding
        self.faultLimit = faultLimit
        self.history = DecodingHistory(encoding: encoding, size: historySize)
    }

    /// Decodes the next bytes of the document and appends the text to `output`.
    ///
    /// - Parameters:
    ///   - input: Any number of bytes, cut anywhere.
    ///   - output: Where the UTF-8 goes: at most three bytes for each byte of input.
    ///   - isLast: The document ends with these bytes. May be said with empty input.
    public mutating func decode(_ input: Span<UInt8>, into output: inout [UInt8], isLast: Bool) {
        originalCount += input.count
        var start = 0
        while !isPastMark {
            guard start < input.count, held.count < 4 else {
                guard held.count == 4 || isLast else { return }
                removeMark()
                break
            }
            held.append(input[start])
            start += 1
        }
        reserve(input.count - start, in: &output)
        if !held.isEmpty { start = decodeHeld(with: input, from: start, into: &output, isLast: isLast) }
        while start < input.count {
            let end = min(input.count, start + DecodedBlock.inputSize)
            let isEnd = end == input.count
            let taken = run(input.extracting(start..<end), into: &output, isLast: isLast && isEnd)
            start += taken
            guard isEnd else { continue }
            for index in start..<end { held.append(input[index]) }
            break
        }
    }

    /// Decodes the beginning of the next bytes where it comes out as it is, without copying it: faultless UTF-8 in a document
    /// that has no fault so far. It ends between two characters.
    ///
    /// - Parameter input: As for ``decode(_:into:isLast:)``, which has to take what remains of it.
    /// - Returns: How many bytes were decoded; 0 where they have to be copied.
    public mutating func pass(_ input: Span<UInt8>) -> Int {
        guard encoding == .utf8, isPastMark, held.isEmpty, history.isIdentical else { return 0 }
        let passed = input.extracting(..<UTF8Scan.scan(input, from: 0, stopsAtPrivateUse: true).index)
        originalCount += passed.count
        utf8Count += passed.count
        history.add(passed, utf8Count: passed.count)
        return passed.count
    }

    /// Whether ``pass(_:)`` can decode what comes behind the next few bytes.
    public var canPass: Bool { encoding == .utf8 && history.isIdentical }

    /// Hands over the faults that are kept and forgets them; the counts stay.
    public mutating func takeFaults() -> [DecodingFault] {
        defer { faults.removeAll(keepingCapacity: true) }
        return faults
    }

    /// The place in the document as it was filed that an offset in the UTF-8 output came from.
    ///
    /// Exact for all output within the history; before that, an estimate in proportion. An offset inside a character gives
    /// the start of that character; the end of the output gives the first byte that was not decoded yet.
    /// Costs a walk over at most some 8 KiB.
    public func originalOffset(ofUTF8Offset offset: Int) -> Int {
        guard offset < utf8Count else { return originalCount - held.count }
        return history.originalOffset(ofUTF8Offset: max(0, offset))
    }

    /// Says that no offset below `offset` will be asked for any more, so that the history can be dropped up to there.
    ///
    /// A reader's driver says it with the offset of the oldest byte that the reader still holds; the history is then as
    /// small as the reader's buffer.
    public mutating func releaseHistory(before offset: Int) {
        history.release(before: offset)
    }

    private mutating func removeMark() {
        isPastMark = true
        let mark = encoding.byteOrderMark
        var length = 0
        if held.starts(with: mark) {
            length = mark.count
            held.removeFirst(length)
        }
        history.start(after: length)
    }

    // Decodes what was held with a few bytes of the new piece; the index at which to go on in that piece.
    private mutating func decodeHeld(
        with input: Span<UInt8>, from start: Int, into output: inout [UInt8], isLast: Bool
    ) -> Int {
        let end = min(input.count, start + 8)
        let heldCount = held.count
        var joined = held
        for index in start..<end { joined.append(input[index]) }
        held = []
        let taken = run(joined.span, into: &output, isLast: isLast && end == input.count)
        guard taken < heldCount else { return start + taken - heldCount }
        // No character is longer than four bytes, so this piece is used up and still too short.
        held = Array(joined[taken...])
        return input.count
    }

    private mutating func reserve(_ inputCount: Int, in output: inout [UInt8]) {
        let likely = output.count + inputCount + inputCount / 2 + 64
        if output.capacity < likely { output.reserveCapacity(max(likely, 2 * output.capacity)) }
    }

    // Decodes one block; the number of bytes that were decoded, all but a cut character.
    private mutating func run(_ input: Span<UInt8>, into output: inout [UInt8], isLast: Bool) -> Int {
        var index = 0
        while index < input.count {
            switch advance(over: input, from: &index, into: &output) {
            case .end:
                return index
            case .incomplete:
                guard isLast else { return index }
                fault(.cutAtEnd, input, &index, length: input.count - index, scalar: 0xFFFD, into: &output)
            case .invalid(let length):
                fault(.invalid, input, &index, length: length, scalar: 0xFFFD, into: &output)
            case .privateUse(let scalar, let length):
                fault(.privateUse, input, &index, length: length, scalar: scalar, into: &output)
            }
        }
        return index
    }

    // Decodes as far as nothing is remarkable.
    private mutating func advance(
        over input: Span<UInt8>, from index: inout Int, into output: inout [UInt8]
    ) -> DecodingStop {
        let start = index
        guard encoding != .utf8 else {
            let stop = UTF8Scan.scan(input, from: start, stopsAtPrivateUse: true)
            index = stop.index
            let text = input.extracting(start..<index)
            history.add(text, utf8Count: text.count)
            output.append(copying: text)
            utf8Count += text.count
            return stop.reason
        }
        block.count = 0
        let stop = block.decode(input, from: &index, encoding: encoding)
        history.add(input.extracting(start..<index), utf8Count: block.count)
        output.append(contentsOf: block.bytes[0..<block.count])
        utf8Count += block.count
        return stop
    }

    private mutating func fault(
        _ kind: DecodingFault.Kind, _ input: Span<UInt8>, _ index: inout Int, length: Int, scalar: UInt32,
        into output: inout [UInt8]
    ) {
        let bytes = input.extracting(index..<index + length)
        if kind == .privateUse { privateUseCount += 1 } else { invalidCount += 1 }
        if keptFaults < faultLimit {
            keptFaults += 1
            var copy: [UInt8] = []
            for position in 0..<length { copy.append(bytes[position]) }
            faults.append(
                DecodingFault(
                    kind: kind, originalOffset: history.originalEnd, utf8Offset: utf8Count, bytes: copy))
        }
        block.count = 0
        block.append(scalar)
        if kind != .privateUse { history.noteReplacement() }
        history.add(bytes, utf8Count: block.count)
        output.append(contentsOf: block.bytes[0..<block.count])
        utf8Count += block.count
        index += length
    }
}
