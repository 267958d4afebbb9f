extension XMLMachine {
    // MARK: Learning

    /// Takes a token of the run in progress.
    mutating func note(_ token: XMLToken) {
        switch token {
        case .text: noteText()
        case .startElement: endRun(hasStart: true)
        case .endElement: break
        case .needsInput, .endOfDocument: run.start = -1
        }
    }

    // Text comes before the markup of a run. What it looks like is not part of the run, except that it is text.
    private mutating func noteText() {
        guard run.start >= 0, runs.ends.count == 0 else {
            run.start = -1
            return
        }
        let isWholeCDATA =
            run.text == .none && construct == .none && !text.isInScratch && text.start == run.start + 9
            && position == text.end + 3
        run.text = isWholeCDATA ? .cdata : .plain
        run.start = isWholeCDATA ? text.end : position
    }

    /// Ends the run in progress with the current token.
    mutating func endRun() {
        guard run.circumstances >= 0, !endIsPending, run.start != position else { return }
        endRun(hasStart: false)
    }

    private mutating func endRun(hasStart: Bool) {
        let number = hasStart || runs.ends.count > 0 ? numberOfRun(hasStart: hasStart) : -1
        if number >= 0, run.last >= 0 { runs.note(number, behind: run.last) }
        beginRun(behind: number)
    }

    private mutating func numberOfRun(hasStart: Bool) -> Int32 {
        guard run.start >= 0, elements.count > 0, construct == .none else { return -1 }
        let element = elements[elements.count - 1]
        guard !hasStart || element.outerScope == names.scope else { return -1 }
        let ended = runs.ends.count > 0 ? runs.ends[runs.ends.count - 1] : 0
        let new = RunTable.Run(
            text: run.text, hasStart: hasStart, isEmptyElement: hasStart && endIsPending,
            circumstances: run.circumstances, scope: names.scope, element: element,
            spelling: hasStart ? element.spelling : ended, name: name, tag: Int32(tokenStart - run.start))
        return runs.number(of: new, buffer, run.start, position, attributes)
    }

    private mutating func beginRun(behind last: Int32) {
        run.start = position
        run.text = .none
        run.last = last
        run.excess += 1
        runs.begin()
    }

    // MARK: Finding

    /// Passes over the known runs that come; how many, all of them in ``passed``.
    mutating func passRuns(in context: Int32) -> Int {
        passed.truncate(to: 0)
        guard run.start == position, !endIsPending, !textGoesOn, phase == .content, construct == .none,
            runs.ends.count == 0, failure == nil
        else {
            if run.circumstances < 0 { (run.circumstances, run.start) = (circumstances(context), -1) }
            return 0
        }
        guard context >= 0, run.excess < Self.mostExcess else {
            (run.circumstances, run.start) = (-1, -1)
            return 0
        }
        run.circumstances = circumstances(context)
        guard run.last >= 0 else { return 0 }
        runs.note(circumstances: run.circumstances, behind: run.last)
        return findRuns()
    }

    // What the caller does with a run: the context, and whether blank text is left out.
    private mutating func circumstances(_ context: Int32) -> Int32 {
        context < 0 ? -1 : context &<< 1 | (skipsBlankText ? 1 : 0)
    }

    private static var mostExcess: Int { 4096 }
    // So many that what they say stays near the processor.
    private static var mostPassed: Int { 128 }

    private mutating func findRuns() -> Int {
        attributes.truncate(to: 0)
        scratch.truncate(to: 0)
        passedValues.truncate(to: 0)
        var last = run.last
        var circumstances = run.circumstances
        while circumstances >= 0, passed.count < Self.mostPassed {
            let number = findRun(behind: last, circumstances)
            guard number >= 0 else { break }
            last = number
            circumstances = runs.list[Int(number)].next
        }
        if passed.count > 0 { finishRuns(last) }
        return passed.count
    }

    @inline(__always)
    private mutating func findRun(behind last: Int32, _ circumstances: Int32) -> Int32 {
        let followers = 4 &* Int(last)
        var plainEnd = -1
        for index in 0..<4 {
            let number = runs.followers[followers &+ index]
            guard number >= 0 else { return -1 }
            let known = runs.list[Int(number)]
            guard known.circumstances == circumstances, known.scope == names.scope, endsMatch(known) else { continue }
            let start = endOfText(known, &plainEnd)
            guard start >= 0 else { continue }
            let firstValue = passedValues.count
            var end = runs.endOfPiece(Int(known.firstPiece), buffer, start)
            if end >= 0, known.firstPiece < known.lastPiece { end = passValues(number, end) }
            guard end >= 0, end &- start &- Int(known.tag) <= limits.tagSize else {
                passedValues.truncate(to: firstValue)
                continue
            }
            pass(known, number, start, end, firstValue)
            if index > 0 { runs.promote(index, behind: last) }
            return number
        }
        return -1
    }

    // Where the text ends, if it is of the kind that the run has; otherwise -1. Plain text is scanned once.
    @inline(__always)
    private mutating func endOfText(_ known: RunTable.Run, _ plainEnd: inout Int) -> Int {
        // It has been read as a token of its own, which may have been more than one plain piece.
        if run.text != .none { return known.text == .plain ? position : -1 }
        switch known.text {
        case .none: return position
        case .plain:
            if plainEnd < 0 { plainEnd = endOfPlainText(skipsBlankText: known.circumstances & 1 != 0) }
            return plainEnd > position ? plainEnd : -1
        case .cdata: return endOfCDATA()
        }
    }

    // The end of the text that comes; `position` where there is none, or not one that is taken as it is.
    @inline(__always)
    private mutating func endOfPlainText(skipsBlankText: Bool) -> Int {
        let byte = buffer.peek(position)
        guard byte != UInt8(ascii: "<"), !skipsBlankText || !isSpace(byte) else { return position }
        let end = buffer.endOfPlainText(position)
        return buffer.peek(end) == UInt8(ascii: "<") && end &- position <= limits.textPieceSize ? end : position
    }

    private mutating func endOfCDATA() -> Int {
        // <![CDATA[
        guard buffer.words(position).x == 0x4154_4144_435B_213C, buffer.peek(position &+ 8) == UInt8(ascii: "[")
        else { return -1 }
        let end = buffer.endOfRun(position &+ 9, delimiter: UInt8(ascii: "]"))
        return end > position &+ 9 && end &- position < limits.textPieceSize ? end : -1
    }

    // Whether the innermost elements are those that the run ends, and it leads to no depth that is not allowed.
    @inline(__always)
    private mutating func endsMatch(_ known: RunTable.Run) -> Bool {
        let count = Int(known.endCount)
        let left = elements.count &- count
        guard left > 0, left < limits.depth else { return false }
        for index in 0..<count {
            guard elements[elements.count &- 1 &- index].key == runs.endKeys[Int(known.firstEnd) &+ index]
            else { return false }
        }
        return true
    }

    // A run comes, whose markup is `start..<end`, behind its text.
    @inline(__always)
    private mutating func pass(_ known: RunTable.Run, _ number: Int32, _ start: Int, _ end: Int, _ firstValue: Int) {
        let shift = textOffset(0)
        var found = XMLRun(
            number: number, firstAttribute: Int32(truncatingIfNeeded: firstValue),
            offset: shift &+ start &+ Int(known.tag))
        if run.text == .none, known.text != .none {
            found.textStart = shift &+ (known.text == .cdata ? position &+ 9 : position)
            found.textEnd = shift &+ start
        }
        passed.append(found)
        run.text = .none
        position = end
        elements.truncate(to: elements.count &- Int(known.endCount))
        if known.hasStart, !known.isEmptyElement { elements.append(known.element) }
    }

    // Passes the values and pieces behind the first piece of a run; the index behind them, or -1.
    private mutating func passValues(_ number: Int32, _ start: Int) -> Int {
        var piece = Int(runs.list[Int(number)].firstPiece)
        let last = Int(runs.list[Int(number)].lastPiece)
        var cursor = start
        while piece < last, cursor >= 0 {
            cursor = passValue(piece, cursor)
            if cursor < 0 { break }
            piece &+= 1
            cursor = runs.endOfPiece(piece, buffer, cursor)
        }
        return cursor
    }

    // The value behind a piece; the index of its closing quote, or -1 where `next` has to read it.
    @inline(__always)
    private mutating func passValue(_ piece: Int, _ first: Int) -> Int {
        let quote = runs.pieces[piece].quote
        let end = buffer.endOfPlainValue(first, quote: quote)
        if buffer.peek(end) != quote { return passBrokenValue(piece, first, firstStop: end) }
        guard end &- first <= limits.valueSize else { return -1 }
        addValue(piece, first, Slice(start: first, end: end))
        return end
    }

    private mutating func passBrokenValue(_ piece: Int, _ first: Int, firstStop: Int) -> Int {
        let copy = scratch.count
        guard let behind = try? rewriteValue(first, firstStop: firstStop, quote: runs.pieces[piece].quote),
            behind - 1 - first <= limits.valueSize
        else { return -1 }
        addValue(piece, first, Slice(start: copy, end: scratch.count, isInScratch: true))
        return behind - 1
    }

    @inline(__always)
    private mutating func addValue(_ piece: Int, _ first: Int, _ value: Slice) {
        let name = first &- Int(runs.pieces[piece].length) &+ Int(runs.pieces[piece].nameStart)
        passedValues.append(stretch(value, at: name))
    }

    // What `next` goes on from, behind the last of the runs.
    private mutating func finishRuns(_ last: Int32) {
        let known = runs.list[Int(last)]
        name = known.name
        depth = elements.count &+ (known.hasStart && !known.isEmptyElement ? 0 : 1)
        if known.hasStart, !known.isEmptyElement { names.began(known.spelling) } else { names.ended(known.spelling) }
        text = Slice()
        tokenStart = position
        tagSearch = TagSearch()
        run.start = position
        run.last = last
        run.excess = max(0, run.excess &- passed.count)
    }
}
