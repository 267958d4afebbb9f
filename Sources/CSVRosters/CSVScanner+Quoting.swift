import Findings

extension CSVScanner {
    /// A quote outside quotes: it opens a quoted field, or is an ordinary character.
    mutating func meetQuote(_ bytes: Span<UInt8>, at index: Int) {
        // A field whose first quote was ordinary has only ordinary ones.
        guard !sawQuote else { return }
        if index > fieldStart {
            guard isBlank(bytes, fieldStart..<index) else {
                isPlain = false
                sawQuote = true
                notes.append(Note(kind: .csvStrayQuote, index: index))
                return
            }
            notes.append(Note(kind: .csvBlankAroundQuote, index: fieldStart))
        }
        openQuote(at: index)
    }

    @inline(__always)
    mutating func openQuote(at index: Int) {
        isPlain = false
        mode = .quoted
        quoteIndex = index
        linesBeforeQuote = innerLines
        hasEscapes = false
        fieldStart = index + 1
    }

    mutating func dealQuoted(_ bytes: Span<UInt8>, at index: Int, isLast: Bool) -> Step {
        // A quote is searched for its end as far as a row may reach, however many more bytes have come.
        guard index <= limits.rowSize else { return leaveQuoteOut() }
        switch bytes[index] {
        case 0x22:
            guard index + 1 < bytes.count else {
                if !isLast { return waitAt(index) }
                return closeQuote(at: index)
            }
            guard bytes[index + 1] == 0x22 else { return closeQuote(at: index) }
            hasEscapes = true
            // The second quote of the pair is the next mark, or the search goes on behind it.
            if index + 1 < next { mask &= mask &- 1 } else { next = index + 2 }
        case 0x0A:
            if bytes[index - 1] != 0x0D { innerLines += 1 }
        case 0x0D:
            innerLines += 1
        case 0:
            if firstNul == nil { firstNul = index }
        default:
            break
        }
        return .go
    }

    private mutating func closeQuote(at index: Int) -> Step {
        mode = .afterQuote
        closingQuote = index
        return .go
    }

    /// From behind the closing quote to the end of the field, which is usually the next byte.
    mutating func dealAfterQuote(_ bytes: Span<UInt8>, at index: Int, isLast: Bool) -> Step {
        switch bytes[index] {
        case marks.delimiterByte:
            guard marks.isDelimiter(bytes, endingAt: index, from: closingQuote + 1) else { return .go }
            if let step = endQuoted(bytes, at: fieldEnd(before: index)) { return step }
            fieldStart = index + 1
        case 0x0A, 0x0D:
            if isUndecided(bytes, at: index, isLast: isLast) { return waitAt(index) }
            return endQuoted(bytes, at: index) ?? finishRow(bytes, at: index)
        case 0:
            if firstNul == nil { firstNul = index }
        default:
            break
        }
        return .go
    }

    /// Ends the quoted field in progress. Answers `nil` when that is done, else what to do instead: always so when the
    /// field goes beyond the row's limit, and by the bytes up to there alone, however many more have come.
    mutating func endQuoted(_ bytes: Span<UInt8>, at end: Int) -> Step? {
        let tail = closingQuote + 1..<end
        let hasText = !tail.isEmpty && !isBlank(bytes, tail.clamped(to: 0..<limits.rowSize + 1))
        if hasText, innerLines > linesBeforeQuote, looksLikeOpening(bytes, at: closingQuote) { return leaveQuoteOut() }
        let size = hasText ? end - fieldStart : valueSize(bytes)
        guard isAllowed(fieldUpTo: end, size: size) else { return .done(.refused) }
        if !tail.isEmpty {
            notes.append(Note(kind: hasText ? .csvTextAfterQuote : .csvBlankAroundQuote, index: tail.lowerBound))
        }
        if !hasText, !hasEscapes, firstNul == nil {
            fields.append(CSVField(start: fieldStart, end: closingQuote, isQuoted: true))
            isPlain = true
        } else {
            rewrite(bytes, isQuoted: true, end: hasText ? end : closingQuote)
        }
        mode = .unquoted
        sawQuote = false
        return nil
    }

    // The value of the quoted field in progress: a pair of quotes is one. It is looked at again only where that decides.
    private func valueSize(_ bytes: Span<UInt8>) -> Int {
        var size = closingQuote - fieldStart
        guard hasEscapes, size > limits.fieldSize, closingQuote <= limits.rowSize else { return size }
        var index = fieldStart
        while index < closingQuote {
            let isPair = bytes[index] == 0x22
            if isPair { size -= 1 }
            index += isPair ? 2 : 1
        }
        return size
    }

    // A "closing" quote on a later line that stands where a field begins, with text behind it, opens that field: the quote
    // before it was never closed.
    private func looksLikeOpening(_ bytes: Span<UInt8>, at index: Int) -> Bool {
        let before = bytes[index - 1]
        return before == 0x0A || before == 0x0D || marks.isDelimiter(bytes, endingAt: index - 1, from: fieldStart)
    }

    /// Goes back to a quote that is never closed and reads its line again, with the quote left out.
    @discardableResult
    mutating func leaveQuoteOut() -> Step {
        while let last = notes.last, last.index > quoteIndex { notes.removeLast() }
        notes.append(Note(kind: .csvQuoteNeverClosed, index: quoteIndex))
        mode = .unquoted
        isPlain = false
        sawQuote = true
        innerLines = linesBeforeQuote
        firstNul = nil
        fieldStart = quoteIndex + 1
        next = fieldStart
        mask = 0
        return .jump
    }

    /// Writes the text of a field that differs from its bytes: pairs of quotes become one, NULs go, and text behind a
    /// closing quote is joined. When that text ends in a quote, the quotes before it were meant as text.
    mutating func rewrite(_ bytes: Span<UInt8>, isQuoted: Bool, end: Int) {
        let start = scratch.count
        let closing = isQuoted ? closingQuote : end
        var index = fieldStart
        while index < closing {
            let byte = bytes[index]
            if byte != 0 { scratch.append(byte) }
            index += isQuoted && byte == 0x22 ? 2 : 1
        }
        if end > closing {
            let isInner = bytes[end - 1] == 0x22
            if isInner { scratch.append(0x22) }
            for index in closing + 1..<(isInner ? end - 1 : end) where bytes[index] != 0 {
                scratch.append(bytes[index])
            }
        }
        if let firstNul { notes.append(Note(kind: .csvNulByte, index: firstNul)) }
        firstNul = nil
        isPlain = true
        fields.append(CSVField(start: fieldStart, end: rewrites.count, isQuoted: isQuoted, isRewritten: true))
        rewrites.append(start..<scratch.count)
    }

    private func isBlank(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where bytes[index] != 0x20 && bytes[index] != 0x09 { return false }
        return true
    }
}
